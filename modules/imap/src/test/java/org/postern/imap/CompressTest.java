package org.postern.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.Deflater;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.testkit.TlsClient;

/** COMPRESS and UNAUTHENTICATE: RFC 4978, RFC 8437. */
class CompressTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    /** A client behind COMPRESS: one compressed stream each way. */
    private static final class Compressed implements AutoCloseable {
        private final TlsClient client;
        private final Deflater deflater = new Deflater(9, true);
        private final Inflater inflater = new Inflater(true);
        private final InputStream in;

        Compressed(TlsClient client) {
            this.client = client;
            client.sendLine("z COMPRESS DEFLATE");
            assertThat(client.readLine()).isEqualTo("z OK Compression begins");
            in = new InflaterInputStream(client.in(), inflater);
        }

        byte[] deflated(String text) {
            deflater.setInput(text.getBytes(StandardCharsets.ISO_8859_1));
            var all = new ByteArrayOutputStream();
            var piece = new byte[1024];
            int count;
            do {
                count = deflater.deflate(piece, 0, piece.length, Deflater.SYNC_FLUSH);
                all.write(piece, 0, count);
            } while (count == piece.length);
            return all.toByteArray();
        }

        String readLine() throws IOException {
            var line = new ByteArrayOutputStream();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                assertThat(b).isNotNegative();
                line.write(b);
            }
            return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
        }

        @Override
        public void close() {
            client.close();
            deflater.end();
            inflater.end();
        }
    }

    @Test
    @DisplayName("RFC 4978 §3: both directions are compressed from the answer on, wherever the client's bytes are cut")
    void compresses() throws IOException {
        var person = IMAP.person().append("INBOX", "Subject: big\r\n\r\n" + "all the same ".repeat(20_000));
        try (var client = new Compressed(person.loggedIn())) {
            var commands = client.deflated("a1 SELECT INBOX\r\na2 COMPRESS DEFLATE\r\n");
            for (byte b : commands) { // Among them the four bytes of a flush, which stand for nothing.
                client.client.send(new byte[] {b});
            }
            while (!client.readLine().startsWith("a1 OK")) {}
            assertThat(client.readLine()).startsWith("a2 NO [COMPRESSIONACTIVE]");
            client.client.send(client.deflated("a3 FETCH 1 BODY.PEEK[TEXT]\r\n"));
            assertThat(client.readLine()).isEqualTo("* 1 FETCH (BODY[TEXT] {260000}");
            assertThat(new String(client.in.readNBytes(260_000), StandardCharsets.US_ASCII))
                    .isEqualTo("all the same ".repeat(20_000));
            assertThat(client.readLine()).isEqualTo(")");
            assertThat(client.readLine()).isEqualTo("a3 OK FETCH completed");
            // Idle in between: the server's deflater was given back each time.
            for (int i = 0; i < 3; i++) {
                client.client.send(client.deflated("b" + i + " IDLE\r\n"));
                assertThat(client.readLine()).isEqualTo("+ idling");
                client.client.send(client.deflated("DONE\r\n"));
                assertThat(client.readLine()).isEqualTo("b" + i + " OK IDLE completed");
            }
        }
    }

    @Test
    @DisplayName(
            "RFC 4978: bytes that stand for a thousand times as many meet the bounds like any others; damage ends it")
    void hostile() throws IOException {
        try (var client = new Compressed(IMAP.person().loggedIn())) {
            client.client.send(client.deflated("a1 " + "x".repeat(1 << 20)));
            assertThat(client.readLine()).isEqualTo("* BYE [TOOBIG] Command too long");
        }
        try (var client = new Compressed(IMAP.person().loggedIn())) {
            var noise = new byte[100];
            Arrays.fill(noise, (byte) 0xFF);
            client.client.send(noise);
            assertThat(client.client.in().read()).isNegative();
        }
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 COMPRESS LZ4
                    S: a1 BAD Unknown compression algorithm
                    C- a2 COMPRESS DEFLATE␍␊a3 NOOP␍␊
                    S: a2 BAD Nothing may follow COMPRESS before its answer
                    S: a3 OK NOOP completed
                    """);
        }
    }

    @Test
    @DisplayName(
            "RFC 8437 §3: UNAUTHENTICATE frees the slot and forgets what was selected and enabled; anybody may log in then")
    void unauthenticate() {
        var other = IMAP.person();
        try (var imap = IMAP.person().withMessages(1).clients()) {
            imap.let("other", other.address().toString())
                    .let("key", other.secret())
                    .plays("""
                    C: a1 ENABLE IMAP4rev2
                    S: * ENABLED IMAP4rev2
                    S: a1 OK ...
                    C: a2 SELECT INBOX
                    S: ...
                    S: a2 OK ...
                    C: a3 UNAUTHENTICATE
                    S: a3 OK UNAUTHENTICATE completed
                    C: a4 SELECT INBOX
                    S: a4 BAD ...
                    C: a5 LOGIN $other $key
                    S: a5 OK ...
                    C: a6 SELECT INBOX
                    S: * FLAGS ...
                    S: * OK [PERMANENTFLAGS ...
                    S: * 0 EXISTS
                    S: * 0 RECENT
                    S: * OK [UIDVALIDITY ...
                    S: * OK [UIDNEXT ...
                    S: * OK [MAILBOXID ...
                    S: * OK [HIGHESTMODSEQ ...
                    S: a6 OK ...
                    """);
        }
    }
}
