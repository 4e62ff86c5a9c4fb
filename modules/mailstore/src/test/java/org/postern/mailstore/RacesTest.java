package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.model.FlagChange;
import org.postern.model.FlagChange.Mode;
import org.postern.model.Flags;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.Keyword;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;
import org.postern.model.SystemFlag;
import org.postern.model.Uid;
import org.postern.model.UidSet;
import org.postern.testkit.OnScratch;

class RacesTest {
    @RegisterExtension
    static final OnScratch<TwoNodes> NODES = TwoNodes.forClass();

    private final Store store;
    private final Store otherNode;
    private final MailboxId mailbox;
    private final FolderId inbox;

    RacesTest(TwoNodes nodes) {
        this.store = nodes.one;
        this.otherNode = nodes.other;
        this.mailbox = store.mailbox();
        this.inbox = store.inbox(mailbox);
    }

    @AfterEach
    void holds() {
        assertThat(store.violations()).isEmpty();
    }

    private static void race(List<? extends Callable<?>> runners) throws Exception {
        var start = new CyclicBarrier(runners.size());
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var running = new ArrayList<Future<?>>();
            for (var runner : runners) {
                running.add(threads.submit(() -> {
                    start.await(10, TimeUnit.SECONDS);
                    return runner.call();
                }));
            }
            for (var one : running) {
                one.get(60, TimeUnit.SECONDS);
            }
        }
    }

    @Test
    @DisplayName(
            "RFC 9208 §4.1: appends, copies and deliveries race for the last bytes, and exactly as many fit as fit")
    void racesForQuota() throws Exception {
        var message = Store.numbered(100);
        long size = message.bytes().size();
        store.append(mailbox, "Sent", message);
        var sent = store.folder(mailbox, "Sent");
        var limit = new StorageLimit(size * 50 + size / 2);
        var stored = new AtomicInteger(1);
        var runners = new ArrayList<Callable<?>>();
        for (var folder : List.of("INBOX", "Archive", "Drafts", "INBOX")) {
            runners.add(() -> {
                for (int i = 0; i < 20; i++) {
                    if (store.tryAppend(mailbox, folder, limit, message) instanceof AppendOutcome.Appended) {
                        stored.incrementAndGet();
                    }
                    if (otherNode.folders.copy(sent, UidSet.of(1), new FolderName("Junk"), limit)
                            instanceof CopyOutcome.Copied) {
                        stored.incrementAndGet();
                    }
                }
                return true;
            });
        }
        race(runners);
        assertThat(stored).hasValue(50);
        assertThat(store.tree.statuses(mailbox).stream()
                        .mapToLong(FolderStatus::messages)
                        .sum())
                .isEqualTo(50);
    }

    @Test
    @DisplayName("RFC 9051 §2.3.1.1: UIDs become visible in order, whoever appends")
    void showsUidsInOrder() throws Exception {
        var done = new AtomicInteger();
        var runners = new ArrayList<Callable<?>>();
        for (int t = 0; t < 3; t++) {
            runners.add(() -> {
                for (int i = 0; i < 60; i++) {
                    store.append(mailbox, "INBOX", Store.numbered(i));
                }
                return done.incrementAndGet();
            });
        }
        runners.add(() -> {
            var known = UidSet.empty();
            var loader = new SnapshotLoader(otherNode.database);
            while (done.get() < 3) {
                var seen = loader.load(inbox).uids();
                assertThat(seen.rangeCount()).isLessThanOrEqualTo(1);
                assertThat(known.intersection(seen)).isEqualTo(known);
                known = seen;
            }
            return true;
        });
        race(runners);
        assertThat(store.fresh(inbox).uids()).isEqualTo(Store.uids(1, 180));
    }

    @Test
    @DisplayName("folders are renamed, deleted and made anew while mail is appended, copied and moved: all or nothing")
    void racesWithTheTree() throws Exception {
        var running = new AtomicInteger(4);
        var name = new FolderName("x");
        var runners = new ArrayList<Callable<?>>();
        for (int t = 0; t < 2; t++) {
            int seed = t;
            runners.add(() -> {
                var random = new Random(seed);
                var on = seed == 0 ? store : otherNode;
                for (int i = 0; i < 60; i++) {
                    switch (random.nextInt(5)) {
                        case 0 -> on.tree.create(mailbox, name, Optional.empty());
                        case 1 -> on.tree.delete(mailbox, name);
                        case 2 -> on.tree.rename(mailbox, name, new FolderName("y"));
                        case 3 -> on.tree.rename(mailbox, new FolderName("y"), name);
                        default -> on.tree.rename(mailbox, FolderName.INBOX, new FolderName("old" + seed + "." + i));
                    }
                }
                return running.decrementAndGet();
            });
        }
        for (int t = 0; t < 2; t++) {
            int seed = 10 + t;
            runners.add(() -> {
                var random = new Random(seed);
                for (int i = 0; i < 80; i++) {
                    var uids = store.append(mailbox, "INBOX", Store.numbered(i), Store.numbered(i))
                            .uids();
                    store.tryAppend(mailbox, "x", StorageLimit.NONE, Store.numbered(i));
                    if (random.nextBoolean()) {
                        otherNode.folders.copy(inbox, uids, name, StorageLimit.NONE);
                    } else {
                        store.folders.move(inbox, uids, name);
                    }
                    store.tree.find(mailbox, name).ifPresent(entry -> {
                        store.add(entry.id(), Store.uids(1, 3), SystemFlag.DELETED);
                        store.folders.expunge(entry.id(), Optional.empty());
                        store.folders.move(entry.id(), Store.uids(1, Uid.MAX), FolderName.INBOX);
                    });
                }
                return running.decrementAndGet();
            });
        }
        race(runners);
        assertThat(running).hasValue(0);
    }

    /** One change as its author heard of it. */
    private sealed interface Told {
        record Added(UidSet uids, Flags flags) implements Told {}

        record Copies(UidSet uids) implements Told {}

        record Changed(List<NewFlags> flags) implements Told {}

        record Gone(UidSet uids) implements Told {}
    }

    private record Entry(FolderId folder, long modseq, Told what) {}

    @Test
    @DisplayName(
            "many clients at random on two nodes: what each was told, replayed by modseq, is what the database has")
    void replays() throws Exception {
        long seed = System.nanoTime();
        System.out.println("RacesTest.replays seed " + seed);
        var told = new ConcurrentLinkedQueue<Entry>();
        var names = List.of("INBOX", "Archive", "Trash");
        var ids = names.stream().map(some -> store.folder(mailbox, some)).toList();
        var watches = List.of(store.feed.watch(inbox, () -> {}), otherNode.feed.watch(inbox, () -> {}));
        var runners = new ArrayList<Callable<?>>();
        for (int t = 0; t < 5; t++) {
            var random = new Random(seed + t);
            var on = t % 2 == 0 ? store : otherNode;
            runners.add(() -> {
                for (int i = 0; i < 120; i++) {
                    act(on, random, names, ids, told);
                    if (i % 10 == 0) {
                        watches.get(random.nextInt(2)).snapshot();
                    }
                }
                return true;
            });
        }
        race(runners);

        for (var folder : ids) {
            var model = replay(
                    told.stream().filter(entry -> entry.folder.equals(folder)).toList(), seed);
            var fresh = store.fresh(folder);
            assertThat(fresh.uids())
                    .as("seed %d", seed)
                    .isEqualTo(
                            UidSet.of(model.keySet().stream().mapToLong(x -> x).toArray()));
            for (int i = 0; i < fresh.size(); i++) {
                var expected = model.get(fresh.uid(i));
                if (expected != null && expected.isPresent()) {
                    assertThat(fresh.flags(i))
                            .as("seed %d uid %d", seed, fresh.uid(i))
                            .isEqualTo(expected.get());
                }
            }
        }
        var fresh = Store.rows(store.fresh(inbox));
        for (var watch : watches) {
            org.awaitility.Awaitility.await()
                    .untilAsserted(
                            () -> assertThat(Store.rows(watch.snapshot())).isEqualTo(fresh));
            watch.close();
        }
    }

    private void act(
            Store on, Random random, List<String> names, List<FolderId> ids, ConcurrentLinkedQueue<Entry> told) {
        int at = random.nextInt(3);
        var folder = ids.get(at);
        var target = new FolderName(names.get(random.nextInt(3)));
        long from = 1L + random.nextInt(200);
        var some = Store.uids(from, from + random.nextInt(20));
        switch (random.nextInt(8)) {
            case 0, 1, 2 -> {
                var flags = random.nextBoolean() ? new SystemFlag[] {SystemFlag.SEEN} : new SystemFlag[0];
                var appended = on.append(mailbox, names.get(at), Store.numbered(at, flags), Store.numbered(at, flags));
                told.add(
                        new Entry(folder, appended.modseq().value(), new Told.Added(appended.uids(), Flags.of(flags))));
            }
            case 3 -> {
                if (on.folders.copy(folder, some, target, StorageLimit.NONE) instanceof CopyOutcome.Copied copied) {
                    told.add(new Entry(copied.target(), copied.modseq().value(), new Told.Copies(copied.to())));
                }
            }
            case 4 -> {
                // A MOVE tells the source's modseq alone; the target's is found from what is left out.
                if (!names.get(at).equals(target.value())
                        && on.folders.move(folder, some, target) instanceof MoveOutcome.Moved moved) {
                    told.add(new Entry(folder, moved.sourceModseq().value(), new Told.Gone(moved.from())));
                    told.add(new Entry(moved.target(), -1, new Told.Copies(moved.to())));
                }
            }
            case 5, 6 -> {
                var modes = Mode.values();
                var flags = new Flags(random.nextInt(32), List.of(new Keyword("k" + random.nextInt(3))));
                var stored = (StoreOutcome.Stored) on.folders.store(
                        folder, some, new FlagChange(modes[random.nextInt(3)], flags), Optional.empty());
                if (!stored.flags().isEmpty()) {
                    told.add(new Entry(folder, stored.modseq().value(), new Told.Changed(stored.flags())));
                }
            }
            default -> {
                if (on.folders.expunge(folder, random.nextBoolean() ? Optional.of(some) : Optional.empty())
                        instanceof ExpungeOutcome.Expunged(var modseq, var uids)) {
                    told.add(new Entry(folder, modseq.value(), new Told.Gone(uids)));
                }
            }
        }
    }

    /** What the folder must hold; flags of copies are not known. */
    private static java.util.Map<Long, Optional<Flags>> replay(List<Entry> entries, long seed) {
        var model = new java.util.TreeMap<Long, Optional<Flags>>();
        var moves = entries.stream().filter(entry -> entry.modseq < 0).toList();
        moves.forEach(entry -> ((Told.Copies) entry.what).uids.forEach(uid -> model.put(uid, Optional.empty())));
        var ordered = entries.stream()
                .filter(entry -> entry.modseq >= 0)
                .sorted(java.util.Comparator.comparingLong(Entry::modseq))
                .toList();
        long last = 0;
        for (var entry : ordered) {
            assertThat(entry.modseq).as("seed %d: one change, one modseq", seed).isGreaterThan(last);
            last = entry.modseq;
            switch (entry.what) {
                case Told.Added(var uids, var flags) -> uids.forEach(uid -> model.put(uid, Optional.of(flags)));
                case Told.Copies(var uids) -> uids.forEach(uid -> model.put(uid, Optional.empty()));
                case Told.Changed(var groups) ->
                    groups.forEach(group -> group.uids().forEach(uid -> {
                        assertThat(model).as("seed %d uid %d", seed, uid).containsKey(uid);
                        model.put(uid, Optional.of(group.flags()));
                    }));
                case Told.Gone(var uids) ->
                    uids.forEach(uid -> assertThat(model.remove(uid))
                            .as("seed %d uid %d", seed, uid)
                            .isNotNull());
            }
        }
        return model;
    }
}
