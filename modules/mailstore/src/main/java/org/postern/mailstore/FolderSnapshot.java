package org.postern.mailstore;

import java.lang.ref.WeakReference;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postern.model.ContentId;
import org.postern.model.FlagChange;
import org.postern.model.Flags;
import org.postern.model.FolderId;
import org.postern.model.Keyword;
import org.postern.model.Modseq;
import org.postern.model.UidSet;
import org.postern.model.UidValidity;

/** A folder's messages at one modseq, immutable; index i is message sequence number i + 1 (RFC 9051 §2.3.1.2). */
public final class FolderSnapshot {
    private final Head head;
    private final Chunk[] chunks;
    /** The index of each chunk's first message. */
    private final int[] starts;

    private final int size;
    /** All who wait for news of a folder have mostly been told of the same snapshot before. */
    private volatile @Nullable Compared lastCompared;

    /** @param older weak, or each snapshot would keep all before it */
    private record Compared(WeakReference<FolderSnapshot> older, SnapshotDifference difference) {}

    /** What a snapshot knows of the folder as a whole. */
    record Head(
            FolderId folder,
            UidValidity uidValidity,
            long uidNext,
            Modseq modseq,
            boolean gone,
            List<Keyword> keywords) {
        Head at(Modseq newModseq) {
            return new Head(folder, uidValidity, uidNext, newModseq, gone, keywords);
        }

        Head withUidNext(long next) {
            return new Head(folder, uidValidity, next, modseq, gone, keywords);
        }

        Head asGone() {
            return new Head(folder, uidValidity, uidNext, modseq, true, keywords);
        }

        /** Knows the keywords of those flags too. */
        Head knowing(List<NewFlags> flags) {
            var known = new LinkedHashSet<>(keywords);
            flags.forEach(some -> known.addAll(some.flags().keywords()));
            return known.size() == keywords.size()
                    ? this
                    : new Head(folder, uidValidity, uidNext, modseq, gone, List.copyOf(known));
        }
    }

    FolderSnapshot(Head head, Chunk[] chunks) {
        this.head = head;
        this.chunks = chunks;
        this.starts = new int[chunks.length];
        int index = 0;
        for (int i = 0; i < chunks.length; i++) {
            starts[i] = index;
            index += chunks[i].size;
        }
        this.size = index;
    }

    public FolderId folder() {
        return head.folder;
    }

    public UidValidity uidValidity() {
        return head.uidValidity;
    }

    /** 1 to 4,294,967,296. */
    public long uidNext() {
        return head.uidNext;
    }

    /** The folder's highest modseq. */
    public Modseq modseq() {
        return head.modseq;
    }

    /** Whether the folder was deleted. */
    public boolean isGone() {
        return head.gone;
    }

    /** All keywords the folder knows, for FLAGS and PERMANENTFLAGS. */
    public List<Keyword> keywords() {
        return head.keywords;
    }

    public int size() {
        return size;
    }

    public long uid(int index) {
        int at = chunkOf(index);
        return chunks[at].uid(index - starts[at]);
    }

