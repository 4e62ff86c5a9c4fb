package org.postern.smtp.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.delivery.FullMailboxes;
import org.postern.delivery.dns.Dns;
import org.postern.delivery.dns.DnsSettings;
import org.postern.delivery.inbound.Examiner;
import org.postern.delivery.inbound.FailedDmarc;
import org.postern.delivery.inbound.Inspection;
import org.postern.model.Domain;
import org.postern.model.FolderName;
import org.postern.testkit.FakeDns;
import org.postern.testkit.OnScratch;
import org.postern.testkit.Transcript;

class MxTest {
    @RegisterExtension
    static final OnScratch<InboundNode> NODE = OnScratch.forClass(InboundNode::new);

    @AutoClose
    private static final FakeDns DNS = new FakeDns();

    private static int port;
    private static int lenientPort;
    private static int hastyPort;

    private final InboundNode node;

    MxTest(InboundNode node) {
        this.node = node;
    }

    @BeforeAll
    static void open() {
        DNS.txt("good.example", "v=spf1 ip4:127.0.0.1 -all")
                .txt("_dmarc.good.example", "v=DMARC1; p=reject; sp=none")
                .txt("evil.example", "v=spf1 ip4:127.0.0.1 -all");
        port = listen(FailedDmarc.REFUSE, Inspection.LONGEST);
        lenientPort = listen(FailedDmarc.MARK, Inspection.LONGEST);
        hastyPort = listen(FailedDmarc.REFUSE, Duration.ofMillis(300));
    }

    private static int listen(FailedDmarc failed, Duration longest) {
        var dns = new Dns(DnsSettings.DEFAULT.asking(List.of(DNS.address())));
        var examiner = new Examiner(dns, new Domain("mx.example.org"), failed, InstantSource.system());
        var inspection = new Inspection(Optional.of(examiner), Optional.empty(), longest);
        var defaults = InboundLimits.MX;
        var limits = new InboundLimits(
                defaults.lines(),
                defaults.maxMessageBytes(),
                defaults.textLine(),
                defaults.headerBytes(),
                defaults.drainBytes(),
                defaults.dataPause(),
                defaults.recipients(),
                defaults.hops(),
                defaults.unknownRecipients(),
                Duration.ofMillis(10));
        var node = NODE.opened();
        return node.listen("127.0.0.1", node.mx(node.settings(limits, FullMailboxes.DEFER), inspection));
    }

    /** A client that has said EHLO. */
    private static Transcript greeted(int to) {
        return InboundNode.talk(to).plays("""
                S: 220 mx.example.org ESMTP ...
                C: EHLO mail.good.example
                S: ...
                S: 250 STARTTLS
                """);
    }

    private String received(String subject) {
        return node.inbox(node.ann).stream()
                .filter(message -> message.contains("Subject: " + subject + "\r\n"))
                .findFirst()
                .orElse("");
    }

    @Test
    @DisplayName(
            "RFC 5321, RFC 3207: TLS may be used, AUTH does not exist, nothing is relayed; who guesses at names is sent away")
    void ofStrangers() {
        try (var session = InboundNode.talk(port)) {
            session.plays("""
                    S: 220 mx.example.org ESMTP ...
                    C: MAIL FROM:<a@good.example>
                    S: 503 5.5.1 Send EHLO first
                    C: EHLO mail.good.example
                    S: 250-mx.example.org greets you
                    S: 250-PIPELINING
                    S: 250-8BITMIME
                    S: 250-ENHANCEDSTATUSCODES
                    S: 250-SIZE 104857600
                    S: 250-SMTPUTF8
                    S: 250-LIMITS RCPTMAX=100
                    S: 250-CHUNKING
                    S: 250 STARTTLS
                    C: AUTH PLAIN AGFubgB4
                    S: 500 5.5.1 Command not recognized
                    C: STARTTLS
                    S: 220 ...
                    C! STARTTLS
                    C: EHLO mail.good.example
                    S: ...
                    S: 250 CHUNKING
                    C: MAIL FROM:<a@good.example> ENVID=x
                    S: 555 5.5.4 ...
                    C: MAIL FROM:<a@good.example>
                    S: 250 ...
                    C: RCPT TO:<nobody1@example.org>
                    S: 550 5.1.1 ...
                    C: RCPT TO:<carol@elsewhere.example>
                    S: 550 5.7.1 We do not relay: that domain's mail is not here
                    C: RCPT TO:<ann@example.org>
                    S: 250 ...
                    C: RCPT TO:<nobody2@example.org>
                    S: 550 5.1.1 ...
                    C: RCPT TO:<nobody3@example.org>
                    S: 550 5.1.1 ...
                    C: RCPT TO:<nobody4@example.org>
                    S: 421 4.7.0 ...
                    C! CLOSED
                    """);
        }
    }

