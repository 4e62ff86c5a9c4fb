package org.postern.smtp.submission;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.database.Database;
import org.postern.model.Plan;
import org.postern.testkit.OnScratch;
import org.postern.testkit.Transcript;

/** What EHLO offers beside the basics, each from the wire to the mailbox or the queue. */
class SubmissionExtensionsTest {
    private static final int MAX_MESSAGE = 100_000;
    private static final int MAILMAX = 30;

    @RegisterExtension
    static final OnScratch<SubmissionNode> NODE = OnScratch.forClass(SubmissionExtensionsTest::open);

    private final SubmissionNode node;

    SubmissionExtensionsTest(SubmissionNode node) {
        this.node = node;
    }

    private static SubmissionNode open(Database database, Path spools) {
        var defaults = SubmissionLimits.DEFAULT;
        var limits = new SubmissionLimits(
                defaults.lines(), defaults.authLine(), 2_000, 4_096, 1 << 20, defaults.dataPause(), MAILMAX);
        var node = new SubmissionNode(database, spools, limits, false);
        var plan = SubmissionNode.plan(true, 50);
        node.change(new Plan(plan.name(), plan.protocols(), plan.sending(), plan.storage(), MAX_MESSAGE));
        SubmissionNode.done(
                node.mailboxes.addAlias(SubmissionNode.address("j\u00f6rg"), SubmissionNode.address("bob")));
        node.runner.start();
        return node;
    }

    /** A client that may send BDAT or DATA. */
    private Transcript withRecipient() {
        return node.loggedIn().plays("""
                C: MAIL FROM:<ann@example.org>
                S: 250 ...
                C: RCPT TO:<bob@example.org>
                S: 250 ...
                """);
    }

    /** The message with that subject in bob's INBOX, or nothing. */
    private String received(String subject) {
        return node.inbox(node.bob).stream()
                .filter(message -> message.contains("Subject: " + subject + "\r\n"))
                .findFirst()
                .orElse("");
    }

    @Test
    @DisplayName("RFC 6531 §3: addresses in UTF-8 where MAIL says SMTPUTF8, and only there")
    void smtpUtf8() {
        try (var session = node.loggedIn()) {
            session.plays("""
                    C: MAIL FROM:<\u00e4nn@example.org>
                    S: 553 5.6.7 ...
                    C: MAIL FROM:<ann@example.org> SMTPUTF8=yes
                    S: 501 5.5.4 ...
                    C: MAIL FROM:<ann@example.org>
                    S: 250 ...
                    C: RCPT TO:<j\u00f6rg@example.org>
                    S: 553 5.6.7 ...
                    C: RCPT TO:<bob@b\u00fccher.example>
                    S: 553 5.6.7 ...
                    C: RSET
                    S: 250 ...
                    C: MAIL FROM:<ann@example.org> BODY=8BITMIME SMTPUTF8
                    S: 250 ...
                    C: RCPT TO:<j\u00f6rg@example.org> ORCPT=utf-8;j\u00f6rg@example.org
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: To: J\u00f6rg <j\u00f6rg@example.org>
                    C: Subject: gr\u00fc\u00dfe
                    C:
                    C: .
                    S: 250 ...
                    """);
        }
        assertThat(received("gr\u00fc\u00dfe"))
                .contains(
                        "Delivered-To: j\u00f6rg@example.org\r\n",
                        " with UTF8SMTPSA id ",
                        "for <j\u00f6rg@example.org>");
    }

    @Test
    @DisplayName("RFC 3030 §2: a message in chunks, cut anywhere, an empty one last; what it ends without is added")
    void chunks() {
        try (var session = withRecipient()) {
            var client = session.client(1);
            client.send("BDAT 20\r\nSubject: chunks\r\n\r\n.");
            assertThat(client.readLine()).isEqualTo("250 2.0.0 20 octets received");
            session.plays("""
                    C: DATA
                    S: 503 5.5.1 ...
                    C: RCPT TO:<ann@example.org>
                    S: 503 5.5.1 ...
                    """);
            client.send("BDAT 4\r\n\r\n.\rBDAT 5\r\n\nend.BDAT 0 LAST\r\nNOOP\r\n");
            assertThat(client.readLine()).isEqualTo("250 2.0.0 4 octets received");
            assertThat(client.readLine()).isEqualTo("250 2.0.0 5 octets received");
            assertThat(client.readLine()).startsWith("250 2.0.0 Accepted as ");
            assertThat(client.readLine()).startsWith("250 2.0.0 OK");
        }
        assertThat(received("chunks")).endsWith("\r\nSubject: chunks\r\n\r\n.\r\n.\r\nend.\r\n");
    }

