package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.model.FlagChange.Mode;
import org.postern.model.Flags;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.Keyword;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;
import org.postern.model.SystemFlag;
import org.postern.model.UidSet;
import org.postern.testkit.OnScratch;

class FolderFeedTest {
    @RegisterExtension
    static final OnScratch<TwoNodes> NODES = TwoNodes.forClass();

    private final Store store;
    private final Store otherNode;
    private final MailboxId mailbox;
    private final FolderId inbox;

    FolderFeedTest(TwoNodes nodes) {
        this.store = nodes.one;
        this.otherNode = nodes.other;
        this.mailbox = store.mailbox();
        this.inbox = store.inbox(mailbox);
    }

    private void sameAsRead(FolderSnapshot snapshot) {
        var fresh = store.fresh(inbox);
        assertThat(Store.rows(snapshot)).isEqualTo(Store.rows(fresh));
        assertThat(snapshot.modseq()).isEqualTo(fresh.modseq());
        assertThat(snapshot.uidNext()).isEqualTo(fresh.uidNext());
        assertThat(snapshot.keywords()).containsExactlyInAnyOrderElementsOf(fresh.keywords());
    }

    @Test
    @DisplayName("a watcher hears of every change of this node, and its snapshot is as if read anew, without reading")
    void followsThisNode() {
        var woken = new AtomicInteger();
        store.filled(mailbox, "INBOX", 600);
        try (var watch = store.feed.watch(inbox, woken::incrementAndGet)) {
            sameAsRead(watch.snapshot());
            var before = store.feed.statistics();
            store.filled(mailbox, "INBOX", 3);
            sameAsRead(watch.snapshot());
            store.change(inbox, Store.uids(2, 500), Mode.ADD, Flags.of(SystemFlag.DELETED));
            store.change(inbox, UidSet.of(1, 600), Mode.ADD, new Flags(2, List.of(new Keyword("Work"))));
            sameAsRead(watch.snapshot());
            store.folders.expunge(inbox, Optional.of(Store.uids(300, 400)));
            store.folders.move(inbox, UidSet.of(450), new FolderName("Trash"));
            sameAsRead(watch.snapshot());
            var after = store.feed.statistics();
            assertThat(after.loaded()).isEqualTo(before.loaded());
            assertThat(after.advanced()).isEqualTo(before.advanced());
            await().untilAsserted(() -> assertThat(woken.get()).isPositive());
            store.folders.copy(inbox, UidSet.of(1, 2), FolderName.INBOX, StorageLimit.NONE);
            sameAsRead(watch.snapshot());
            assertThat(store.feed.statistics().advanced()).isEqualTo(before.advanced() + 1);
        }
    }

    @Test
    @DisplayName("a watcher on another node hears through the database")
    void followsTheOtherNode() {
        store.filled(mailbox, "INBOX", 5);
        var woken = new AtomicInteger();
        try (var there = otherNode.feed.watch(inbox, woken::incrementAndGet);
                var here = store.feed.watch(inbox, () -> {})) {
            assertThat(there.snapshot().size()).isEqualTo(5);
            assertThat(here.snapshot().size()).isEqualTo(5);
            store.append(mailbox, "INBOX", Store.numbered(6));
            await().untilAsserted(() -> assertThat(there.snapshot().size()).isEqualTo(6));
            otherNode.folders.remove(inbox, UidSet.of(1, 2));
            store.add(inbox, UidSet.of(3), SystemFlag.SEEN);
            await().untilAsserted(() -> sameAsRead(here.snapshot()));
            await().untilAsserted(() -> sameAsRead(there.snapshot()));
            assertThat(woken.get()).isPositive();
        }
    }

    @Test
    @DisplayName("a new watch sees at once what another node has committed, notified or not")
    void verifiesFirst() {
        store.filled(mailbox, "INBOX", 2);
        try (var first = otherNode.feed.watch(inbox, () -> {})) {
            assertThat(first.snapshot().size()).isEqualTo(2);
        }
        // Behind everybody's back, as a crash between commit and notification would look.
        silentlyRemove(UidSet.of(1));
        try (var second = otherNode.feed.watch(inbox, () -> {})) {
            assertThat(second.snapshot().uids()).isEqualTo(UidSet.of(2));
        }
    }

