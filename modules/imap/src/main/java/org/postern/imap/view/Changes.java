package org.postern.imap.view;

import java.io.IOException;
import java.util.Optional;
import org.postern.imap.command.Resync;
import org.postern.imap.reply.Responses;
import org.postern.imap.reply.Untagged;
import org.postern.mailstore.FolderSnapshot;
import org.postern.mailstore.FolderStore;
import org.postern.model.Modseq;
import org.postern.model.UidSet;

/** What happened to a folder since a client last knew it (RFC 7162 §3.2.5, §3.2.6). */
public final class Changes {
    private final FolderStore messages;

    public Changes(FolderStore messages) {
        this.messages = messages;
    }

    /** What SELECT answers to {@code resync}; nothing when its UIDs are of another folder by now. */
    public void tell(Resync resync, FolderView view, Responses to) throws IOException {
        var told = view.told();
        if (!resync.validity().equals(told.uidValidity()) || told.uidNext() == 1) {
            return;
        }
        var known = resync.known().orElseGet(() -> UidSet.range(1, told.uidNext() - 1));
        for (var response : Announcements.vanished(true, vanished(view, resync.modseq(), known, resync.anchors()))) {
            to.send(response);
        }
        for (int i = 0; i < told.size(); i++) {
            if (told.modseq(i).isAfter(resync.modseq()) && known.contains(told.uid(i))) {
                to.send(view.flagsOf(i));
            }
        }
    }

    /** {@code VANISHED (EARLIER)} for those of {@code asked} that were expunged after {@code since}. */
    public Iterable<Untagged> vanished(FolderView view, Modseq since, UidSet asked) {
        return Announcements.vanished(true, vanished(view, since, asked, Optional.empty()));
    }

    /**
     * Those of {@code known} that the client has to forget. Where the log does not reach back, all that are not there: some
     * of them it may have forgotten long ago, or never known (RFC 7162 §3.2.5.1).
     */
    private UidSet vanished(FolderView view, Modseq since, UidSet known, Optional<Resync.Anchors> anchors) {
        var told = view.told();
        return messages.expungedBetween(told.folder(), since, told.modseq(), known)
                .orElseGet(() -> missing(told, known, anchors));
    }

    private static UidSet missing(FolderSnapshot told, UidSet known, Optional<Resync.Anchors> anchors) {
        long above = anchors.map(some -> lastRight(told, some)).orElse(0L);
        var missing = new UidSet.Builder();
        long next = above + 1;
        for (int i = 0; i < told.size(); i++) {
            long uid = told.uid(i);
            if (uid > next) {
                missing.addRange(next, uid - 1);
            }
            next = Math.max(next, uid + 1);
        }
        if (next < told.uidNext()) {
            missing.addRange(next, told.uidNext() - 1);
        }
        return missing.build().intersection(known);
    }

    /** Up to the last message whose number is still the same, the client has heard of every expunge (§3.2.5.2). */
    private static long lastRight(FolderSnapshot told, Resync.Anchors anchors) {
        var numbers = anchors.numbers().stream().iterator();
        var uids = anchors.uids().stream().iterator();
        long last = 0;
        while (numbers.hasNext()) {
            long number = numbers.nextLong();
            long uid = uids.nextLong();
            if (number > told.size() || told.uid((int) number - 1) != uid) {
                break;
            }
            last = uid;
        }
        return last;
    }
}