    @Test
    @DisplayName("RFC 3030 §2: a chunk out of place is read past, so that none of it is taken for commands")
    void misplacedChunks() {
        int before = node.messages();
        try (var session = node.loggedIn()) {
            var client = session.client(1);
            client.send(
                    "BDAT 12 LAST\r\nRSET\r\nRSET\r\nMAIL FROM:<ann@example.org>\r\nBDAT 6 last\r\nRSET\r\nRSET\r\n");
            assertThat(client.readLine()).startsWith("503 5.5.1");
            assertThat(client.readLine()).startsWith("250 2.1.0");
            assertThat(client.readLine()).startsWith("554 5.5.1");
            assertThat(client.readLine()).startsWith("250 ");
            client.send("BDAT " + (MAX_MESSAGE + (1 << 20) + 1) + "\r\n");
            assertThat(client.readToEnd()).startsWith("552 5.3.4");
        }
        assertThat(node.messages()).isEqualTo(before);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BDAT", "BDAT x", "BDAT -1", "BDAT 5 FIRST", "BDAT 99999999999", "BDAT 5 LAST LAST"})
    @DisplayName("RFC 3030 §2: where a chunk's length is not to be known, nothing behind it is read")
    void unknownLength(String command) {
        try (var session = withRecipient()) {
            session.client(1).send(command + "\r\nDATA\r\n");
            assertThat(session.client(1).readToEnd()).startsWith("501 5.5.4 ").doesNotContain("354");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb\r\n", "a\rb\r\n", "a\r", "\n", "a\0b\r\n", "a\r\r\n"})
    @DisplayName("RFC 3030, RFC 5321 §2.3.8: chunks hold text: no bare CR or LF, no NUL; the session goes on")
    void chunksHoldText(String text) {
        int before = node.messages();
        try (var session = withRecipient()) {
            var body = "Subject: x\r\n\r\n" + text;
            session.client(1).send("BDAT " + body.length() + " LAST\r\n" + body + "NOOP\r\n");
            assertThat(session.client(1).readLine()).startsWith("554 5.6.0 ");
            assertThat(session.client(1).readLine()).startsWith("250 ");
        }
        assertThat(node.messages()).isEqualTo(before);
    }

    @Test
    @DisplayName(
            "RFC 3030 §2, RFC 1870 §6: chunks meet the bounds of DATA; those after the refused one find no transaction")
    void boundsChunks() {
        int before = node.messages();
        try (var session = withRecipient()) {
            var client = session.client(1);
            var chunk = "0123456789abcd\r\n".repeat(MAX_MESSAGE / 16 + 1);
            client.send("BDAT " + chunk.length() + "\r\n" + chunk + "BDAT 4 LAST\r\nx\r\nyNOOP\r\n");
            assertThat(client.readLine()).startsWith("552 5.3.4 Message too big: the limit is 100000 bytes");
            assertThat(client.readLine()).startsWith("503 5.5.1");
            assertThat(client.readLine()).startsWith("250 ");
        }
        try (var session = withRecipient()) {
            session.client(1).send("BDAT 2003 LAST\r\n\r\n" + "a".repeat(2_001));
            assertThat(session.client(1).readLine()).startsWith("554 5.6.0 The message has a line of more than 2000");
        }
        assertThat(node.messages()).isEqualTo(before);
    }

    @Test
    @DisplayName("RFC 3461 §4: what is to be notified, and of whom, waits with the message")
    void dsn() {
        try (var session = node.loggedIn()) {
            session.plays("""
                    C: MAIL FROM:<ann@example.org> RET=hdrs ENVID=QQ314159+2B
                    S: 250 ...
                    C: RCPT TO:<carol@elsewhere.example> NOTIFY=success,Failure ORCPT=rfc822;Carol+40x@elsewhere.example
                    S: 250 ...
                    C: RCPT TO:<dave@elsewhere.example> NOTIFY=NEVER
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: Subject: dsn
                    C:
                    C: .
                    S: 250 ...
                    """);
        }
        assertThat(node.count("""
                SELECT count(*) FROM queue JOIN queue_recipient r USING (queue_id)
                 WHERE queue.parameters = '{"RET": "HDRS", "ENVID": "QQ314159+2B"}'
                   AND (r.parameters = '{"NOTIFY": "SUCCESS,FAILURE", "ORCPT": "rfc822;Carol+40x@elsewhere.example"}'
                        OR r.parameters = '{"NOTIFY": "NEVER"}')
                """)).isEqualTo(2);
    }

    @Test
    @DisplayName(
            "RFC 8689, RFC 2852, RFC 6710: what is to be heeded on the way waits with the message; its time is its sender's")
    void onTheWay() {
        try (var session = node.loggedIn()) {
            session.plays("""
                    C: MAIL FROM:<ann@example.org> REQUIRETLS BY=+60;rt MT-PRIORITY=-3
                    S: 250 ...
                    C: RCPT TO:<carol@elsewhere.example>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: Subject: by
                    C:
                    C: .
                    S: 250 ...
                    C: MAIL FROM:<ann@example.org> BY=90;N
                    S: 250 ...
                    C: RCPT TO:<carol@elsewhere.example>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: Subject: by
                    C:
                    C: .
                    S: 250 ...
                    """);
        }
        assertThat(node.count("""
                SELECT count(*) FROM queue
                 WHERE parameters = '{"BY": "60;R", "REQUIRETLS": "", "MT-PRIORITY": "-3"}'
                   AND expires_at BETWEEN accepted_at + interval '59 s' AND accepted_at + interval '61 s'
                    OR parameters = '{"BY": "90;N"}'
                   AND delay_notice_at BETWEEN accepted_at + interval '89 s' AND accepted_at + interval '91 s'
                   AND expires_at > accepted_at + interval '1 day'
                """)).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            RET=ALL                  |
            RET                      |
            ENVID=                   |
            ENVID=a+2b               |
            ENVID=a+0D               |
            RET=FULL RET=FULL        |
            REQUIRETLS=yes           |
            BY=                      |
            BY=0;R                   |
            BY=-1;r                  |
            BY=120                   |
            BY=120;X                 |
            BY=1234567890;N          |
            MT-PRIORITY=             |
            MT-PRIORITY=10           |
            MT-PRIORITY=-0           |
            HOLDFOR=                 |
            HOLDFOR=-1               |
            HOLDFOR=2678401          |
            HOLDUNTIL=tomorrow       |
            HOLDUNTIL=2999-01-01T00:00:00Z            |
            HOLDFOR=1 HOLDUNTIL=2020-01-01T00:00:00Z  |
                                     | NOTIFY=
                                     | NOTIFY=NEVER,SUCCESS
                                     | NOTIFY=SUCCESS,SUCCESS
                                     | NOTIFY=DELAY,
                                     | ORCPT=rfc822
                                     | ORCPT=rfc822;
                                     | ORCPT=rfc822;a=b
                                     | ORCPT=;x
                                     | ORCPT=utf-8;j\u00f6rg
            """)
    @DisplayName("RFC 3461 §4, RFC 4865 §3: values that no client may send are refused with 501")
    void checksValues(String ofMail, String ofRcpt) {
        try (var session = node.loggedIn()) {
            var client = session.client(1);
            client.send("MAIL FROM:<ann@example.org> " + (ofMail == null ? "" : ofMail) + "\r\n");
            if (ofRcpt != null) {
                assertThat(client.readLine()).startsWith("250 ");
                client.send("RCPT TO:<bob@example.org> " + ofRcpt + "\r\n");
            }
            assertThat(client.readLine()).startsWith("501 5.5.4 ");
        }
    }

    @Test
    @DisplayName(
            "RFC 4865: a message for later stays in the queue, its local recipients too, and expires that much later")
    void futureRelease() {
        try (var session = node.loggedIn()) {
            session.plays("""
                    C: MAIL FROM:<ann@example.org> HOLDFOR=2678400
                    S: 250 ...
                    C: RCPT TO:<bob@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: Subject: much later
                    C:
                    C: .
                    S: 250 2.0.0 Accepted as $trace, held until $time
                    C: MAIL FROM:<ann@example.org> HOLDFOR=1
                    S: 250 ...
                    C: RCPT TO:<bob@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: Subject: soon
                    C:
                    C: .
                    S: 250 ...
                    C: MAIL FROM:<ann@example.org> HOLDUNTIL=2020-01-01T00:00:00+01:00
                    S: 250 ...
                    C: RCPT TO:<bob@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: Subject: by now
                    C:
                    C: .
                    S: 250 ...
                    """);
        }
        for (var subject : List.of("by now", "soon")) {
            await().atMost(Duration.ofSeconds(30))
                    .until(() -> !received(subject).isEmpty());
        }
        assertThat(node.count("""
                SELECT count(*) FROM queue q JOIN queue_recipient r USING (queue_id)
                 WHERE q.parameters ? 'HOLDUNTIL'
                   AND r.next_attempt_at BETWEEN now() + interval '30 days' AND now() + interval '31 days'
                   AND q.expires_at > now() + interval '35 days'
                """.replace("?", "??"))).isOne();
    }

    @Test
    @DisplayName("RFC 9422 §4: LIMITS tells the server's MAILMAX, and the plan's RCPTMAX once it is known; both hold")
    void limits() {
        try (var session = node.loggedIn()) {
            session.plays("""
                    C: EHLO client.example
                    S: ...
                    S: 250-LIMITS RCPTMAX=50 MAILMAX=30
                    S: ...
                    S: 250 AUTH ...
                    """);
            for (int i = 0; i < MAILMAX; i++) {
                session.plays("""
                        C: MAIL FROM:<ann@example.org>
                        S: 250 ...
                        C: RSET
                        S: 250 ...
                        """);
            }
            session.plays("""
                    C: MAIL FROM:<ann@example.org>
                    S: 421 4.7.0 No more than 30 messages in one connection
                    C! CLOSED
                    """);
        }
    }

    @Test
    @DisplayName("RFC 6409 §8.1, RFC 5322 §3.6.2: of several authors one is made the Sender")
    void addsSender() {
        try (var session = withRecipient()) {
            session.plays("""
                    C: DATA
                    S: 354 ...
                    C: From: Ann <ann@example.org>, Anna <anna@example.org>
                    C: Subject: two authors
                    C:
                    C: .
                    S: 250 ...
                    """);
        }
        assertThat(received("two authors")).contains("\r\nSender: ann@example.org\r\n");
    }
}
