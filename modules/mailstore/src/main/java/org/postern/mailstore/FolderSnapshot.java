package org.postern.mailstore;

import java.time.Instant;
import java.util.List;
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
    public FolderId folder() {
        throw new UnsupportedOperationException();
    }

    public UidValidity uidValidity() {
        throw new UnsupportedOperationException();
    }

    /** 1 to 4,294,967,296. */
    public long uidNext() {
        throw new UnsupportedOperationException();
    }

    /** The folder's highest modseq. */
    public Modseq modseq() {
        throw new UnsupportedOperationException();
    }

    /** Whether the folder was deleted. */
    public boolean isGone() {
        throw new UnsupportedOperationException();
    }

    /** All keywords the folder knows, for FLAGS and PERMANENTFLAGS. */
    public List<Keyword> keywords() {
        throw new UnsupportedOperationException();
    }

    public int size() {
        throw new UnsupportedOperationException();
    }

    public long uid(int index) {
        throw new UnsupportedOperationException();
    }

    /** The index of that UID; else {@code -(where it would be) - 1}, as of a binary search. */
    public int indexOf(long uid) {
        throw new UnsupportedOperationException();
    }

    /** The {@code SystemFlag.bit()}s. */
    public int systemBits(int index) {
        throw new UnsupportedOperationException();
    }

    public Flags flags(int index) {
        throw new UnsupportedOperationException();
    }

    public Modseq modseq(int index) {
        throw new UnsupportedOperationException();
    }

    public Instant internalDate(int index) {
        throw new UnsupportedOperationException();
    }

    /** Bytes. */
    public long size(int index) {
        throw new UnsupportedOperationException();
    }

    public ContentId content(int index) {
        throw new UnsupportedOperationException();
    }

    public UidSet uids() {
        throw new UnsupportedOperationException();
    }

    /** The index of the first message without {@code \Seen}, or -1. */
    public int firstUnseen() {
        throw new UnsupportedOperationException();
    }

    /** What changed since {@code older}; costs what differs, not the size of the folder. */
    public SnapshotDifference differenceFrom(FolderSnapshot older) {
        throw new UnsupportedOperationException();
    }

    /**
     * This snapshot with the messages {@code uids} of {@code told} kept although they are expunged: what a client knows that
     * may not hear of expunges yet (RFC 9051 §7.5.1).
     */
    public FolderSnapshot retaining(FolderSnapshot told, UidSet uids) {
        throw new UnsupportedOperationException();
    }

    /**
     * What a client that was told of this snapshot believes after its own STORE.
     *
     * <p>Where another client changed the same message in between, the message keeps its old modseq, so that the
     * difference to a newer snapshot still shows it; .SILENT must not hide another client's change (RFC 9051 §6.4.6).
     */
    public FolderSnapshot predicting(FlagChange change, StoreOutcome.Stored stored) {
        throw new UnsupportedOperationException();
    }
}
