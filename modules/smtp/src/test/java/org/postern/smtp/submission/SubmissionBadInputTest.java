package org.postern.smtp.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.database.Database;
import org.postern.line.LineLimits;
import org.postern.model.Plan;
import org.postern.testkit.OnScratch;
import org.postern.testkit.TlsClient;

/** Whatever comes: a coded refusal or a close, nothing stored, nobody else disturbed. */
class SubmissionBadInputTest {
    @RegisterExtension
    static final OnScratch<SubmissionNode> NODE = OnScratch.forClass(SubmissionBadInputTest::open);

    private final SubmissionNode node;

    SubmissionBadInputTest(SubmissionNode node) {
        this.node = node;
    }

    private static SubmissionNode open(Database database, Path spools) {
        var lines = new LineLimits(12_304, 64 << 10, 5, 50, 200, Duration.ofMillis(700), Duration.ofMillis(700));
        var limits = new SubmissionLimits(lines, 12_288, 2_000, 4_096, 1 << 20, Duration.ofSeconds(2), 1_000);
        var node = new SubmissionNode(database, spools, limits, true);
        var plan = SubmissionNode.plan(true, 10);
        node.change(new Plan(plan.name(), plan.protocols(), plan.sending(), plan.storage(), 100_000));
        return node;
    }

    private TlsClient inData() {
        var session = node.loggedIn();
        session.plays("""
                C: MAIL FROM:<ann@example.org>
                S: 250 ...
                C: RCPT TO:<bob@example.org>
                S: 250 ...
                C: DATA
                S: 354 ...
                """);
        return session.client(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"LF.LF", "LF.CRLF", "CR.CR", "CR.CRLF", "CRLF.LF", "CRLF.CR", "LF.xLF", "CRLF..LF", "LFx", "CRx"
            })
    @DisplayName("SMTP smuggling: no end mark but CRLF.CRLF; what could be read as one ends the connection with 521")
    void refusesSmuggling(String end) {
        int before = node.messages();
        try (var client = inData()) {
            var mark = end.replace("CR", "\r").replace("LF", "\n");
            client.send(
                    "Subject: x\r\n\r\nbody" + mark
                            + "MAIL FROM:<ann@example.org>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\nSubject: smuggled\r\n\r\n.\r\n");
            var heard = client.readToEnd();
            assertThat(heard).startsWith("521 5.5.2 ").doesNotContain("250", "354");
        }
        assertThat(node.messages()).isEqualTo(before);
    }

    @Test
    @DisplayName("RFC 5321 §4.5.2: NUL in a message refuses it whole, the session goes on")
    void refusesNul() {
        int before = node.messages();
        try (var client = inData()) {
            client.send("Subject: x\r\n\r\na\0b\r\n.\r\n");
            assertThat(client.readLine()).startsWith("554 5.6.0");
            client.send("NOOP\r\n");
            assertThat(client.readLine()).startsWith("250");
        }
        assertThat(node.messages()).isEqualTo(before);
    }

    @Test
    @DisplayName(
            "a line over the bound refuses the message whole, after its end; one at the bound is kept byte for byte")
    void boundsTextLines() {
        int before = node.messages();
        try (var client = inData()) {
            client.send("Subject: x\r\n\r\n" + "a".repeat(2_001) + "\r\nrest\r\n.\r\n");
            assertThat(client.readLine()).startsWith("554 5.6.0 The message has a line of more than 2000 bytes");
        }
        assertThat(node.messages()).isEqualTo(before);
        try (var client = inData()) {
            client.send("Subject: x\r\n\r\n" + "a".repeat(2_000) + "\r\n.\r\n");
            assertThat(client.readLine()).startsWith("250");
        }
        assertThat(node.inbox(node.bob).getLast()).endsWith("\r\n\r\n" + "a".repeat(2_000) + "\r\n");
    }

    @Test
    @DisplayName(
            "RFC 1870 §6.1: a message over the limit is read to its end and refused with 552; an endless one is cut off")
    void boundsMessages() {
        int before = node.messages();
        try (var client = inData()) {
            client.send("Subject: x\r\n\r\n");
            client.send("0123456789abcd\r\n".repeat(10_000) + ".\r\n");
            assertThat(client.readLine()).startsWith("552 5.3.4 Message too big: the limit is 100000 bytes");
            client.send("NOOP\r\n");
            assertThat(client.readLine()).startsWith("250");
        }
        try (var client = inData()) {
            client.send("Subject: x\r\n\r\n");
            // Hardly more than the bound: what is sent after the connection is closed could not be sent.
            client.send("0123456789abcd\r\n".repeat((100_000 + (1 << 20)) / 16));
            assertThat(client.readToEnd()).startsWith("552 5.3.4");
        }
        try (var client = inData()) {
            client.send("X: " + "a".repeat(1900) + "\r\n" + "Y: " + "a".repeat(1900) + "\r\nZ: " + "a".repeat(500)
                    + "\r\n\r\n.\r\n");
            assertThat(client.readLine()).startsWith("552 5.3.4 The header has more than 4096 bytes");
        }
        assertThat(node.messages()).isEqualTo(before);
    }