    @Test
    @DisplayName("RFC 7208, RFC 7489, RFC 8601: what SPF passes and DMARC finds aligned is delivered, and says so")
    void passes() {
        try (var session = greeted(port)) {
            session.plays("""
                    C: MAIL FROM:<a@good.example>
                    S: 250 ...
                    C: RCPT TO:<ann@example.org>
                    S: 250 ...
                    C: RCPT TO:<bob@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: Authentication-Results: mx.example.org; dmarc=pass header.from=bank.example
                    C: From: A <a@news.good.example>
                    C: Subject: passes
                    C:
                    C: .
                    S: 250 2.0.0 Delivered as ...
                    C: NOOP
                    S: 250 ...
                    """);
        }
        assertThat(received("passes")).contains("""

                        Delivered-To: ann@example.org
                        Authentication-Results: mx.example.org;
                        \tspf=pass smtp.mailfrom=a@good.example;
                        \tdkim=none;
                        \tdmarc=pass policy.dmarc=none header.from=news.good.example
                        Received: from mail.good.example ([127.0.0.1])
                        \tby mx.example.org (Postern) with ESMTP id""".replace("\n", "\r\n")).doesNotContain("bank.example");
    }

    @Test
    @DisplayName(
            "RFC 7489 §6.6.2: who bears a name without a right to it is refused where the name's owner asks for it")
    void refusesForgery() {
        var forged = """
                C: MAIL FROM:<a@evil.example>
                S: 250 ...
                C: RCPT TO:<ann@example.org>
                S: 250 ...
                C: DATA
                S: 354 ...
                C: From: Boss <boss@good.example>
                C: Subject: forged
                C:
                C: .
                """;
        try (var session = greeted(port)) {
            session.plays(forged
                    + "S: 550 5.7.1 The message is not from good.example, which wants such mail refused (DMARC)");
        }
        assertThat(received("forged")).isEmpty();
        try (var session = greeted(lenientPort)) {
            session.plays(forged + "S: 250 2.0.0 ...");
        }
        assertThat(received("forged"))
                .contains(
                        "spf=pass smtp.mailfrom=a@evil.example",
                        "dmarc=fail policy.dmarc=reject header.from=good.example");
    }

    @Test
    @DisplayName("RFC 7489 §6.3: where its owner asks for quarantine instead, it goes to the folder of junk")
    void quarantinesForgery() {
        DNS.txt("_dmarc.wary.example", "v=DMARC1; p=quarantine");
        for (int to : List.of(port, lenientPort)) {
            try (var session = greeted(to)) {
                session.let("at", String.valueOf(to)).plays("""
                        C: MAIL FROM:<a@evil.example>
                        S: 250 ...
                        C: RCPT TO:<ann@example.org>
                        S: 250 ...
                        C: DATA
                        S: 354 ...
                        C: From: Boss <boss@wary.example>
                        C: Subject: quarantined at $at
                        C:
                        C: .
                        S: 250 2.0.0 Delivered as ...
                        """);
            }
        }
        assertThat(node.folder(node.ann, new FolderName("Junk")))
                .singleElement()
                .satisfies(message -> assertThat(message)
                        .contains("Subject: quarantined at " + port, "dmarc=fail policy.dmarc=quarantine"));
        assertThat(received("quarantined at " + port)).isEmpty();
        assertThat(received("quarantined at " + lenientPort)).isNotEmpty();
    }

