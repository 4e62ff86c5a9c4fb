package org.postern.smtp.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.accounts.Groups;
import org.postern.delivery.FullMailboxes;
import org.postern.delivery.inbound.Inspection;
import org.postern.testkit.HeldFolder;
import org.postern.testkit.OnScratch;

class LmtpTest {
    @RegisterExtension
    static final OnScratch<InboundNode> NODE = OnScratch.forEachTest(InboundNode::new);

    private final InboundNode node;
    private final int port;

    LmtpTest(InboundNode node) {
        this.node = node;
        this.port = listen(FullMailboxes.DEFER);
    }

    private int listen(FullMailboxes full) {
        return listen(node.settings(InboundLimits.LMTP, full));
    }

    private int listen(InboundSettings settings) {
        return node.listen("127.0.0.1", node.lmtp(settings, Inspection.NONE));
    }

    @Test
    @DisplayName("RFC 2033 §4: LHLO, and after the message one reply for each RCPT that succeeded, named twice or not")
    void delivers() {
        try (var session = InboundNode.talk(port)) {
            session.plays("""
                    S: 220 mx.example.org LMTP Postern ready, session $id
                    C: EHLO edge.example.org
                    S: 500 ...
                    C: MAIL FROM:<>
                    S: 503 5.5.1 Send LHLO first
                    C: LHLO edge.example.org
                    S: 250-mx.example.org greets you
                    S: 250-PIPELINING
                    S: 250-8BITMIME
                    S: 250-ENHANCEDSTATUSCODES
                    S: 250-SIZE 104857600
                    S: 250-SMTPUTF8
                    S: 250-LIMITS RCPTMAX=10000
                    S: 250-CHUNKING
                    S: 250 STARTTLS
                    C: AUTH PLAIN AGFubgB4
                    S: 500 ...
                    C: MAIL FROM:<carol@elsewhere.example> BODY=BINARYMIME
                    S: 501 5.5.4 BODY is 7BIT or 8BITMIME
                    C: MAIL FROM:<carol@elsewhere.example> BODY=8BITMIME
                    S: 250 2.1.0 ...
                    C: RCPT TO:<anna+shop@example.org>
                    S: 250 2.1.5 ...
                    C: RCPT TO:<nobody@example.org>
                    S: 550 5.1.1 ...
                    C: RCPT TO:<dave@elsewhere.example>
                    S: 550 5.7.1 ...
                    C: RCPT TO:<ann@example.org>
                    S: 250 2.1.5 ...
                    C: RCPT TO:<anybody@catch.example>
                    S: 250 2.1.5 ...
                    C: DATA
                    S: 354 ...
                    C: Return-Path: <forged@example.org>
                    C: Authentication-Results: (comment) mx.example.org; spf=pass
                    C: Authentication-Results: mx.example.org.evil; spf=pass
                    C: Authentication-Results: edge.example.org; spf=pass
                    C: Subject: hello
                    C:
                    C: body
                    C: .
                    S: 250 2.0.0 Delivered as $first
                    S: 250 2.0.0 Delivered as $second
                    S: 250 2.0.0 Delivered as $third
                    C: QUIT
                    S: 221 ...
                    """);
        }
        assertThat(node.inbox(node.ann))
                .singleElement()
                .satisfies(message -> assertThat(message)
                        .startsWith(
                                "Return-Path: <carol@elsewhere.example>\r\nDelivered-To: anna+shop@example.org\r\n"
                                        + "Received: from edge.example.org ([127.0.0.1])\r\n\tby mx.example.org (Postern) with LMTP id ")
                        .endsWith("""

                                Authentication-Results: mx.example.org.evil; spf=pass
                                Authentication-Results: edge.example.org; spf=pass
                                Subject: hello

                                body
                                """.replace("\n", "\r\n"))
                        .doesNotContain("forged", "comment"));
        assertThat(node.inbox(node.bob)).hasSize(1);
    }

    @Test
    @DisplayName(
            "RFC 5321 §4.5.3.1.10: one recipient more than a message may have hears 452; the others have their replies")
    void boundOfRecipients() {
        var usual = InboundLimits.LMTP;
        var limits = new InboundLimits(
                usual.lines(),
                usual.maxMessageBytes(),
                usual.textLine(),
                usual.headerBytes(),
                usual.drainBytes(),
                usual.dataPause(),
                100,
                usual.hops(),
                usual.unknownRecipients(),
                usual.unknownPause());
        try (var session = InboundNode.greeted(listen(node.settings(limits, FullMailboxes.DEFER)), "LHLO")) {
            session.plays("""
                    C: MAIL FROM:<carol@elsewhere.example>
                    S: 250 ...
                    """);
            var client = session.client(1);
            client.send("RCPT TO:<ann@example.org>\r\n".repeat(101) + "DATA\r\n");
            for (int i = 0; i < 100; i++) {
                assertThat(client.readLine()).startsWith("250 2.1.5 ");
            }
            assertThat(client.readLine()).isEqualTo("452 4.5.3 Too many recipients: at most 100 for one message");
            assertThat(client.readLine()).startsWith("354 ");
            client.send("Subject: x\r\n\r\n.\r\n");
            for (int i = 0; i < 100; i++) {
                assertThat(client.readLine()).startsWith("250 2.0.0 ");
            }
        }
        assertThat(node.inbox(node.ann)).hasSize(1);
    }

