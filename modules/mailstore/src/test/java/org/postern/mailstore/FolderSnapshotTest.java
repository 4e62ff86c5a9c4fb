package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.model.FlagChange;
import org.postern.model.Flags;
import org.postern.model.FolderId;
import org.postern.model.Keyword;
import org.postern.model.MailboxId;
import org.postern.model.Modseq;
import org.postern.model.SystemFlag;
import org.postern.model.Uid;
import org.postern.model.UidSet;
import org.postern.model.UidValidity;

class FolderSnapshotTest {
    private static final FolderId FOLDER = new FolderId(new MailboxId(1), 1);

    private static FolderSnapshot empty() {
        var head = new FolderSnapshot.Head(FOLDER, new UidValidity(1), 1, new Modseq(1), false, List.of());
        return new FolderSnapshot(head, new Chunk[0]);
    }

    private static MessageRow row(long uid, int bits, long modseq) {
        return new MessageRow(uid, (byte) bits, List.of(), modseq, uid * 1000, (int) (uid % 1000), uid + 7);
    }

    private static FolderSnapshot of(int count) {
        var rows = new ArrayList<MessageRow>();
        for (int uid = 1; uid <= count; uid++) {
            rows.add(row(uid, 0, 2));
        }
        return empty().edited(empty().head().at(new Modseq(2)), UidSet.empty(), rows);
    }

