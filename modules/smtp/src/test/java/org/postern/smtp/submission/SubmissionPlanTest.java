package org.postern.smtp.submission;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.model.AtLimit;
import org.postern.model.ConnectionCap;
import org.postern.model.Plan;
import org.postern.model.Protocol;
import org.postern.model.ProtocolRights;
import org.postern.model.SendQuota;
import org.postern.model.StorageLimit;
import org.postern.testkit.OnScratch;

@DisplayName("What the plan allows")
class SubmissionPlanTest {
    @RegisterExtension
    static final OnScratch<SubmissionNode> NODE = OnScratch.forEachTest(SubmissionNode::new);

    private final SubmissionNode node;

    SubmissionPlanTest(SubmissionNode node) {
        this.node = node;
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