    @Test
    @DisplayName("RFC 5321 §3.9.2: an address that leads to others is one recipient, whatever becomes of theirs")
    void group() {
        InboundNode.done(new Groups(node.database)
                .add(
                        InboundNode.address("team"),
                        InboundNode.address("ann"),
                        List.of(InboundNode.address("ann"), InboundNode.address("bob"))));
        try (var session = InboundNode.greeted(port, "LHLO")) {
            session.plays("""
                    C: MAIL FROM:<carol@elsewhere.example>
                    S: 250 2.1.0 ...
                    C: RCPT TO:<Team+x@example.org>
                    S: 250 2.1.5 ...
                    C: RCPT TO:<ann@example.org>
                    S: 250 2.1.5 ...
                    C: DATA
                    S: 354 ...
                    C: Subject: hello
                    C:
                    C: body
                    C: .
                    S: 250 2.0.0 Accepted as $first
                    S: 250 2.0.0 Delivered as $second
                    """);
        }
        node.runner.start();
        await().until(() ->
                node.inbox(node.bob).size() == 1 && node.inbox(node.ann).size() == 2);
        assertThat(node.inbox(node.bob).getFirst())
                .startsWith("Return-Path: <team+forwarded@example.org>\r\nDelivered-To: bob@example.org\r\n"
                        + "Delivered-To: team@example.org\r\nReceived: ");
    }

    @Test
    @DisplayName(
            "RFC 2033 §4.2: each recipient has its own fate: delivered, full, later; a paused one is refused before")
    void fates() {
        InboundNode.done(node.mailboxes.add(InboundNode.address("carl"), ""));
        InboundNode.done(node.mailboxes.pause(InboundNode.address("carl")));
        fill();
        try (var _ = new HeldFolder(node.database, node.bob);
                var session = InboundNode.greeted(port, "LHLO")) {
            session.plays("""
                    C: MAIL FROM:<carol@elsewhere.example>
                    S: 250 ...
                    C: RCPT TO:<carl@example.org>
                    S: 550 5.2.1 ...
                    C: RCPT TO:<ann@example.org>
                    S: 250 ...
                    C: RCPT TO:<bob@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: Subject: second
                    C:
                    C: body
                    C: .
                    S: 452 4.2.2 ...
                    S: 250 2.0.0 Accepted as ...
                    """);
            node.runner.start();
        }
        await().atMost(Duration.ofSeconds(30)).until(() -> node.inbox(node.bob).size() == 1);
        try (var session = InboundNode.greeted(listen(FullMailboxes.REFUSE), "LHLO")) {
            session.plays("""
                    C: MAIL FROM:<carol@elsewhere.example>
                    S: 250 ...
                    C: RCPT TO:<ann@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C:
                    C: .
                    S: 552 5.2.2 ...
                    """);
        }
        assertThat(node.inbox(node.ann)).hasSize(1);
    }

    /** Ann's mailbox has no room for another byte. */
    private void fill() {
        try (var session = InboundNode.greeted(port, "LHLO")) {
            session.plays("""
                    C: MAIL FROM:<carol@elsewhere.example>
                    S: 250 ...
                    C: RCPT TO:<ann@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    """);
            session.client(1)
                    .send("Subject: x\r\n\r\n" + "0123456789abcd\r\n".repeat((InboundNode.STORAGE - 1_000) / 16));
            session.plays("""
                    C: .
                    S: 250 ...
                    """);
            node.database.transact(tx -> tx.update(
                    "UPDATE mailbox_usage SET bytes = ? WHERE mailbox_id = ?",
                    (long) InboundNode.STORAGE,
                    node.ann.value()));
        }
    }

    @Test
    @DisplayName(
            "RFC 5321 §6.3, RFC 3030: a message that goes in circles, or is no text, is refused for each recipient")
    void refusesForEach() {
        try (var session = InboundNode.greeted(port, "LHLO")) {
            session.plays("""
                    C: MAIL FROM:<>
                    S: 250 ...
                    C: RCPT TO:<ann@example.org>
                    S: 250 ...
                    C: RCPT TO:<bob@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    """);
            session.client(1).send("Received: x\r\n".repeat(51));
            session.plays("""
                    C: Subject: loop
                    C:
                    C: .
                    S: 554 5.4.6 ...
                    S: 554 5.4.6 ...
                    C: MAIL FROM:<>
                    S: 250 ...
                    C: RCPT TO:<ann@example.org>
                    S: 250 ...
                    C: RCPT TO:<bob@example.org>
                    S: 250 ...
                    """);
            session.client(1).send("BDAT 3 LAST\r\na\nb");
            session.plays("""
                    S: 554 5.6.0 ...
                    S: 554 5.6.0 ...
                    C: NOOP
                    S: 250 ...
                    """);
        }
        assertThat(node.inbox(node.ann)).isEmpty();
    }
}
