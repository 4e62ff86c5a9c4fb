package org.postern.smtp.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postern.accounts.MailboxChoices;
import org.postern.model.AtLimit;
import org.postern.model.ConnectionCap;
import org.postern.model.FolderName;
import org.postern.model.Plan;
import org.postern.model.Protocol;
import org.postern.model.ProtocolRights;
import org.postern.model.SendQuota;
import org.postern.model.StorageLimit;
import org.postern.testkit.ScramClient;
import org.postern.testkit.ScratchDatabase;

class SubmissionSessionTest {
    @RegisterExtension
    final ScratchDatabase scratch = new ScratchDatabase();

    @TempDir
    static Path spools;

    private SubmissionNode node;

    @BeforeEach
    void open() {
        node = new SubmissionNode(scratch.database(), spools);
    }

    @AfterEach
    void close() {
        node.close();
    }

    @Test
    @DisplayName("RFC 5321 §3, RFC 6409: from the greeting to a message in the recipient's INBOX")
    void submits() {
        try (var session = node.transcript(node::implicit)) {
            session.plays("""
                    S: 220 mail.example.org ESMTP Postern ready, session $id
                    C: EHLO client.example
                    S: 250-mail.example.org greets you
                    S: 250-PIPELINING
                    S: 250-8BITMIME
                    S: 250-ENHANCEDSTATUSCODES
                    S: 250-SIZE 104857600
                    S: 250-BINARYMIME
                    S: 250-SMTPUTF8
                    S: 250-DSN
                    S: 250-REQUIRETLS
                    S: 250-DELIVERBY
                    S: 250-MT-PRIORITY
                    S: 250-FUTURERELEASE 2678400 $latest
                    S: 250-LIMITS MAILMAX=25000
                    S: 250-CHUNKING
                    S: 250 AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN
                    C: AUTH PLAIN $plain
                    S: 235 2.7.0 Authentication successful
                    C: MAIL FROM:<ann@example.org> SIZE=100 BODY=8BITMIME
                    S: 250 2.1.0 Sender OK
                    C: RCPT TO:<bob@example.org>
                    S: 250 2.1.5 Recipient OK
                    C: DATA
                    S: 354 ...
                    C: From: Ann <ann@example.org>
                    C: Bcc: secret@example.org
                    C: Subject: hello
                    C:
                    C: ..dot
                    C: b\u00f6dy
                    C: .
                    S: 250 2.0.0 Accepted as $trace
                    C: QUIT
                    S: 221 2.0.0 Goodbye
                    C! CLOSED
                    """);
        }
        var message = node.inbox(node.bob).getFirst();
        assertThat(message)
                .startsWith("Return-Path: <ann@example.org>\r\nDelivered-To: bob@example.org\r\n"
                        + "Received: by mail.example.org (Postern) with ESMTPSA id ")
                .contains(
                        "\r\n\t(TLSv1.3 TLS_", "\r\n\tfor <bob@example.org>;\r\n\t", "\r\nDate: ", "\r\nMessage-ID: <")
                .doesNotContain("127.0.0.1", "client.example", "secret@")
                .endsWith("From: Ann <ann@example.org>\r\nSubject: hello\r\n\r\n.dot\r\nb\u00f6dy\r\n");
    }

    @Test
    @DisplayName("RFC 5322 §3.6.3: the sender's own copy, where one is wanted, is what was sent and its Bcc")
    void copiesSent() {
        SubmissionNode.done(node.mailboxes.choose(SubmissionNode.address("ann"), MailboxChoices.NONE.copiesSent(true)));
        try (var session = node.loggedIn()) {
            session.plays("""
                    C: MAIL FROM:<ann@example.org>
                    S: 250 ...
                    C: RCPT TO:<bob@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: From: Ann <ann@example.org>
                    C: Bcc: secret@example.org
                    C: Message-ID: <1@client>
                    C:
                    C: body
                    C: .
                    S: 250 2.0.0 Accepted as $trace
                    """);
        }
        assertThat(node.inbox(node.bob).getFirst()).doesNotContain("secret@");
        assertThat(node.messages(node.ann, new FolderName("Sent")).getFirst())
                .startsWith("Bcc: secret@example.org\r\nReceived: by mail.example.org (Postern) with ESMTPSA id ")
                .endsWith("From: Ann <ann@example.org>\r\nMessage-ID: <1@client>\r\n\r\nbody\r\n");
    }