    @Test
    @DisplayName("a client that goes away inside DATA leaves nothing")
    void goesAwayInData() {
        int before = node.messages();
        try (var client = inData()) {
            client.send("Subject: x\r\n\r\nbody\r\n.\r");
        }
        await().until(() -> node.count("SELECT count(*) FROM connection") == 0);
        assertThat(node.messages()).isEqualTo(before);
    }

    @Test
    @DisplayName("RFC 5321 §2.3.8: a command that ends with bare LF, or has a bare CR, ends the connection")
    void refusesBareLineEndsInCommands() {
        for (var bad : new String[] {"EHLO a.example\n", "EHLO a.example\rb\r\n", "NOOP\r\r\n"}) {
            try (var client = node.implicit()) {
                client.readLine();
                client.send(bad + "EHLO b.example\r\n");
                assertThat(client.readToEnd()).startsWith("521 5.5.2").doesNotContain("250");
            }
        }
    }

    @Test
    @DisplayName("control characters, NUL and broken UTF-8 in commands are refused, never trimmed (James trims them)")
    void refusesOddBytesInCommands() {
        try (var client = node.implicit()) {
            client.readLine();
            client.send("NOOP\0\r\n");
            assertThat(client.readLine()).startsWith("500 5.5.2");
            client.send("\u0001NOOP\r\n");
            assertThat(client.readLine()).startsWith("500 5.5.2");
            client.send(new byte[] {'N', 'O', 'O', 'P', ' ', (byte) 0xC3, '\r', '\n'});
            assertThat(client.readLine()).startsWith("500 5.5.2");
            client.send("NOOP  \r\n");
            assertThat(client.readLine()).startsWith("250");
        }
    }

    @Test
    @DisplayName("a verb that only Unicode's case rules make known is not known; i is i in Turkey too")
    void foldsVerbsInAsciiOnly() {
        assertThat(Locale.getDefault().getLanguage()).isEqualTo("tr");
        try (var client = node.implicit()) {
            client.readLine();
            client.send("qu\u0131t\r\n");
            assertThat(client.readLine()).startsWith("500");
            client.send("quit\r\n");
            assertThat(client.readToEnd()).startsWith("221");
        }
    }

    @Test
    @DisplayName("bad commands up to the bound, then 421")
    void boundsBadCommands() {
        try (var client = node.implicit()) {
            client.readLine();
            client.send("X\r\n".repeat(10));
            var heard = client.readToEnd();
            assertThat(heard.lines().filter(line -> line.startsWith("500"))).hasSize(5);
            assertThat(heard).endsWith("421 4.7.0 Too many errors or commands on this connection\r\n");
        }
    }

    @Test
    @DisplayName("commands before a login are bounded")
    void boundsCommands() {
        try (var client = node.implicit()) {
            client.readLine();
            client.send("NOOP\r\n".repeat(60));
            var heard = client.readToEnd();
            assertThat(heard.lines().filter(line -> line.startsWith("250"))).hasSize(50);
            assertThat(heard).contains("421 4.7.0");
        }
    }

    @Test
    @DisplayName("an endless command line is read past up to its bound, then the connection is closed")
    void boundsEndlessLines() {
        try (var client = node.implicit()) {
            client.readLine();
            client.send("NOOP " + "a".repeat(20_000) + "\r\nNOOP\r\n");
            assertThat(client.readLine()).startsWith("500 5.5.2 Line too long");
            assertThat(client.readLine()).startsWith("250");
            client.send("a".repeat(80_000));
            assertThat(client.readToEnd()).startsWith("421 4.7.0");
        }
    }

    @Test
    @DisplayName(
            "RFC 5321 §4.5.3.2: a silent client hears 421 4.4.2 when its time is over, not at twice the time (as James)")
    void idlesOut() {
        try (var client = node.implicit()) {
            client.readLine();
            long begun = System.nanoTime();
            assertThat(client.readToEnd()).startsWith("421 4.4.2 Idle");
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofMillis(500), Duration.ofMillis(1300));
        }
    }

    @Test
    @DisplayName("odd names in EHLO are refused: they would stand in a Received field")
    void checksEhloNames() {
        try (var client = node.implicit()) {
            client.readLine();
            for (var name : new String[] {"", "a b", "a(b)", "<a>", "\u00e4.example", "a".repeat(256)}) {
                client.send("EHLO " + name + "\r\n");
                assertThat(client.readLine()).as(name).startsWith("501");
                if (name.equals("<a>")) {
                    break;
                }
            }
        }
    }

    @Test
    @DisplayName("the client's address stands in Received only where config says so")
    void showsTheAddressWhenToldTo() {
        try (var client = inData()) {
            client.send("Subject: shown\r\n\r\n.\r\n");
            assertThat(client.readLine()).startsWith("250");
        }
        assertThat(node.inbox(node.bob).getLast())
                .contains("Received: from client.example ([127.0.0.1])\r\n\tby mail.example.org");
    }
}
