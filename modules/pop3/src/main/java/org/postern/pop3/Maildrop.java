package org.postern.pop3;

import java.util.BitSet;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.postern.mailstore.FolderSnapshot;
import org.postern.mailstore.Pop3Marks;
import org.postern.model.ContentId;
import org.postern.model.FolderId;
import org.postern.model.UidSet;

/**
 * What one session sees: the messages of INBOX as they were at login, numbered from 1, and which of them it has marked
 * as deleted (RFC 1939 §§4-5). Nothing that happens meanwhile changes a number or a size.
 */
final class Maildrop {
    private final FolderSnapshot inbox;
    private final Pop3Marks marks;
    /** From a message's number to its place in the snapshot. */
    private final IntUnaryOperator places;

    private final int last;
    private final BitSet marked = new BitSet();

    Maildrop(FolderSnapshot inbox, Pop3Marks marks) {
        this.inbox = inbox;
        this.marks = marks;
        var hidden = marks.hidden();
        if (hidden.isEmpty()) {
            this.places = number -> number - 1;
            this.last = inbox.size();
        } else {
            int[] seen = IntStream.range(0, inbox.size())
                    .filter(place -> !hidden.contains(inbox.uid(place)))
                    .toArray();
            this.places = number -> seen[number - 1];
            this.last = seen.length;
        }
    }

    FolderId folder() {
        return inbox.folder();
    }

    /** The highest message number. */
    int last() {
        return last;
    }

    /** Whether the number names a message that is not marked. */
    boolean has(int number) {
        return number >= 1 && number <= last && !marked.get(number);
    }

    /** Octets of one message. */
    long size(int number) {
        return inbox.size(places.applyAsInt(number));
    }

    ContentId content(int number) {
        return inbox.content(places.applyAsInt(number));
    }

    /**
     * The message's unique id, for ever: what another server called it, or UIDVALIDITY and UID, which are never given out
     * again (RFC 1939 §7).
     */
    String uniqueId(int number) {
        long uid = inbox.uid(places.applyAsInt(number));
        return marks.uidl(uid).orElseGet(() -> inbox.uidValidity() + "." + uid);
    }

    void mark(int number) {
        marked.set(number);
    }

    void unmarkAll() {
        marked.clear();
    }

    int count() {
        return last - marked.cardinality();
    }

    /** Octets of all messages that are not marked. */
    long size() {
        long size = 0;
        for (int number = 1; number <= last(); number++) {
            size += marked.get(number) ? 0 : size(number);
        }
        return size;
    }

    UidSet marked() {
        var uids = new UidSet.Builder();
        marked.stream().forEach(number -> uids.add(inbox.uid(places.applyAsInt(number))));
        return uids.build();
    }
}
