package org.postern.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.server.ServerProcess;
import org.postern.testkit.MailCorpus;

/** Large messages in bounded memory, on every protocol, many at once. */
class SmallHeapTest {
    private static final int CLIENTS = 9;
    private static final int SIZE = 30_000_000;

    @TempDir
    Path data;

    @Test
    @DisplayName("nine clients move 30 MB each in and out by IMAP, SMTP and POP3 at once, with -Xmx128m")
    void thirtyMegabytesEach() throws IOException, InterruptedException, ExecutionException {
        var message = new MailCorpus(30).large(SIZE);
        var digest = sha256(message);
        try (var server = ServerProcess.in(data).heap("128m").start();
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            TestMailbox.prepare(server);
            var mailboxes = new ArrayList<TestMailbox>();
            for (int i = 0; i < CLIENTS; i++) {
                mailboxes.add(TestMailbox.add(server, "big" + i));
            }
            var outcomes = new ArrayList<Future<String>>();
            for (var mailbox : mailboxes) {
                outcomes.add(threads.submit(inAndOut(mailbox, message)));
            }
            for (var outcome : outcomes) {
                assertThat(outcome.get()).isEqualTo(digest);
            }
            assertThat(server.log()).doesNotContain("OutOfMemoryError");
        }
    }

    private static Callable<String> inAndOut(TestMailbox mailbox, byte[] message) {
        return () -> {
            try (var imap = mailbox.imap()) {
                assertThat(imap.append("INBOX", message)).startsWith("OK");
                imap.ok("SELECT INBOX");
                var byImap = imap.fetchDigest(1);
                try (var pop3 = mailbox.pop3()) {
                    assertThat(pop3.retrieveDigest(1)).isEqualTo(byImap);
                }
                try (var smtp = mailbox.smtp()) {
                    var own = ("From: " + mailbox.address() + "\r\n").getBytes(StandardCharsets.US_ASCII);
                    assertThat(smtp.submit(mailbox.address(), mailbox.address(), afterFrom(own, message)))
                            .startsWith("250");
                }
                var sizes = String.join("\n", imap.ok("NOOP"));
                assertThat(sizes).contains("2 EXISTS");
                assertThat(imap.fetchDigest(2)).isNotEmpty();
                return byImap;
            }
        };
    }

    /** The corpus writes as Ann; a submission must come from the mailbox itself. */
    private static byte[] afterFrom(byte[] from, byte[] message) {
        var text = new String(message, 0, 400, StandardCharsets.ISO_8859_1);
        int start = text.indexOf("From: ");
        int end = text.indexOf("\r\n", start) + 2;
        var changed = new byte[message.length - (end - start) + from.length];
        System.arraycopy(message, 0, changed, 0, start);
        System.arraycopy(from, 0, changed, start, from.length);
        System.arraycopy(message, end, changed, start + from.length, message.length - end);
        return changed;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