    /** The index of that UID; else {@code -(where it would be) - 1}, as of a binary search. */
    public int indexOf(long uid) {
        int low = 0;
        int high = chunks.length - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            var chunk = chunks[middle];
            if (chunk.last() < uid) {
                low = middle + 1;
            } else if (chunk.first() > uid) {
                high = middle - 1;
            } else {
                int at = chunk.indexOf(uid);
                return at >= 0 ? starts[middle] + at : at - starts[middle];
            }
        }
        return -(low < starts.length ? starts[low] : size) - 1;
    }

    /** The {@code SystemFlag.bit()}s. */
    public int systemBits(int index) {
        int at = chunkOf(index);
        return chunks[at].bits(index - starts[at]);
    }

    public Flags flags(int index) {
        int at = chunkOf(index);
        return new Flags(chunks[at].bits(index - starts[at]), chunks[at].keywords(index - starts[at]));
    }

    public Modseq modseq(int index) {
        int at = chunkOf(index);
        return new Modseq(chunks[at].modseq(index - starts[at]));
    }

    public Instant internalDate(int index) {
        int at = chunkOf(index);
        return Instant.ofEpochSecond(chunks[at].date(index - starts[at]));
    }

    /** Bytes. */
    public long size(int index) {
        int at = chunkOf(index);
        return chunks[at].size(index - starts[at]);
    }

    public ContentId content(int index) {
        int at = chunkOf(index);
        return new ContentId(chunks[at].content(index - starts[at]));
    }

    public UidSet uids() {
        var uids = new UidSet.Builder();
        for (var chunk : chunks) {
            for (int i = 0; i < chunk.size; i++) {
                uids.add(chunk.uid(i));
            }
        }
        return uids.build();
    }

    /** The index of the first message without {@code \Seen}, or -1. */
    public int firstUnseen() {
        for (int i = 0; i < chunks.length; i++) {
            int at = chunks[i].firstUnseen();
            if (at >= 0) {
                return starts[i] + at;
            }
        }
        return -1;
    }

    /**
     * What changed since {@code older}; costs what differs, not the size of the folder, and nothing where the last one asked the
     * same.
     */
    public SnapshotDifference differenceFrom(FolderSnapshot older) {
        var last = lastCompared;
        if (last != null && last.older.refersTo(older)) {
            return last.difference;
        }
        var difference = new Comparison(older, this).run();
        lastCompared = new Compared(new WeakReference<>(older), difference);
        return difference;
    }

    /**
     * This snapshot with the messages {@code uids} of {@code told} kept although they are expunged: what a client knows that
     * may not hear of expunges yet (RFC 9051 §7.5.1).
     */
    public FolderSnapshot retaining(FolderSnapshot told, UidSet uids) {
        var rows = new ArrayList<MessageRow>();
        uids.forEach(uid -> {
            int index = told.indexOf(uid);
            if (index >= 0) {
                rows.add(told.row(index));
            }
        });
        return rows.isEmpty() ? this : edited(head, UidSet.empty(), rows);
    }

    /**
     * What a client that was told of this snapshot believes after its own STORE.
     *
     * <p>Where another client changed the same message in between, the message keeps its old modseq, so that the
     * difference to a newer snapshot still shows it; .SILENT must not hide another client's change (RFC 9051 §6.4.6).
     */
    public FolderSnapshot predicting(FlagChange change, StoreOutcome.Stored stored) {
        var rows = new ArrayList<MessageRow>();
        for (var group : stored.flags()) {
            group.uids().forEach(uid -> {
                int index = indexOf(uid);
                if (index >= 0) {
                    var row = row(index);
                    var predicted = change.applyTo(row.flags());
                    boolean right = predicted.equals(group.flags());
                    rows.add(row.with(predicted, right ? stored.modseq().value() : row.modseq()));
                }
            });
        }
        rows.sort(Comparator.comparingLong(MessageRow::uid));
        return rows.isEmpty() ? this : edited(head, UidSet.empty(), rows);
    }

    Head head() {
        return head;
    }

    MessageRow row(int index) {
        int at = chunkOf(index);
        return chunks[at].row(index - starts[at]);
    }

    /** The same messages under another head. */
    FolderSnapshot under(Head newHead) {
        return new FolderSnapshot(newHead, chunks);
    }

    /** @param rows new or changed messages by ascending UID */
    FolderSnapshot edited(Head newHead, UidSet gone, List<MessageRow> rows) {
        long first = gone.isEmpty() ? Long.MAX_VALUE : gone.min();
        long last = gone.isEmpty() ? Long.MIN_VALUE : gone.max();
        return new FolderSnapshot(newHead, ChunkList.edited(chunks, gone::contains, rows, first, last));
    }

    private int chunkOf(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("message " + index + " of " + size);
        }
        // Most chunks are full: guess, then walk.
        int low = 0;
        int high = starts.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (starts[middle] <= index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    /** Walks two snapshots side by side and steps over the chunks they share. */
    private static final class Comparison {
        private final UidSet.Builder expunged = new UidSet.Builder();
        private final UidSet.Builder added = new UidSet.Builder();
        private final UidSet.Builder changed = new UidSet.Builder();
        private final Chunk[] old;
        private final Chunk[] young;
        private int oldChunk;
        private int oldAt;
        private int youngChunk;
        private int youngAt;

        Comparison(FolderSnapshot older, FolderSnapshot newer) {
            old = older.chunks;
            young = newer.chunks;
        }

        SnapshotDifference run() {
            while (oldChunk < old.length || youngChunk < young.length) {
                if (youngChunk == young.length) {
                    expunged.add(old[oldChunk].uid(oldAt));
                    stepOld();
                } else if (oldChunk == old.length) {
                    added.add(young[youngChunk].uid(youngAt));
                    stepYoung();
                } else if (oldAt == 0 && youngAt == 0 && old[oldChunk] == young[youngChunk]) {
                    oldChunk++;
                    youngChunk++;
                } else {
                    step(old[oldChunk], young[youngChunk]);
                }
            }
            return new SnapshotDifference(expunged.build(), added.build(), changed.build());
        }

        private void step(Chunk a, Chunk b) {
            long before = a.uid(oldAt);
            long now = b.uid(youngAt);
            if (before < now) {
                expunged.add(before);
                stepOld();
            } else if (before > now) {
                added.add(now);
                stepYoung();
            } else {
                if (a.modseq(oldAt) != b.modseq(youngAt)) {
                    changed.add(now);
                }
                stepOld();
                stepYoung();
            }
        }

        private void stepOld() {
            if (++oldAt == old[oldChunk].size) {
                oldChunk++;
                oldAt = 0;
            }
        }

        private void stepYoung() {
            if (++youngAt == young[youngChunk].size) {
                youngChunk++;
                youngAt = 0;
            }
        }
    }
}