    @Test
    @DisplayName("a thousand random changes: rows, indexes and differences agree with a sorted map")
    void agreesWithAMap() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        var model = new TreeMap<Long, MessageRow>();
        var snapshot = empty();
        var before = snapshot;
        var modelBefore = new TreeMap<>(model);
        long next = 1;
        for (int step = 2; step < 1_000; step++) {
            int modseq = step;
            var gone = new UidSet.Builder();
            var rows = new TreeMap<Long, MessageRow>();
            switch (random.nextInt(4)) {
                case 0, 1 -> {
                    for (int i = random.nextInt(200); i >= 0; i--) {
                        rows.put(next, row(next, random.nextInt(32), step));
                        next += 1 + random.nextInt(3);
                    }
                }
                case 2 ->
                    model.keySet().stream()
                            .filter(uid -> random.nextInt(20) == 0)
                            .forEach(uid -> rows.put(uid, row(uid, random.nextInt(32), modseq)));
                case 3 -> {
                    int rare = 1 + random.nextInt(30);
                    model.keySet().stream()
                            .filter(_ -> random.nextInt(rare) == 0)
                            .forEach(gone::add);
                }
                default -> throw new AssertionError();
            }
            var expunged = gone.build();
            expunged.forEach(model::remove);
            model.putAll(rows);
            snapshot = snapshot.edited(snapshot.head().at(new Modseq(step)), expunged, List.copyOf(rows.values()));
            assertThat(Store.rows(snapshot))
                    .as("seed %d step %d", seed, step)
                    .containsExactlyElementsOf(model.values());
            if (random.nextInt(5) == 0) {
                compare(before, modelBefore, snapshot, model, "seed " + seed + " step " + step);
                before = snapshot;
                modelBefore = new TreeMap<>(model);
            }
        }
    }

    private static void compare(
            FolderSnapshot before,
            SortedMap<Long, MessageRow> modelBefore,
            FolderSnapshot now,
            SortedMap<Long, MessageRow> model,
            String what) {
        var expunged = new UidSet.Builder();
        var added = new UidSet.Builder();
        var changed = new UidSet.Builder();
        modelBefore.keySet().stream().filter(uid -> !model.containsKey(uid)).forEach(expunged::add);
        model.forEach((uid, row) -> {
            var old = modelBefore.get(uid);
            if (old == null) {
                added.add(uid);
            } else if (old.modseq() != row.modseq()) {
                changed.add(uid);
            }
        });
        var difference = now.differenceFrom(before);
        assertThat(difference)
                .as(what)
                .isEqualTo(new SnapshotDifference(expunged.build(), added.build(), changed.build()));
        var index = 0;
        for (var uid : model.keySet()) {
            assertThat(now.indexOf(uid)).isEqualTo(index);
            assertThat(now.uid(index)).isEqualTo(uid);
            if (!model.containsKey(uid + 1)) {
                assertThat(now.indexOf(uid + 1)).isEqualTo(-index - 2);
            }
            index++;
        }
        // What a client sees that may not hear of expunges: all it knew, and all that is new.
        var retained = now.retaining(before, difference.expunged());
        assertThat(retained.uids()).as(what).isEqualTo(now.uids().union(before.uids()));
        assertThat(now.differenceFrom(retained).expunged()).isEqualTo(difference.expunged());
        assertThat(now.differenceFrom(retained).changed().isEmpty()).isTrue();
        assertThat(retained.differenceFrom(before).expunged().isEmpty()).isTrue();
    }

    @Test
    void sharesWhatDoesNotChange() {
        var old = of(100_000);
        var young = old.edited(old.head().at(new Modseq(3)), UidSet.of(50_000), List.of(row(100_001, 0, 3)));
        long start = System.nanoTime();
        var difference = young.differenceFrom(old);
        assertThat(difference.expunged()).isEqualTo(UidSet.of(50_000));
        assertThat(difference.added()).isEqualTo(UidSet.of(100_001));
        System.out.println(
                "difference of two changes in 100,000 messages: " + (System.nanoTime() - start) / 1000 + " us, cold");
    }

    @Test
    @DisplayName("what was compared last is not compared again; what comes between is")
    void remembersTheLastDifference() {
        var old = of(10);
        var young = old.edited(old.head().at(new Modseq(3)), UidSet.of(5), List.of(row(11, 0, 3)));
        var difference = young.differenceFrom(old);
        assertThat(young.differenceFrom(old)).isSameAs(difference);
        assertThat(young.differenceFrom(young).isEmpty()).isTrue();
        assertThat(young.differenceFrom(old)).isEqualTo(difference);
    }

    @Test
    void holdsTheLastUids() {
        var last = of(3).edited(empty().head(), UidSet.empty(), List.of(row(Uid.MAX - 1, 1, 3), row(Uid.MAX, 0, 3)));
        assertThat(last.indexOf(Uid.MAX)).isEqualTo(4);
        assertThat(last.uid(3)).isEqualTo(Uid.MAX - 1);
        assertThat(last.indexOf(Uid.MAX - 2)).isEqualTo(-4);
        assertThat(last.firstUnseen()).isZero();
    }

    @Test
    @DisplayName("RFC 9051 §6.4.6: after an own STORE another client's change still shows")
    void predicts() {
        var told = of(3);
        var seen = Flags.of(SystemFlag.SEEN);
        var both = Flags.of(SystemFlag.SEEN, SystemFlag.FLAGGED);
        // Somebody else has flagged message 2 in modseq 3, of which this client was not told.
        var newest = told.edited(
                told.head().at(new Modseq(4)),
                UidSet.empty(),
                List.of(
                        row(1, seen.systemBits(), 4),
                        row(2, both.systemBits(), 4),
                        new MessageRow(3, (byte) 1, List.of(new Keyword("k")), 4, 3000, 3, 10)));
        var stored = new StoreOutcome.Stored(
                new Modseq(4),
                List.of(
                        new NewFlags(seen, UidSet.of(1)),
                        new NewFlags(both, UidSet.of(2)),
                        new NewFlags(new Flags(1, List.of(new Keyword("k"))), UidSet.of(3))),
                UidSet.empty());

        var predicted = told.predicting(new FlagChange(FlagChange.Mode.ADD, seen), stored);

        assertThat(predicted.flags(1)).isEqualTo(seen);
        assertThat(newest.differenceFrom(predicted).changed()).isEqualTo(UidSet.of(2, 3));
    }
}
