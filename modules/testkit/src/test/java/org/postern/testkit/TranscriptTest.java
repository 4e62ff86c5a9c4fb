package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Played against a server that knows a few fixed answers by heart. */
final class TranscriptTest {
    private static final Map<String, String> ANSWERS = Map.of(
            "select", "* 3 EXISTS\r\n* FLAGS (\\Seen $Junk)\r\n* OK [UIDVALIDITY 77] ok\r\na OK done\r\n",
            "validity 77", "a OK 77\r\n",
            "fetch", "* 1 FETCH (UID 5 BODY[] {7}\r\nab\r\ncd\0)\r\na OK [X] done\r\n",
            "capa", "+OK\r\nTOP\r\nUIDL\r\n.\r\n",
            "noisy", "one\r\ntwo\r\nthree\r\n",
            "ordered", "* 1 EXPUNGE\r\n* 2 EXPUNGE\r\na OK\r\n",
            "8bit \u00e9", "caf\u00e9\r\n",
            "bare\nline", "lf\r\n");

    private ServerSocket server;
    private Transcript transcript;

    @BeforeEach
    void listen() throws IOException {
        server = new ServerSocket(0, 50, InetAddress.ofLiteral("127.0.0.1"));
        Thread.ofVirtual().start(() -> {
            while (!server.isClosed()) {
                try {
                    var socket = server.accept();
                    Thread.ofVirtual().start(() -> serve(socket));
                } catch (IOException e) {
                    return;
                }
            }
        });
        transcript = Transcript.with(() -> TlsClient.to(server.getLocalPort())
                .timeout(Duration.ofMillis(500))
                .plain());
    }

    @AfterEach
    void stop() throws IOException {
        transcript.close();
        server.close();
    }

    private static void serve(Socket socket) {
        try (socket) {
            var line = new StringBuilder();
            int last = -1;
            for (int next = socket.getInputStream().read();
                    next >= 0;
                    next = socket.getInputStream().read()) {
                line.append((char) next);
                if (last == '\r' && next == '\n') {
                    var command = new String(
                            line.substring(0, line.length() - 2).getBytes(StandardCharsets.ISO_8859_1),
                            StandardCharsets.UTF_8);
                    if (command.equals("bye")) {
                        return;
                    }
                    socket.getOutputStream()
                            .write(ANSWERS.getOrDefault(command, "? " + command + "\r\n")
                                    .getBytes(StandardCharsets.UTF_8));
                    line.setLength(0);
                }
                last = next;
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("RFC 9051 §2.2.2: untagged replies may come in any order, names are kept and used")
    void freeOrderAndNames() {
        transcript.plays("""
                # two clients
                1> select
                1< * OK [UIDVALIDITY $validity] ...
                1< * FLAGS (\\Seen $Junk)
                1< * $n EXISTS
                1< a OK done
                2> validity $validity
                2< a OK ${validity}
                """);
        assertThat(transcript.value("validity")).isEqualTo("77");
        assertThat(transcript.value("n")).isEqualTo("3");
    }

    @Test
    void literalsAndBytes() {
        transcript.plays("""
                C: fetch
                S: * 1 FETCH (UID $uid BODY[] {7}
                S| ab
                S| cd␀)
                S: a OK ...
                C: 8bit é
                S: caf\\x{c3}\\x{a9}
                C- bare␊li
                C: ne
                S: lf
                """);
    }

    @Test
    void skipsAndRegex() {
        transcript.plays("""
                C: capa
                S: +OK...
                S: ...
                S: .
                C: noisy
                S: /o.e/
                S: two
                S: three
                C: bye
                C! CLOSED
                """);
    }

    @Test
    void failsWithTheWholeDialogue() {
        assertThatThrownBy(() -> transcript.plays("""
                        C: noisy
                        S: one
                        S: 2
                        """))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("line 3 of the script: expected: 2\nbut got:  two")
                .hasMessageContaining("1> noisy\n1< one\n1< two");
    }

    @Test
    void failsOnWhatIsTooMuch() {
        assertThatThrownBy(() -> transcript.plays("""
                        C: select
                        S: * $n EXISTS
                        S: a OK done
                        """))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("but got:  * FLAGS");
        assertThatThrownBy(() -> transcript.plays("""
                        2> select
                        2< * 3 EXISTS
                        2< * 4 EXISTS
                        """))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("not expected here: * FLAGS");
    }

    @Test
    void orderedOnesAreOrdered() {
        transcript.plays("""
                1> ordered
                1= * 1 EXPUNGE
                1= * 2 EXPUNGE
                1< a OK
                """);
        assertThatThrownBy(() -> transcript.plays("""
                        1> ordered
                        1= * 2 EXPUNGE
                        """)).isInstanceOf(AssertionError.class);
    }

    @Test
    void silenceIsAFailure() {
        assertThatThrownBy(() -> transcript.plays("""
                        C: noisy
                        S: one
                        S: two
                        S: three
                        S: four
                        """))
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("nothing more came within 500 ms")
                .hasMessageContaining("1< three");
    }

    @Test
    void wrongScriptsAreRefused() {
        assertThatThrownBy(() -> transcript.plays("X: hello\n")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> transcript.plays("C: $unheard\n")).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> transcript.plays("C! DANCE\n")).isInstanceOf(IllegalArgumentException.class);
    }
}