    @Test
    @DisplayName("RFC 4954, RFC 5802, RFC 7677, RFC 5929: AUTH SCRAM-SHA-256-PLUS, over TLS as it is")
    void scram() {
        try (var smtp = node.transcript(node::implicit)) {
            var certificate = smtp.client(1).serverCertificate().orElseThrow();
            var scram = ScramClient.plus("ann@example.org", node.token, certificate);
            smtp.let("first", scram.first()).plays("""
                    S: 220 ...
                    C: EHLO client.example
                    S: ...
                    S: 250 AUTH ...
                    C: AUTH SCRAM-SHA-256-PLUS $first
                    S: 334 $challenge
                    """);
            smtp.let("last", scram.last(smtp.value("challenge"))).plays("""
                    C: $last
                    S: 334 $signature
                    C:\s
                    S: 235 2.7.0 ...
                    """);
            assertThat(scram.trusts(smtp.value("signature"))).isTrue();
        }
    }

    @Test
    @DisplayName(
            "RFC 3207 §4: nothing but EHLO, NOOP, STARTTLS, QUIT in clear; AUTH is not even read; EHLO is forgotten after")
    void demandsTls() {
        try (var session = node.transcript(node::inClear)) {
            session.plays("""
                    S: 220 ...
                    C: AUTH PLAIN $plain
                    S: 538 5.7.11 ...
                    C: EHLO client.example
                    S: 250-mail.example.org greets you
                    S: 250-PIPELINING
                    S: 250-8BITMIME
                    S: 250-ENHANCEDSTATUSCODES
                    S: 250-SIZE 104857600
                    S: 250 STARTTLS
                    C: AUTH PLAIN $plain
                    S: 538 5.7.11 ...
                    C: MAIL FROM:<ann@example.org>
                    S: 530 5.7.0 Must issue a STARTTLS command first
                    C: NOOP
                    S: 250 ...
                    C: STARTTLS now
                    S: 501 5.5.4 ...
                    C: STARTTLS
                    S: 220 2.0.0 ...
                    C! STARTTLS
                    C: MAIL FROM:<ann@example.org>
                    S: 503 5.5.1 Send EHLO first
                    C: AUTH PLAIN $plain
                    S: 503 5.5.1 Send EHLO first
                    C: EHLO client.example
                    S: 250-mail.example.org greets you
                    S: 250-PIPELINING
                    S: 250-8BITMIME
                    S: 250-ENHANCEDSTATUSCODES
                    S: 250-SIZE 104857600
                    S: 250-BINARYMIME
                    S: 250-SMTPUTF8
                    S: 250-DSN
                    S: 250-REQUIRETLS
                    S: 250-DELIVERBY
                    S: 250-MT-PRIORITY
                    S: 250-FUTURERELEASE 2678400 $latest
                    S: 250-LIMITS MAILMAX=25000
                    S: 250-CHUNKING
                    S: 250 AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN
                    C: STARTTLS
                    S: 503 5.5.1 ...
                    C: AUTH PLAIN $plain
                    S: 235 2.7.0 ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 3207 §6, CVE-2011-0411: bytes behind STARTTLS in the same flight end the session")
    void refusesStartTlsInjection() {
        try (var client = node.inClear()) {
            client.readLine();
            client.send("EHLO a.example\r\nSTARTTLS\r\nNOOP\r\n");
            assertThat(client.readToEnd())
                    .contains("250 STARTTLS\r\n")
                    .endsWith("554 5.5.1 Nothing may follow STARTTLS before the handshake\r\n");
        }
    }

    @Test
    @DisplayName(
            "RFC 4954 §4: PLAIN and LOGIN with and without initial response; cancel, bad base64, unknown mechanism, second AUTH")
    void authenticates() {
        try (var session = node.transcript(node::implicit)) {
            session.let("user", SubmissionNode.base64("ann@example.org"))
                    .let("secret", SubmissionNode.base64(node.token))
                    .plays("""
                            S: 220 ...
                            C: AUTH PLAIN
                            S: 503 5.5.1 Send EHLO first
                            C: MAIL FROM:<ann@example.org>
                            S: 503 5.5.1 ...
                            C: EHLO [192.0.2.7]
                            S: ...
                            S: 250 ...
                            C: MAIL FROM:<ann@example.org>
                            S: 530 5.7.0 Authentication required
                            C: AUTH
                            S: 501 5.5.4 ...
                            C: AUTH CRAM-MD5
                            S: 504 5.5.4 ...
                            C: AUTH PLAIN
                            S: /334 ?/
                            C: *
                            S: 501 5.7.0 Authentication cancelled
                            C: AUTH PLAIN !!!!
                            S: 501 5.5.2 ...
                            C: AUTH PLAIN =
                            S: 501 5.5.2 ...
                            C: AUTH LOGIN
                            S: 334 VXNlcm5hbWU6
                            C: $user
                            S: 334 UGFzc3dvcmQ6
                            C: *
                            S: 501 5.7.0 ...
                            C: auth login $user
                            S: 334 UGFzc3dvcmQ6
                            C: $secret
                            S: 235 2.7.0 Authentication successful
                            C: AUTH PLAIN $plain
                            S: 503 5.5.1 Already authenticated
                            """);
        }
    }

    @Test
    @DisplayName("RFC 4954 §4: an exchange line over 12,288 bytes is refused with 500 5.5.6, and the session goes on")
    void boundsAuthLines() {
        try (var session = node.transcript(node::implicit)) {
            session.let("long", "A".repeat(20_000))
                    .let("fits", "A".repeat(12_288))
                    .plays("""
                            S: 220 ...
                            C: EHLO client.example
                            S: ...
                            S: 250 ...
                            C: AUTH PLAIN $long
                            S: 500 5.5.2 Line too long
                            C: AUTH PLAIN
                            S: /334 ?/
                            C: $long
                            S: 500 5.5.6 ...
                            C: AUTH PLAIN $fits
                            S: 501 5.5.2 ...
                            C: AUTH PLAIN $plain
                            S: 235 ...
                            """);
        }
    }

    @Test
    @DisplayName(
            "wrong secret, unknown mailbox, wrong scope: the registered code, and the connection closed after the bound")
    void refusesWrongLogins() {
        try (var session = node.transcript(node::implicit)) {
            session.let("wrong", SubmissionNode.plain("ann@example.org", "wrong-secret"))
                    .let("nobody", SubmissionNode.plain("nobody@example.org", "wrong-secret-too"))
                    .plays("""
                            S: 220 ...
                            C: EHLO client.example
                            S: ...
                            S: 250 ...
                            C: AUTH PLAIN $wrong
                            S: 535 5.7.8 Authentication failed. Use your full email address and a client token, not your account password. See https://help.example.
                            C: AUTH PLAIN $nobody
                            S: 535 5.7.8 Authentication failed. Use your full email address and a client token, not your account password. See https://help.example.
                            C: AUTH PLAIN $plain
                            S: 235 ...
                            """);
        }
        forgetFailures();
        try (var session = node.transcript(node::implicit)) {
            for (int i = 1; i <= 4; i++) {
                session.let("wrong" + i, SubmissionNode.plain("ann@example.org", "wrong-secret-" + i));
            }
            session.plays("""
                    S: 220 ...
                    C: EHLO client.example
                    S: ...
                    S: 250 ...
                    C: AUTH PLAIN $wrong1
                    S: 535 5.7.8 ...
                    C: AUTH PLAIN $wrong2
                    S: 535 5.7.8 ...
                    C: AUTH PLAIN $wrong3
                    S: 535 5.7.8 ...
                    C: AUTH PLAIN $wrong4
                    S: 421 4.7.0 Too many failed logins. Try again later. See https://help.example.
                    1! CLOSED
                    """);
        }
        forgetFailures();
    }

    private void forgetFailures() {
        node.database.once(tx -> tx.update("DELETE FROM login_failure"));
    }

    @Test
    @DisplayName("RFC 5321 §4.1.1.11, RFC 1870: parameters of MAIL and RCPT")
    void checksParameters() {
        try (var session = node.loggedIn()) {
            session.plays("""
                    C: EHLO client.example
                    S: ...
                    S: 250-SIZE 52428800
                    S: ...
                    S: 250 AUTH SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN
                    C: MAIL FROM:<ann@example.org> FOO=bar
                    S: 555 5.5.4 ...
                    C: MAIL FROM:<ann@example.org> SIZE=52428801
                    S: 552 5.3.4 Message too big: the limit is 52428800 bytes
                    C: MAIL FROM:<ann@example.org> SIZE=99999999999999999999999
                    S: 552 5.3.4 ...
                    C: MAIL FROM:<ann@example.org> SIZE=-1
                    S: 501 5.5.4 ...
                    C: MAIL FROM:<ann@example.org> SIZE=1 SIZE=2
                    S: 501 5.5.4 ...
                    C: MAIL FROM:<ann@example.org> BODY=9BITMIME
                    S: 501 5.5.4 BODY is 7BIT or 8BITMIME or BINARYMIME
                    C: MAIL FROM:ann@example.org
                    S: 501 5.5.4 ...
                    C: MAIL FROM:<ann@>
                    S: 501 5.1.7 ...
                    C: MAIL FROM:<\u00e4nn@example.org>
                    S: 553 5.6.7 ...
                    C: mail from: <ann@example.org> AUTH=<> body=7bit
                    S: 250 2.1.0 ...
                    C: MAIL FROM:<ann@example.org>
                    S: 503 5.5.1 ...
                    C: AUTH PLAIN $plain
                    S: 503 5.5.1 ...
                    C: RCPT TO:<bob@example.org> FOO=bar
                    S: 555 5.5.4 ...
                    C: RCPT TO:<nobody@example.org>
                    S: 550 5.1.1 There is no mailbox nobody@example.org here.
                    C: RCPT TO:<bob@[127.0.0.1]>
                    S: 501 5.1.3 ...
                    C: DATA
                    S: 554 5.5.1 No valid recipients
                    C: RCPT TO:<Postmaster>
                    S: 250 2.1.5 ...
                    C: DATA now
                    S: 501 5.5.4 ...
                    C: RSET
                    S: 250 2.0.0 OK
                    C: DATA
                    S: 503 5.5.1 ...
                    C: RCPT TO:<bob@example.org>
                    S: 503 5.5.1 ...
                    C: VRFY bob
                    S: 252 2.5.2 ...
                    C: EXPN staff
                    S: 502 ...
                    C: HELP
                    S: 214 2.0.0 ...
                    C: XYZZY
                    S: 500 5.5.1 Command not recognized
                    C: QUIT now
                    S: 501 5.5.4 ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 6409 §6.1: MAIL FROM, and the header's From and Sender, must be the mailbox's own addresses")
    void checksSenders() {
        try (var session = node.loggedIn()) {
            session.plays("""
                    C: MAIL FROM:<bob@example.org>
                    S: 553 5.7.1 bob@example.org is not one of your addresses.
                    C: MAIL FROM:<anna+x@example.org>
                    S: 250 ...
                    C: RCPT TO:<bob@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: From: Boss <boss@example.com>
                    C:
                    C: .
                    S: 553 5.7.1 boss@example.com is not one of your addresses.
                    C: MAIL FROM:<ann@example.org>
                    S: 250 ...
                    C: RCPT TO:<bob@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: From: ann@example.org
                    C: From: boss@example.com
                    C:
                    C: .
                    S: 554 5.6.0 More than one From or Sender field
                    C: MAIL FROM:<ann@example.org>
                    S: 250 ...
                    C: RCPT TO:<bob@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: From: ann@example.org, boss@example.com
                    C:
                    C: .
                    S: 553 5.7.1 boss@example.com is not one of your addresses.
                    C: MAIL FROM:<ann@example.org>
                    S: 250 ...
                    C: RCPT TO:<bob@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: From: anna@EXAMPLE.org
                    C: Sender: boss@example.com
                    C:
                    C: .
                    S: 553 5.7.1 boss@example.com is not one of your addresses.
                    C: MAIL FROM:<>
                    S: 250 ...
                    C: RCPT TO:<bob@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: hello
                    C: .
                    S: 250 2.0.0 ...
                    """);
        }
        assertThat(node.inbox(node.bob))
                .singleElement()
                .asString()
                .startsWith("Return-Path: <>\r\n")
                .contains("\r\nFrom: ann@example.org\r\n\r\nhello\r\n");
    }

    @Test
    void refusesByPlan() {
        try (var session = node.loggedIn()) {
            node.change(SubmissionNode.plan(
                    true,
                    2,
                    new SendQuota(
                            SendQuota.Subject.MAILBOX,
                            Duration.ofHours(1),
                            SendQuota.Counting.MESSAGES,
                            1,
                            AtLimit.DEFER)));
            session.plays("""
                    C: MAIL FROM:<ann@example.org>
                    S: 250 ...
                    C: RCPT TO:<bob@example.org>
                    S: 250 ...
                    C: RCPT TO:<BOB@example.org>
                    S: 250 ...
                    C: RCPT TO:<ann@example.org>
                    S: 452 4.5.3 Too many recipients: at most 2 for one message
                    C: DATA
                    S: 354 ...
                    C: Subject: one
                    C:
                    C: .
                    S: 250 ...
                    C: MAIL FROM:<ann@example.org>
                    S: 250 ...
                    C: RCPT TO:<bob@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: Subject: two
                    C:
                    C: .
                    S: 451 4.7.1 Hourly sending limit reached: 1 of 1 messages. Next slot at ...
                    """);
            node.change(SubmissionNode.plan(false, 2));
            session.plays("""
                    C: MAIL FROM:<ann@example.org>
                    S: 550 5.7.1 The test plan does not include sending. See https://help.example.
                    """);
        }
        assertThat(node.messages()).isEqualTo(1);
    }

    @Test
    @DisplayName("RFC 2920: a whole flight of commands is answered in order, and its replies leave together")
    void pipelines() {
        try (var session = node.loggedIn()) {
            var client = session.client(1);
            client.send(
                    "MAIL FROM:<ann@example.org>\r\nRCPT TO:<nobody@example.org>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n");
            assertThat(client.readLine()).startsWith("250 2.1.0");
            assertThat(client.readLine()).startsWith("550 5.1.1");
            assertThat(client.readLine()).startsWith("250 2.1.5");
            assertThat(client.readLine()).startsWith("354");
            client.send("Subject: x\r\n\r\n.\r\nRSET\r\nNOOP\r\nQUIT\r\n");
            assertThat(client.readLine()).startsWith("250 2.0.0 Accepted");
            assertThat(client.readLine()).startsWith("250 2.0.0 OK");
            assertThat(client.readLine()).startsWith("250 2.0.0 OK");
            assertThat(client.readToEnd()).startsWith("221 ");
        }
    }

    @Test
    @DisplayName("RFC 5321 §3.8: a drain is told with 421, and so is a revoked token")
    void saysWhyItEnds() {
        try (var session = node.loggedIn()) {
            SubmissionNode.done(node.tokens.revoke(
                    SubmissionNode.address("ann"),
                    SubmissionNode.done(node.tokens.list(SubmissionNode.address("ann")))
                            .getFirst()
                            .name()));
            assertThat(session.client(1).readToEnd()).startsWith("421 4.3.2 ");
        }
        try (var client = node.implicit()) {
            client.readLine();
            node.listeners.drain(Duration.ofSeconds(5));
            assertThat(client.readToEnd()).startsWith("421 4.3.2 ");
        }
    }

    @Test
    void capsAndSlots() {
        node.change(new Plan(
                SubmissionNode.PLAN,
                Map.of(Protocol.SMTP, ProtocolRights.of(new ConnectionCap(1, 1))),
                SubmissionNode.plan(true, 10).sending(),
                new StorageLimit(1 << 30),
                1 << 20));
        try (var first = node.loggedIn()) {
            try (var second = node.transcript(node::implicit)) {
                second.plays("""
                        S: 220 ...
                        C: EHLO client.example
                        S: ...
                        S: 250 ...
                        C: AUTH PLAIN $plain
                        S: 454 4.7.0 Maximum connections exceeded: 1 of 1 from your network address on the test plan. Close a mail app or wait for idle connections to end.
                        """);
            }
            first.plays("""
                    C: QUIT
                    S: 221 ...
                    """);
            node.loggedIn().close(); // The slot is free as soon as the goodbye is read.
        }
    }
}
