package org.postern.pop3;

import java.util.BitSet;
import org.postern.mailstore.FolderSnapshot;
import org.postern.model.ContentId;
import org.postern.model.FolderId;
import org.postern.model.UidSet;

/**
 * What one session sees: the messages of INBOX as they were at login, numbered from 1, and which of them it has marked
 * as deleted (RFC 1939 §§4-5). Nothing that happens meanwhile changes a number or a size.
 */
final class Maildrop {
    private final FolderSnapshot inbox;
    private final BitSet marked = new BitSet();

    Maildrop(FolderSnapshot inbox) {
        this.inbox = inbox;
    }

    FolderId folder() {
        return inbox.folder();
    }

    /** The highest message number. */
    int last() {
        return inbox.size();
    }

    /** Whether the number names a message that is not marked. */
    boolean has(int number) {
        return number >= 1 && number <= inbox.size() && !marked.get(number);
    }

    /** Octets of one message. */
    long size(int number) {
        return inbox.size(number - 1);
    }

    ContentId content(int number) {
        return inbox.content(number - 1);
    }

    /** The message's unique id, for ever: UIDVALIDITY and UID are never given out again (RFC 1939 §7). */
    String uniqueId(int number) {
        return inbox.uidValidity() + "." + inbox.uid(number - 1);
    }

    void mark(int number) {
        marked.set(number);
    }

    void unmarkAll() {
        marked.clear();
    }

    int count() {
        return inbox.size() - marked.cardinality();
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
        marked.stream().forEach(number -> uids.add(inbox.uid(number - 1)));
        return uids.build();
    }
}
