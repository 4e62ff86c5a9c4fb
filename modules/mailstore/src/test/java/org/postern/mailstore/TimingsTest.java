package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.model.FlagChange.Mode;
import org.postern.model.Flags;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.StorageLimit;
import org.postern.model.SystemFlag;
import org.postern.model.Uid;
import org.postern.model.UidSet;
import org.postern.testkit.OnScratch;

/**
 * Prints what operations cost, and holds what must not grow with a folder; a measurement, run by hand on a quiet machine
 * with {@code -Dpostern.measure=true}.
 */
@EnabledIfSystemProperty(named = "postern.measure", matches = "true")
class TimingsTest {
    private static final int ROUNDS = 21;

    @RegisterExtension
    static final OnScratch<Store> STORE = Store.forClass();

    private final Store store;

    TimingsTest(Store store) {
        this.store = store;
    }

    private interface Step {
        void run(int round) throws IOException;
    }

    /** Median microseconds. */
    private static long median(int rounds, Step step) throws IOException {
        var times = new long[rounds];
        for (int i = 0; i < rounds; i++) {
            long start = System.nanoTime();
            step.run(i);
            times[i] = (System.nanoTime() - start) / 1000;
        }
        Arrays.sort(times);
        return times[rounds / 2];
    }

    private FolderId folderOf(int count) {
        var mailbox = store.mailbox();
        for (int done = 0; done < count; done += 1_000) {
            store.filled(mailbox, "INBOX", Math.min(1_000, count - done));
        }
        return store.inbox(mailbox);
    }

    private static void print(String what, Object figure) {
        System.out.println(String.format(Locale.ROOT, "timing: %-58s %s", what, figure));
    }

    @Test
    @DisplayName("one message's work does not depend on the size of the folder: 1,000, 10,000, 100,000 messages")
    void costsOfOneMessage() throws IOException {
        var figures = new TreeMap<Integer, Map<String, Long>>();
        for (int count : new int[] {1_000, 10_000, 100_000}) {
            var folder = folderOf(count);
            var mailbox = folder.mailbox();
            try (var watch = store.feed.watch(folder, () -> {})) {
                long start = System.nanoTime();
                assertThat(watch.snapshot().size()).isEqualTo(count);
                print("snapshot read whole, " + count + " messages, ms", (System.nanoTime() - start) / 1_000_000);
                long from = count / 2;
                var costs = new TreeMap<String, Long>();
                costs.put("append", median(ROUNDS, i -> store.append(mailbox, "INBOX", Store.numbered(i))));
                costs.put(
                        "store",
                        median(
                                ROUNDS,
                                i -> store.change(
                                        folder, UidSet.of(from + i), Mode.ADD, Flags.of(SystemFlag.DELETED))));
                costs.put(
                        "sparse store of 2",
                        median(
                                ROUNDS,
                                i -> store.change(
                                        folder, UidSet.of(1 + i, count - i), Mode.ADD, Flags.of(SystemFlag.SEEN))));
                costs.put(
                        "copy",
                        median(
                                ROUNDS,
                                i -> store.folders.copy(
                                        folder, UidSet.of(from + i), new FolderName("Sent"), StorageLimit.NONE)));
                costs.put(
                        "uid expunge",
                        median(ROUNDS, i -> store.folders.expunge(folder, java.util.Optional.of(UidSet.of(from + i)))));
                costs.put("append and advance the snapshot in memory", median(ROUNDS, i -> {
                    store.append(mailbox, "INBOX", Store.numbered(i));
                    watch.snapshot();
                }));
                var before = new FolderSnapshot[] {watch.snapshot()};
                store.append(mailbox, "INBOX", Store.numbered(1));
                var after = watch.snapshot();
                costs.put(
                        "difference of one",
                        median(ROUNDS, i -> after.differenceFrom(before[0].under(before[0].head()))));
                var loader = new SnapshotLoader(store.database);
                costs.put("advance by one from the log", median(ROUNDS, i -> loader.advance(before[0])));
                figures.put(count, costs);
                assertThat(Store.rows(watch.snapshot())).isEqualTo(Store.rows(store.fresh(folder)));
            }
        }
        for (var what : figures.firstEntry().getValue().keySet()) {
            var costs = figures.values().stream()
                    .map(row -> row.getOrDefault(what, 0L))
                    .toList();
            print(what + ", us at 1,000, 10,000, 100,000", costs);
            assertThat(costs.getLast()).as(what).isLessThan(4 * costs.getFirst() + 20_000);
        }
        assertThat(store.violations()).isEmpty();
    }

    @Test
    @DisplayName("STORE 1:* of 20,000 is one statement, and so are the reads of 20,000")
    void costsOfManyMessages() throws IOException {
        var folder = folderOf(20_000);
        var all = UidSet.range(1, Uid.MAX);
        var flags = SystemFlag.values();
        print(
                "STORE 1:* +FLAGS on 20,000, ms",
                median(
                                5,
                                i -> assertThat(store.change(folder, all, Mode.ADD, Flags.of(flags[i]))
                                                .changed()
                                                .size())
                                        .isEqualTo(20_000))
                        / 1000);
        print(
                "STORE 1:* +FLAGS on 20,000 that have it, ms",
                median(5, i -> store.change(folder, all, Mode.ADD, Flags.of(flags[i]))) / 1000);
        var odd = new UidSet.Builder();
        for (long uid = 1; uid <= 20_000; uid += 2) {
            odd.add(uid);
        }
        print(
                "STORE of 10,000 single UIDs, ms",
                median(3, i -> store.change(folder, odd.build(), Mode.REMOVE, Flags.of(flags[i]))) / 1000);
        print("snapshot read whole, 20,000, ms", median(7, i -> store.fresh(folder)) / 1000);
        for (var part : ContentPart.values()) {
            print(
                    "read " + part + " of 20,000 small messages, ms",
                    median(3, i -> {
                                var count = new AtomicInteger();
                                store.contents.messages(
                                        folder, all, EnumSet.of(part), message -> count.incrementAndGet());
                                assertThat(count).hasValue(20_000);
                            })
                            / 1000);
        }
        print(
                "COPY of 20,000, ms",
                median(1, i -> store.folders.copy(folder, all, new FolderName("Archive"), StorageLimit.NONE)) / 1000);
        print("MOVE of 20,000, ms", median(1, i -> store.folders.move(folder, all, new FolderName("Trash"))) / 1000);
        var trash = store.folder(folder.mailbox(), "Trash");
        store.change(trash, all, Mode.ADD, Flags.of(SystemFlag.DELETED));
        print("EXPUNGE of 20,000, ms", median(1, i -> store.folders.expunge(trash, java.util.Optional.empty())) / 1000);
        assertThat(store.violations()).isEmpty();
    }
}
