package org.postern.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.delivery.SubmitOutcome.Accepted;
import org.postern.delivery.SubmitOutcome.Refused;
import org.postern.mime.bytes.Spool;
import org.postern.model.AtLimit;
import org.postern.model.Plan;
import org.postern.model.Refusal;
import org.postern.model.SendQuota;
import org.postern.testkit.HeldFolder;
import org.postern.testkit.OnScratch;

class SubmissionsTest {
    private static final String MESSAGE = "From: ann@example.org\r\nSubject: hello\r\n\r\nbody\r\n";

    @RegisterExtension
    static final OnScratch<Post> POST = Post.forEachTest();

    private final Post post;

    SubmissionsTest(Post post) {
        this.post = post;
    }

    @Test
    @DisplayName(
            "RFC 5321 §4.4: delivered at once, with Return-Path and Delivered-To in front, nothing left in the queue")
    void deliversAtOnce() {
        post.mailbox("ann");
        var bob = post.mailbox("bob");
        try (var ann = post.access("ann")) {
            assertThat(post.submit(ann, MESSAGE, "bob")).isEqualTo(new Accepted(1, 0));
        }
        assertThat(post.inbox(bob))
                .containsExactly("Return-Path: <ann@example.org>\r\nDelivered-To: bob@example.org\r\n" + MESSAGE);
        assertThat(post.count("SELECT count(*) FROM queue") + post.count("SELECT count(*) FROM queue_content"))
                .isZero();
    }

    @Test
    @DisplayName("what is stored of the message's parts fits its bytes, prefix and all")
    void partsMoveWithThePrefix() throws IOException {
        post.mailbox("ann");
        var bob = post.mailbox("bob");
        var message = """
                From: ann@example.org
                Content-Type: multipart/mixed; boundary=b

                --b

                one
                --b
                Content-Type: message/rfc822

                Subject: in

                inner
                --b--
                """.replace("\n", "\r\n");
        try (var ann = post.access("ann")) {
            post.submit(ann, message, "bob");
        }
        var stored = post.inbox(bob).getFirst().getBytes(UTF_8);
        var expected = org.postern.mime.MessageParser.parse(Spool.of(stored));
        var kept = post.database.once(
                tx -> tx.one("SELECT structure FROM content WHERE mailbox_id = ?", row -> row.bytes(1), bob.value()));
        assertThat(org.postern.mime.MessageCodec.decodeStructure(kept)).isEqualTo(expected.structure());
    }

    @Test
    @DisplayName("an address named twice, and an alias of the same mailbox, get one copy")
    void deliversOnceToEachMailbox() {
        post.mailbox("ann");
        var bob = post.mailbox("bob");
        Post.done(post.mailboxes.addAlias(Post.address("robert"), Post.address("bob")));
        try (var ann = post.access("ann")) {
            assertThat(post.submit(ann, MESSAGE, "bob", "BOB", "robert", "bob+x"))
                    .isEqualTo(new Accepted(1, 0));
        }
        assertThat(post.inbox(bob)).hasSize(1);
    }

    @Test
    @DisplayName("one busy INBOX stalls nobody: its copy follows from the queue, the other is there at once")
    void busyFolderFollows() throws Exception {
        post.mailbox("ann");
        var bob = post.mailbox("bob");
        var eve = post.mailbox("eve");
        try (var ann = post.access("ann");
                var held = new HeldFolder(post.database, bob)) {
            assertThat(post.submit(ann, MESSAGE, "bob", "eve")).isEqualTo(new Accepted(1, 1));
            assertThat(post.messages(eve)).isEqualTo(1);
            post.runner.start();
            await().during(Duration.ofMillis(200)).until(() -> post.messages(bob) == 0);
            held.release();
            await().until(() -> post.messages(bob) == 1);
        }
        await().until(() -> post.count("SELECT count(*) FROM queue_recipient") == 0);
        assertThat(post.count("SELECT count(*) FROM queue_content")).isZero();
    }

    @Test
    @DisplayName("a large message to a busy INBOX: its bytes are queued without any lock held, and arrive whole")
    void largeBusyFolderFollows() throws Exception {
        post.mailbox("ann");
        var bob = post.mailbox("bob");
        var eve = post.mailbox("eve");
        var message = MESSAGE + "0123456789abcdef\r\n".repeat(100_000);
        try (var ann = post.access("ann")) {
            try (var held = new HeldFolder(post.database, bob)) {
                assertThat(post.submit(ann, message, "bob", "eve")).isEqualTo(new Accepted(1, 1));
                held.release();
            }
            post.runner.start();
            await().until(() -> post.messages(bob) == 1);
        }
        assertThat(post.inbox(bob).getFirst()).endsWith(message).startsWith("Return-Path");
        assertThat(post.inbox(eve).getFirst()).endsWith(message);
        await().until(() -> post.count("SELECT count(*) FROM queue_content") == 0);
    }

