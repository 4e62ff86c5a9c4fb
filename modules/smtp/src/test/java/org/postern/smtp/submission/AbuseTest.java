package org.postern.smtp.submission;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.accounts.Outcome;
import org.postern.database.Database;
import org.postern.model.AbuseThresholds;
import org.postern.model.AbuseThresholds.Threshold;
import org.postern.model.Address;
import org.postern.model.Plan;
import org.postern.testkit.OnScratch;

@DisplayName("A mailbox that sends to whom there is not")
class AbuseTest {
    private static final String MESSAGE = """
            C: MAIL FROM:<ann@example.org>
            S: 250 2.1.0 Sender OK
            C: RCPT TO:<bob@example.org>
            S: 250 2.1.5 Recipient OK
            C: DATA
            S: 354 ...
            C: From: ann@example.org
            C:
            C: body
            C: .
            """;

    @RegisterExtension
    static final OnScratch<SubmissionNode> NODE = OnScratch.forEachTest(AbuseTest::open);

    private final SubmissionNode node;

    AbuseTest(SubmissionNode node) {
        this.node = node;
    }

    private static SubmissionNode open(Database database, Path spools) {
        var node = new SubmissionNode(database, spools);
        var plan = SubmissionNode.plan(true, 50);
        var abuse = new AbuseThresholds(
                Optional.of(new Threshold(2, Duration.ofHours(1))),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Set.of());
        node.change(new Plan(
                plan.name(),
                plan.protocols(),
                plan.pop3(),
                plan.sending(),
                abuse,
                plan.storage(),
                plan.maxMessageBytes()));
        return node;
    }

    @Test
    @DisplayName("is locked after so many refused recipients, with 550, until an administrator unlocks it")
    void locked() {
        try (var session = node.loggedIn()) {
            session.plays("""
                    C: MAIL FROM:<ann@example.org>
                    S: 250 2.1.0 Sender OK
                    C: RCPT TO:<nobody1@example.org>
                    S: 550 5.1.1 ...
                    C: RCPT TO:<nobody2@example.org>
                    S: 550 5.1.1 ...
                    C: RSET
                    S: 250 ...
                    """).plays(MESSAGE).plays("""
                    S: 250 2.0.0 ...
                    C: MAIL FROM:<ann@example.org>
                    S: 250 2.1.0 Sender OK
                    C: RCPT TO:<nobody3@example.org>
                    S: 550 5.1.1 ...
                    C: RSET
                    S: 250 ...
                    """).plays(MESSAGE).plays("""
                    S: 550 5.7.1 Sending from this mailbox is locked. See https://help.example.
                    """);
            var ann = Address.parse("ann@example.org").orElseThrow();
            assertThat(node.sendingLocks().unlock(ann)).isInstanceOf(Outcome.Done.class);
            session.plays(MESSAGE).plays("""
                    S: 250 2.0.0 ...
                    """);
        }
        assertThat(events("sending-lock")).isEqualTo(1);
        await().atMost(20, SECONDS).until(() -> events("sending-locked") == 1 && events("no-such-recipient") == 3);
    }

    private long events(String caseName) {
        return node.database.once(tx -> tx.one(
                "SELECT count(*) FROM event WHERE case_name = ? AND token_id IS NOT NULL",
                row -> row.longValue(1),
                caseName));
    }
}