    @Test
    @DisplayName(
            "what one who opens a folder finds, those who wait there hear too: the notification is no news any more")
    void wakesWhoWaits() {
        store.filled(mailbox, "INBOX", 3);
        var woken = new AtomicInteger();
        try (var waiting = store.feed.watch(inbox, woken::incrementAndGet)) {
            assertThat(waiting.snapshot().size()).isEqualTo(3);
            silentlyRemove(UidSet.of(1));
            try (var byId = store.feed.watch(inbox, () -> {})) {
                assertThat(byId.snapshot().uids()).isEqualTo(UidSet.of(2, 3));
            }
            await().untilAsserted(() -> assertThat(woken.get()).isPositive());
            woken.set(0);
            silentlyRemove(UidSet.of(2));
            try (var byRow = store.feed.watch(store.entry(inbox), () -> {})) {
                assertThat(byRow.snapshot().uids()).isEqualTo(UidSet.of(3));
            }
            await().untilAsserted(() -> assertThat(woken.get()).isPositive());
            assertThat(waiting.snapshot().uids()).isEqualTo(UidSet.of(3));
        }
    }

    @Test
    @DisplayName("what no notification told is found by comparing watched folders with the database")
    void polls() {
        store.filled(mailbox, "INBOX", 3);
        var woken = new CountDownLatch(1);
        try (var impatient = new Store(
                        NODES.scratch().anotherNode(),
                        new FeedSettings(Duration.ofMillis(20), Duration.ofMillis(5), 100));
                var watch = impatient.feed.watch(inbox, woken::countDown)) {
            assertThat(watch.snapshot().size()).isEqualTo(3);
            silentlyRemove(UidSet.of(2));
            await().untilAsserted(() -> assertThat(woken.getCount()).isZero());
            assertThat(watch.snapshot().uids()).isEqualTo(UidSet.of(1, 3));
        }
    }

    private void silentlyRemove(UidSet uids) {
        store.database.once(tx -> tx.first(
                "SELECT outcome FROM expunge_messages(?, ?, ?, true)",
                row -> row.text(1),
                mailbox.value(),
                inbox.id(),
                org.postern.database.Multirange.of(uids)));
    }

