package org.postern.imap.view;

import java.util.BitSet;
import org.postern.imap.command.Page;
import org.postern.mailstore.FolderSnapshot;
import org.postern.model.Modseq;
import org.postern.model.SystemFlag;
import org.postern.model.UidSet;

/** Messages of one snapshot that a number set names, by index. */
public final class Selection {
    private final FolderSnapshot snapshot;
    private final BitSet indexes;

    Selection(FolderSnapshot snapshot, BitSet indexes) {
        this.snapshot = snapshot;
        this.indexes = indexes;
    }

    public boolean isEmpty() {
        return indexes.isEmpty();
    }

    public int size() {
        return indexes.cardinality();
    }

    public boolean contains(int index) {
        return indexes.get(index);
    }

    /** Only those of the page (RFC 9394 §3.3). */
    public Selection page(Page page) {
        int size = size();
        int at = next(0);
        for (int place = 0; place < page.from(size); place++) {
            at = next(at + 1);
        }
        var some = new BitSet();
        for (int place = page.from(size); place < page.to(size); place++) {
            some.set(at);
            at = next(at + 1);
        }
        return new Selection(snapshot, some);
    }

    /** The first index from {@code from} on, or −1. */
    public int next(int from) {
        return indexes.nextSetBit(from);
    }

    /** Of these, the messages changed after {@code since}. */
    public Selection changedSince(Modseq since) {
        var changed = new BitSet();
        for (int i = next(0); i >= 0; i = next(i + 1)) {
            changed.set(i, snapshot.modseq(i).isAfter(since));
        }
        return new Selection(snapshot, changed);
    }

    /** Those of them without that flag. */
    public UidSet without(SystemFlag flag) {
        var uids = new UidSet.Builder();
        for (int i = next(0); i >= 0; i = next(i + 1)) {
            if ((snapshot.systemBits(i) & flag.bit()) == 0) {
                uids.add(snapshot.uid(i));
            }
        }
        return uids.build();
    }

    public UidSet uids() {
        var uids = new UidSet.Builder();
        for (int i = next(0); i >= 0; i = next(i + 1)) {
            uids.add(snapshot.uid(i));
        }
        return uids.build();
    }
}
