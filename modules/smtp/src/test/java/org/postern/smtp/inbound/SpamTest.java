package org.postern.smtp.inbound;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.delivery.FullMailboxes;
import org.postern.delivery.inbound.Inspection;
import org.postern.delivery.inbound.SpamFilter;
import org.postern.delivery.inbound.SpamSettings;
import org.postern.model.FolderName;
import org.postern.testkit.OnScratch;

/** A spam filter that does what the message's subject says. */
@DisplayName("What the spam filter says")
class SpamTest {
    @RegisterExtension
    static final OnScratch<InboundNode> NODE = OnScratch.forClass(InboundNode::new);

    private static HttpServer rspamd;
    private static SpamFilter filter;
    private static int mx;
    private static int lmtp;

    private final InboundNode node;

    SpamTest(InboundNode node) {
        this.node = node;
    }

    @BeforeAll
    static void open() throws IOException {
        rspamd = HttpServer.create(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0), 0);
        rspamd.createContext("/checkv2", exchange -> {
            var message = new String(exchange.getRequestBody().readAllBytes(), US_ASCII);
            var action = message.lines()
                    .filter(line -> line.startsWith("Subject: "))
                    .findFirst()
                    .orElse("Subject: ")
                    .substring("Subject: ".length());
            var answer = ("{\"action\":\"" + action + "\",\"score\":8.25,\"required_score\":15.0}").getBytes(US_ASCII);
            exchange.sendResponseHeaders(200, answer.length);
            try (var out = exchange.getResponseBody()) {
                out.write(answer);
            }
        });
        rspamd.start();
        var settings = new SpamSettings(
                URI.create("http://127.0.0.1:" + rspamd.getAddress().getPort()),
                Optional.empty(),
                Duration.ofSeconds(20),
                1 << 20,
                SpamSettings.Unreachable.ACCEPT,
                SpamSettings.Probable.JUNK,
                SpamSettings.Certain.REFUSE);
        var node = NODE.opened();
        filter = new SpamFilter(settings, node.meters);
        var inspection = new Inspection(Optional.empty(), Optional.of(filter));
        mx = node.listen("127.0.0.1", node.mx(node.settings(InboundLimits.MX, FullMailboxes.DEFER), inspection));
        lmtp = node.listen("127.0.0.1", node.lmtp(node.settings(InboundLimits.LMTP, FullMailboxes.DEFER), inspection));
    }

    @AfterAll
    static void close() {
        filter.close();
        rspamd.stop(0);
    }

    @Test
    @DisplayName("nothing: delivered, with its score; what others say of spam is taken out")
    void noAction() {
        try (var session = InboundNode.greeted(mx, "EHLO")) {
            session.plays("""
                    C: MAIL FROM:<a@far.example>
                    S: 250 ...
                    C: RCPT TO:<bob@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: X-Spam-Status: No, score=-99
                    C: X-Spam: No
                    C: Subject: no action
                    C:
                    C: .
                    S: 250 2.0.0 Delivered as ...
                    """);
        }
        assertThat(node.inbox(node.bob))
                .singleElement()
                .satisfies(message -> assertThat(message)
                        .contains("\r\nX-Spam-Status: No, score=8.25 required=15.00\r\nReceived: ")
                        .doesNotContain("-99", "X-Spam: "));
    }

    @Test
    @DisplayName("spam, perhaps: into the folder of junk; spam, or not yet: to each its reply")
    void spam() {
        try (var session = InboundNode.greeted(lmtp, "LHLO")) {
            session.plays("""
                    C: MAIL FROM:<a@far.example>
                    S: 250 ...
                    C: RCPT TO:<ann@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: Subject: add header
                    C:
                    C: .
                    S: 250 2.0.0 Delivered as ...
                    C: MAIL FROM:<a@far.example>
                    S: 250 ...
                    C: RCPT TO:<ann@example.org>
                    S: 250 ...
                    C: RCPT TO:<bob@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: Subject: reject
                    C:
                    C: .
                    S: 550 5.7.1 The message looks like spam
                    S: 550 5.7.1 The message looks like spam
                    C: MAIL FROM:<a@far.example>
                    S: 250 ...
                    C: RCPT TO:<ann@example.org>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: Subject: greylist
                    C:
                    C: .
                    S: 451 4.7.1 Try again in some minutes
                    """);
        }
        assertThat(node.inbox(node.ann)).isEmpty();
        assertThat(node.folder(node.ann, new FolderName("Junk")))
                .singleElement()
                .satisfies(message -> assertThat(message)
                        .startsWith("Return-Path: <a@far.example>\r\nDelivered-To: ann@example.org\r\n"
                                + "X-Spam: Yes\r\nX-Spam-Status: Yes, score=8.25 required=15.00\r\n"));
    }
}