    @Test
    @DisplayName("news out of order, repeated or missing never make a wrong snapshot")
    void appliesNewsInOrder() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var loader = new SnapshotLoader(store.database);
        store.filled(mailbox, "INBOX", 50);
        for (int round = 0; round < 20; round++) {
            var watched = new WatchedFolder(
                    inbox, loader, new RecentClaims(store.database, inbox), new WatchedFolder.Counters());
            watched.current();
            var news = new ArrayList<FolderNews>();
            for (int i = 0; i < 12; i++) {
                news.add(change(random));
            }
            Collections.shuffle(news, random);
            var told = random.nextBoolean() ? news : news.subList(random.nextInt(6), news.size());
            for (var some : told) {
                watched.hear(some);
                if (random.nextInt(3) == 0) {
                    watched.hear(some);
                }
                if (random.nextInt(4) == 0) {
                    var now = watched.current();
                    assertThat(now.modseq().value())
                            .as("seed %d", seed)
                            .isGreaterThanOrEqualTo(some.modseq().value());
                }
            }
            watched.hear(store.status(inbox).highestModseq().value());
            sameAsRead(watched.current());
        }
    }

    /** Changes the folder, and gives the news that its own node would hear. */
    private FolderNews change(Random random) {
        var uids = store.fresh(inbox).uids();
        var some = new UidSet.Builder();
        uids.forEach(uid -> {
            if (random.nextInt(10) == 0) {
                some.add(uid);
            }
        });
        var chosen = some.build();
        if (chosen.isEmpty() || random.nextInt(3) == 0) {
            var appended = store.append(mailbox, "INBOX", Store.numbered(random.nextInt(1000)));
            var fresh = store.fresh(inbox);
            return new FolderNews.Added(inbox, appended.modseq(), List.of(fresh.row(fresh.size() - 1)));
        }
        if (random.nextInt(4) == 0) {
            var removed = (ExpungeOutcome.Expunged) store.folders.remove(inbox, chosen);
            return new FolderNews.Removed(inbox, removed.modseq(), removed.uids());
        }
        var modes = Mode.values();
        var flags = new Flags(random.nextInt(32), List.of(new Keyword("k" + random.nextInt(4))));
        var stored = store.change(inbox, chosen, modes[random.nextInt(modes.length)], flags);
        return stored.flags().isEmpty()
                ? change(random)
                : new FolderNews.Reflagged(inbox, stored.modseq(), stored.flags());
    }

    @Test
    @DisplayName("advancing from the log gives what reading anew gives, above the floor and below it")
    void advancesAsIfRebuilt() {
        var random = new Random(42);
        var loader = new SnapshotLoader(store.database);
        store.filled(mailbox, "INBOX", 700);
        var old = loader.load(inbox);
        for (int round = 0; round < 30; round++) {
            for (int i = 0; i <= round % 5; i++) {
                change(random);
            }
            var advanced = loader.advance(old);
            sameAsRead(advanced);
            if (round == 20) {
                store.database.once(tx -> tx.one("SELECT sweep_changes('0 s', false, 100000)", row -> row.intValue(1)));
                assertThat(loader.advance(old).modseq()).isEqualTo(advanced.modseq());
            }
            old = round % 3 == 0 ? old : advanced;
        }
        assertThat(store.violations()).isEmpty();
    }

    @Test
    @DisplayName("RFC 9051 §6.3.5: who has a deleted folder selected learns of it and keeps what it knew")
    void learnsOfDeletion() {
        store.filled(mailbox, "Archive", 2);
        var archive = store.folder(mailbox, "Archive");
        var woken = new CountDownLatch(1);
        try (var there = otherNode.feed.watch(archive, woken::countDown);
                var here = store.feed.watch(archive, () -> {})) {
            assertThat(there.snapshot().isGone()).isFalse();
            here.snapshot();
            store.tree.delete(mailbox, new FolderName("Archive"));
            assertThat(here.snapshot().isGone()).isTrue();
            assertThat(here.snapshot().size()).isEqualTo(2);
            await().untilAsserted(() -> assertThat(woken.getCount()).isZero());
            await().untilAsserted(() -> assertThat(there.snapshot().isGone()).isTrue());
        }
        try (var late = store.feed.watch(new FolderId(mailbox, 4_711), () -> {})) {
            assertThat(late.snapshot().isGone()).isTrue();
            assertThat(late.snapshot().size()).isZero();
        }
    }

    @Test
    @DisplayName("a thousand watchers of one folder hear of a message within 50 ms")
    void wakesAThousand() throws InterruptedException {
        store.filled(mailbox, "INBOX", 10);
        int count = 1_000;
        var latencies = new long[20];
        var watches = new ArrayList<FolderWatch>();
        var latch = new CountDownLatch[1];
        latch[0] = new CountDownLatch(0);
        try {
            for (int i = 0; i < count; i++) {
                // As a session does: the watcher wakes a virtual thread, which takes the snapshot.
                var self = new FolderWatch[1];
                self[0] = store.feed.watch(
                        inbox,
                        () -> Thread.startVirtualThread(() -> {
                            self[0].snapshot();
                            latch[0].countDown();
                        }));
                self[0].snapshot();
                watches.add(self[0]);
            }
            for (int round = 0; round < latencies.length; round++) {
                latch[0] = new CountDownLatch(count);
                store.append(mailbox, "INBOX", Store.numbered(round));
                long start = System.nanoTime();
                assertThat(latch[0].await(5, TimeUnit.SECONDS)).isTrue();
                latencies[round] = (System.nanoTime() - start) / 1000;
            }
        } finally {
            watches.forEach(FolderWatch::close);
        }
        Arrays.sort(latencies);
        System.out.println("append to the last of 1,000 watchers' snapshots: median " + latencies[10] + " us, worst "
                + latencies[19] + " us");
        // The machine that tests may be busy; the median is ours.
        assertThat(latencies[10]).isLessThan(50_000);
    }

    @Test
    @DisplayName("snapshots that nobody watches are let go at the bound")
    void forgetsIdleSnapshots() {
        try (var small = new Store(
                NODES.scratch().anotherNode(), new FeedSettings(Duration.ofMinutes(1), Duration.ofMillis(5), 25))) {
            for (int i = 0; i < 5; i++) {
                var folder = store.filled(store.mailbox(), "INBOX", 10);
                try (var watch = small.feed.watch(folder, () -> {})) {
                    assertThat(watch.snapshot().size()).isEqualTo(10);
                }
            }
            assertThat(small.feed.statistics().folders()).isEqualTo(2);
            assertThat(small.feed.statistics().messages()).isEqualTo(20);
            assertThat(small.feed.statistics().watchers()).isZero();
        }
    }

    @Test
    void readsPayloads() {
        var heard = new ArrayList<String>();
        var everything = new AtomicInteger();
        ChangeNotifier.read(
                "1/2/3 4/5/6 8/0/0",
                (folder, modseq) -> heard.add(folder + ":" + modseq),
                mailbox -> heard.add("tree of " + mailbox),
                everything::incrementAndGet);
        ChangeNotifier.read(
                "nonsense 7/8 9/10/x -1/1/1 11/12/13",
                (folder, modseq) -> heard.add(folder + ":" + modseq),
                _ -> heard.add("none"),
                () -> {});
        ChangeNotifier.read("*", (_, _) -> heard.add("none"), _ -> heard.add("none"), everything::incrementAndGet);
        assertThat(heard).containsExactly("1/2:3", "4/5:6", "tree of 8", "11/12:13");
        assertThat(everything).hasValue(1);
    }
}