    @Test
    @DisplayName("other hosts' recipients wait in the queue, local ones do not wait for them")
    void queuesForRelay() {
        post.mailbox("ann");
        var bob = post.mailbox("bob");
        try (var ann = post.access("ann")) {
            assertThat(post.submit(ann, MESSAGE, "x@elsewhere.example", "bob", "y@elsewhere.example"))
                    .isEqualTo(new Accepted(1, 2));
        }
        assertThat(post.messages(bob)).isEqualTo(1);
        assertThat(
                        post.count(
                                "SELECT count(*) FROM queue_recipient WHERE local_mailbox IS NULL AND domain = 'elsewhere.example'"))
                .isEqualTo(2);
        assertThat(post.database.<String>once(
                        tx -> tx.one("SELECT convert_from(content, 'UTF8') FROM queue_content", row -> row.text(1))))
                .isEqualTo(MESSAGE);
    }

    @Test
    @DisplayName("RFC 3463 4.2.2: the only recipient's mailbox is full: refused, nothing kept, nothing counted")
    void refusesWhenTheOnlyMailboxIsFull() {
        post.mailbox("ann");
        post.mailbox("bob");
        post.change(Post.plan(50));
        try (var ann = post.access("ann")) {
            assertThat(post.submit(ann, MESSAGE, "bob"))
                    .isInstanceOfSatisfying(
                            Refused.class,
                            refused -> assertThat(refused.refusal()).isInstanceOf(Refusal.MailboxFull.class));
        }
        assertThat(post.count("SELECT count(*) FROM send_event")).isZero();
    }

    @Test
    @DisplayName("of several recipients the full one waits until there is room")
    void fullMailboxFollows() {
        post.mailbox("ann");
        var bob = post.mailbox("bob");
        var eve = post.mailbox("eve");
        try (var ann = post.access("ann")) {
            post.change(Post.plan(2 * MESSAGE.length() + 100));
            assertThat(post.submit(ann, MESSAGE, "bob")).isEqualTo(new Accepted(1, 0));
            assertThat(post.submit(ann, MESSAGE, "bob", "eve")).isEqualTo(new Accepted(1, 1));
            post.runner.start();
            await().until(() -> post.count("SELECT max(attempts) FROM queue_recipient") > 1);
            assertThat(post.messages(bob)).isEqualTo(1);
            assertThat(post.messages(eve)).isEqualTo(1);
            post.database.transact(tx -> tx.update("UPDATE mailbox_usage SET bytes = bytes"));
            post.store.remove(
                    post.tree
                            .find(bob, org.postern.model.FolderName.INBOX)
                            .orElseThrow()
                            .id(),
                    org.postern.model.UidSet.range(1, 1));
            await().until(() -> post.messages(bob) == 1 && post.count("SELECT count(*) FROM queue_recipient") == 0);
        }
    }

    @Test
    @DisplayName("the send quota is exact when submissions race for its last slots")
    void quotaIsExact() throws Exception {
        post.mailbox("ann");
        var bob = post.mailbox("bob");
        post.change(Post.plan(1 << 30, hourly(7)));
        var outcomes = new ArrayList<SubmitOutcome>();
        try (var ann = post.access("ann");
                var pool = Executors.newFixedThreadPool(4)) {
            var start = new CountDownLatch(1);
            var running = new ArrayList<Future<List<SubmitOutcome>>>();
            for (int t = 0; t < 4; t++) {
                running.add(pool.submit(() -> {
                    start.await();
                    var mine = new ArrayList<SubmitOutcome>();
                    for (int i = 0; i < 5; i++) {
                        mine.add(post.submit(ann, MESSAGE, "bob"));
                    }
                    return mine;
                }));
            }
            start.countDown();
            for (var one : running) {
                outcomes.addAll(one.get());
            }
        }
        assertThat(outcomes.stream().filter(Accepted.class::isInstance)).hasSize(7);
        post.runner.start(); // A race for bob's INBOX may have left some to the queue.
        await().until(() -> post.messages(bob) == 7);
        assertThat(outcomes.stream()
                        .filter(Refused.class::isInstance)
                        .map(o -> ((Refused) o).refusal().caseName())
                        .distinct())
                .containsExactly("quota-reached");
    }

    @Test
    @DisplayName("a refusal leaves nothing behind, not even of a large message")
    void refusalLeavesNothing() {
        post.mailbox("ann");
        post.mailbox("bob");
        post.change(Post.plan(1 << 30, hourly(1)));
        var large = MESSAGE + "0123456789abcdef\r\n".repeat(30_000);
        try (var ann = post.access("ann")) {
            assertThat(post.submit(ann, MESSAGE, "bob")).isInstanceOf(Accepted.class);
            assertThat(post.submit(ann, large, "bob", "x@elsewhere.example")).isInstanceOf(Refused.class);
        }
        assertThat(post.count("SELECT count(*) FROM queue_content")).isZero();
        assertThat(post.count("SELECT count(*) FROM message")).isEqualTo(1);
    }

    private static SendQuota hourly(int recipients) {
        return new SendQuota(
                SendQuota.Subject.MAILBOX,
                Duration.ofHours(1),
                SendQuota.Counting.RECIPIENTS,
                recipients,
                AtLimit.DEFER);
    }

    @Test
    void planWithoutSendingRefuses() {
        post.mailbox("ann");
        try (var ann = post.access("ann")) {
            var plan = Post.plan(1 << 30);
            post.change(new Plan(
                    plan.name(), plan.protocols(), Plan.Sending.none(), plan.storage(), plan.maxMessageBytes()));
            assertThat(post.submit(ann, MESSAGE, "ann"))
                    .isEqualTo(new Refused(new Refusal.SendingNotInPlan(Post.PLAN)));
        }
    }
}
