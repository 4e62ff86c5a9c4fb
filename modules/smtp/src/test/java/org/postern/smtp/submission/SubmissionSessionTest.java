package org.postern.smtp.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.accounts.MailboxChoices;
import org.postern.model.FolderName;
import org.postern.testkit.OnScratch;

class SubmissionSessionTest {
    @RegisterExtension
    static final OnScratch<SubmissionNode> NODE = OnScratch.forEachTest(SubmissionNode::new);

    private final SubmissionNode node;

    SubmissionSessionTest(SubmissionNode node) {
        this.node = node;
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
}