    @Test
    @DisplayName("RFC 5321 §4.5.3.1.10: one recipient more than a message may have here hears 452; the others stand")
    void boundOfRecipients() {
        try (var session = greeted(port)) {
            session.plays("""
                    C: MAIL FROM:<a@good.example>
                    S: 250 ...
                    """);
            for (int i = 0; i < InboundLimits.MX.recipients(); i++) {
                session.let("number", String.valueOf(i)).plays("""
                        C: RCPT TO:<any$number@catch.example>
                        S: 250 ...
                        """);
            }
            session.plays("""
                    C: RCPT TO:<ann@example.org>
                    S: 452 4.5.3 Too many recipients: at most 100 for one message
                    C: RSET
                    S: 250 ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 7489: what says nothing of itself, or cannot be asked about, is delivered, and says so")
    void withoutPolicy() {
        DNS.fail("_dmarc.away.example");
        try (var session = greeted(port)) {
            for (var domain : List.of("plain.example", "away.example")) {
                session.let("domain", domain).plays("""
                        C: MAIL FROM:<>
                        S: 250 ...
                        C: RCPT TO:<ann@example.org>
                        S: 250 ...
                        C: DATA
                        S: 354 ...
                        C: From: a@$domain
                        C: Subject: of $domain
                        C:
                        C: .
                        S: 250 ...
                        """);
            }
        }
        assertThat(received("of plain.example"))
                .contains("spf=none smtp.helo=mail.good.example;", "dmarc=none header.from=plain.example");
        assertThat(received("of away.example")).contains("dmarc=temperror");
    }

    @Test
    @DisplayName(
            "RFC 5321 §4.5.3.2.6: whose DNS keeps silent is not waited for longer than the checks may take, nor refused")
    void boundOfTime() {
        DNS.ignore("silent.example").ignore("_dmarc.silent.example");
        try (var session = greeted(hastyPort)) {
            session.plays("""
                    C: MAIL FROM:<a@silent.example>
                    S: 250 ...
                    C: RCPT TO:<ann@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: From: a@silent.example
                    C: Subject: of silence
                    C:
                    C: .
                    S: 250 2.0.0 Delivered as ...
                    """);
        }
        assertThat(received("of silence")).contains("spf=temperror", "dmarc=temperror");
    }

    @Test
    @DisplayName(
            "one reply for all: beside one who can have the message a full mailbox waits for it, alone it is refused")
    void fullMailbox() {
        fill(Long.MAX_VALUE / 2);
        try (var session = greeted(port)) {
            session.plays("""
                    C: MAIL FROM:<a@good.example>
                    S: 250 ...
                    C: RCPT TO:<bob@example.org>
                    S: 250 ...
                    C: RCPT TO:<ann@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: From: <a@good.example>
                    C: Subject: for both
                    C:\s
                    C: .
                    S: 250 2.0.0 ...
                    C: MAIL FROM:<a@good.example>
                    S: 250 ...
                    C: RCPT TO:<bob@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: From: <a@good.example>
                    C: Subject: for one
                    C:\s
                    C: .
                    S: 452 4.2.2 ...
                    """);
        } finally {
            fill(0);
        }
        assertThat(received("for both")).isNotEmpty();
        assertThat(node.database.<Long>once(tx -> tx.one(
                        "SELECT count(*) FROM queue_recipient WHERE local_mailbox = ?",
                        row -> row.longValue(1),
                        node.bob.value())))
                .isEqualTo(1);
    }

    private void fill(long bytes) {
        node.database.once(
                tx -> tx.update("UPDATE mailbox_usage SET bytes = ? WHERE mailbox_id = ?", bytes, node.bob.value()));
    }
}
