package org.postern.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.database.Database;
import org.postern.delivery.SubmitOutcome.Accepted;
import org.postern.testkit.OnScratch;

class QueueRunnerTest {
    private static final String MESSAGE = "From: ann@example.org\r\nSubject: hello\r\n\r\nbody\r\n";

    @RegisterExtension
    static final OnScratch<Post> POST =
            OnScratch.forEachTest(QueueRunnerTest::open).withPoolSize(10).checking(Post::check);

    private final Post post;

    QueueRunnerTest(Post post) {
        this.post = post;
    }

    /** Nothing is delivered at once: everything takes the queue. */
    private static Post open(Database database, Path spools) {
        var limits = Post.limits(Duration.ofMillis(300), 5);
        var queueOnly = new DeliveryLimits(
                0,
                limits.immediateBytes(),
                0,
                limits.expiry(),
                limits.delayNotice(),
                limits.claim(),
                limits.lease(),
                limits.busy(),
                limits.full(),
                limits.failed(),
                limits.poll(),
                limits.workers(),
                limits.contentGrace());
        return new Post(database, spools, queueOnly).found();
    }

    @Test
    @DisplayName("two nodes deliver each queued recipient exactly once and leave no row behind")
    void twoNodesDeliverOnce() {
        post.mailbox("ann");
        var boxes = IntStream.range(0, 4).mapToObj(i -> post.mailbox("u" + i)).toList();
        try (var ann = post.access("ann");
                var other = new Post(
                        POST.scratch().anotherNode(), post.spools.directory(), Post.limits(Duration.ofSeconds(2), 3))) {
            for (int i = 0; i < 40; i++) {
                assertThat(post.submit(ann, MESSAGE, "u0", "u1", "u2", "u3")).isEqualTo(new Accepted(0, 4));
            }
            post.runner.start();
            other.runner.start();
            await().atMost(Duration.ofSeconds(20)).until(() -> post.count("SELECT count(*) FROM queue_recipient") == 0);
        }
        assertThat(boxes).allSatisfy(box -> assertThat(post.messages(box)).isEqualTo(40));
        assertThat(post.count("SELECT count(*) FROM queue")).isZero();
        assertThat(post.count("SELECT count(*) FROM queue_content")).isZero();
    }

    @Test
    @DisplayName("what a node that died had claimed comes due again after its lease")
    void leaseRunsOut() {
        post.mailbox("ann");
        var bob = post.mailbox("bob");
        try (var ann = post.access("ann")) {
            post.submit(ann, MESSAGE, "bob");
        }
        var claimed = post.database.transact(tx -> new Queue().claim(tx, 10, Duration.ofMillis(300)));
        assertThat(claimed).hasSize(1);
        assertThat(post.runner.runOnce()).isZero();
        await().until(() -> post.runner.runOnce() == 1);
        assertThat(post.messages(bob)).isEqualTo(1);
    }

    @Test
    @DisplayName("a worker whose lease ran out delivers nothing: another one has the row")
    void lateWorkerDeliversNothing() {
        post.mailbox("ann");
        var bob = post.mailbox("bob");
        try (var ann = post.access("ann")) {
            post.submit(ann, MESSAGE, "bob");
        }
        var late = post.database.transact(tx -> new Queue().claim(tx, 10, Duration.ofMillis(1)));
        await().until(() -> post.runner.runOnce() == 1);
        assertThat(post.messages(bob)).isEqualTo(1);
        assertThat(post.database.<Integer>transact(
                        tx -> new Queue().lockOwn(tx, late).size()))
                .isZero();
    }

    @Test
    @DisplayName(
            "a claim that comes a moment too late holds the row for that moment: who has claimed it waits, not until the lease")
    void waitsForLateClaim() throws Exception {
        post.mailbox("bob");
        post.mailbox("ann");
        try (var ann = post.access("ann")) {
            post.submit(ann, MESSAGE, "bob");
        }
        var claimed = post.database.transact(tx -> new Queue().claim(tx, 10, Duration.ofMinutes(1)));
        var held = new CountDownLatch(1);
        var over = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var late = threads.submit(() -> post.database.transact(tx -> {
                tx.one("SELECT queue_id FROM queue_recipient FOR NO KEY UPDATE", row -> row.longValue(1));
                held.countDown();
                return awaited(over);
            }));
            assertThat(held.await(1, TimeUnit.MINUTES)).isTrue();
            var own = threads.submit(() -> post.database.<Integer>transact(
                    tx -> new Queue().lockOwn(tx, claimed).size()));
            await().until(() -> post.count("SELECT count(*) FROM pg_stat_activity"
                            + " WHERE datname = current_database() AND wait_event_type = 'Lock'")
                    == 1);
            over.countDown();
            assertThat(late.get()).isTrue();
            assertThat(own.get()).isEqualTo(1);
        }
    }

    private static boolean awaited(CountDownLatch latch) {
        try {
            return latch.await(1, TimeUnit.MINUTES);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    @DisplayName("RFC 3464: a recipient that could not get it until its expiry is given up, and the sender told why")
    void expiredIsReported() {
        var ann = post.mailbox("ann");
        var bob = post.mailbox("bob");
        try (var access = post.access("ann")) {
            post.submit(access, MESSAGE, "bob");
        }
        post.change(Post.plan(10));
        post.database.transact(tx -> tx.update("UPDATE queue SET expires_at = clock_timestamp()"));
        assertThat(post.runner.runOnce()).isEqualTo(1);
        assertThat(post.messages(bob)).isZero();
        post.change(Post.plan(1 << 20));
        await().atMost(Duration.ofSeconds(30)).until(() -> post.runner.runOnce() == 0 && post.messages(ann) == 1);
        assertThat(post.inbox(ann).getFirst())
                .contains("Final-Recipient: rfc822; bob@example.org\r\nAction: failed\r\nStatus: 5.4.7\r\n")
                .contains("<bob@example.org>: 452 4.2.2 The mailbox is full\r\n");
        assertThat(post.count("SELECT count(*) FROM queue_recipient")).isZero();
    }

    @Test
    void sweepsContentsOfUnfinishedAcceptances() {
        var queue = new Queue();
        post.database.transact(
                tx -> tx.update(
                        "INSERT INTO queue_content (queue_id, content, created_at) VALUES (1, '', now() - interval '2 hours')"));
        assertThat(post.database.<Integer>once(tx -> queue.sweep(tx, Duration.ofHours(3))))
                .isZero();
        assertThat(post.database.<Integer>once(tx -> queue.sweep(tx, Duration.ofHours(1))))
                .isEqualTo(1);
    }
}
