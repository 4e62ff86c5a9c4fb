package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.database.Database;
import org.postern.database.DatabaseFailure;
import org.postern.model.FolderId;
import org.postern.model.MailboxId;
import org.postern.model.UidSet;
import org.postern.testkit.OnScratch;

/** Of two nodes on one database. */
class RecentClaimsTest {
    @RegisterExtension
    static final OnScratch<TwoNodes> NODES = TwoNodes.forClass();

    private final Store store;
    private final Store otherNode;
    private final MailboxId mailbox;
    private final FolderId inbox;

    RecentClaimsTest(TwoNodes nodes) {
        this.store = nodes.one;
        this.otherNode = nodes.other;
        this.mailbox = store.mailbox();
        this.inbox = store.inbox(mailbox);
    }

    @Test
    @DisplayName("RFC 3501 §2.3.2: one session alone, of all nodes, is told that a message is \\Recent")
    void claimsRecent() {
        try (var first = store.feed.watch(inbox, () -> {});
                var second = store.feed.watch(inbox, () -> {});
                var there = otherNode.feed.watch(inbox, () -> {})) {
            assertThat(first.claimRecent(1)).isEqualTo(UidSet.empty());
            store.filled(mailbox, "INBOX", 2);
            assertThat(store.status(inbox).recent()).isEqualTo(2);
            assertThat(second.claimRecent(3)).isEqualTo(UidSet.of(1, 2));
            assertThat(first.claimRecent(3)).isEqualTo(UidSet.empty());
            assertThat(there.claimRecent(3)).isEqualTo(UidSet.empty());
            store.filled(mailbox, "INBOX", 3);
            assertThat(store.status(inbox).recent()).isEqualTo(3);
            // What is newer than its snapshot it takes as well, for nobody else will hear that it is recent.
            assertThat(there.claimRecent(4)).isEqualTo(UidSet.of(3, 4, 5));
            assertThat(first.claimRecent(6)).isEqualTo(UidSet.empty());
            assertThat(store.status(inbox).recent()).isZero();
        }
    }

    @Test
    @DisplayName("of many sessions that a message wakes, one asks the database whether it is \\Recent")
    void asksOnceForRecent() throws InterruptedException {
        store.filled(mailbox, "INBOX", 1);
        var answered = new AtomicInteger();
        var taken = new AtomicLong();
        try (var watch = store.feed.watch(inbox, () -> {});
                var sessions = Executors.newVirtualThreadPerTaskExecutor()) {
            store.database.transact(tx -> {
                tx.one(
                        "SELECT true FROM folder WHERE mailbox_id = ? AND folder_id = ? FOR UPDATE",
                        row -> row.bool(1),
                        mailbox.value(),
                        inbox.id());
                for (int i = 0; i < 100; i++) {
                    sessions.execute(() -> {
                        taken.addAndGet(watch.claimRecent(2).size());
                        answered.incrementAndGet();
                    });
                }
                await().until(() -> answered.get() == 99 && claimsUnderWay() > 0);
                assertThat(claimsUnderWay()).isEqualTo(1);
                return true;
            });
            sessions.shutdown();
            assertThat(sessions.awaitTermination(1, TimeUnit.MINUTES)).isTrue();
            assertThat(taken.get()).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("a question to the database that fails takes nothing, and is asked again")
    void asksAgain() {
        store.filled(mailbox, "INBOX", 1);
        var closed = Database.attach(NODES.scratch().settings());
        closed.close();
        var claims = new RecentClaims(closed, inbox);
        for (int i = 0; i < 2; i++) { // The second is not told that the first is still asking.
            assertThatExceptionOfType(DatabaseFailure.class).isThrownBy(() -> claims.claim(2));
        }
        try (var watch = store.feed.watch(inbox, () -> {})) {
            assertThat(watch.claimRecent(2)).isEqualTo(UidSet.of(1));
        }
    }

    private long claimsUnderWay() {
        return otherNode.database.once(tx -> tx.one("""
                SELECT count(*) FROM pg_stat_activity
                 WHERE datname = current_database() AND state = 'active' AND query LIKE '%SET recent_from = uid_next%'
                   AND pid <> pg_backend_pid()""", row -> row.longValue(1)));
    }
}
