package org.postern.smtp.submission;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.testkit.OnScratch;
import org.postern.testkit.ScramClient;

@DisplayName("Before a client may send")
class SubmissionLoginTest {
    @RegisterExtension
    static final OnScratch<SubmissionNode> NODE = OnScratch.forClass(SubmissionNode::new);

    private final SubmissionNode node;

    SubmissionLoginTest(SubmissionNode node) {
        this.node = node;
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
}
