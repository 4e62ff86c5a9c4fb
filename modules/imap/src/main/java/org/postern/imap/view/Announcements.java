package org.postern.imap.view;

import java.util.ArrayList;
import java.util.List;
import org.postern.imap.Feature;
import org.postern.imap.Features;
import org.postern.imap.reply.FetchValue;
import org.postern.imap.reply.Untagged;
import org.postern.mailstore.FolderSnapshot;
import org.postern.model.Uid;
import org.postern.model.UidSet;

/** Puts what changed into the responses that a client understands, by what it has switched on. */
final class Announcements {
    /** More ranges make another response: clients read whole lines. */
    private static final int VANISHED_RANGES = 1_000;

    private final Features features;

    Announcements(Features features) {
        this.features = features;
    }

    /** EXPUNGE from the last to the first, so that no number shifts before it is sent; or VANISHED. */
    List<Untagged> expunged(FolderSnapshot told, UidSet gone) {
        if (features.has(Feature.QRESYNC) || features.has(Feature.UIDONLY)) {
            return vanished(false, gone);
        }
        var news = new ArrayList<Untagged>();
        var uids = gone.stream().toArray();
        for (int i = uids.length - 1; i >= 0; i--) {
            news.add(new Untagged.Expunge(told.indexOf(uids[i]) + 1));
        }
        return news;
    }

    /** VANISHED (RFC 7162 §3.2.10); nothing for no UIDs. */
    static List<Untagged> vanished(boolean earlier, UidSet uids) {
        var responses = new ArrayList<Untagged>();
        for (int from = 0; from < uids.rangeCount(); from += VANISHED_RANGES) {
            var some = new UidSet.Builder();
            for (int i = from; i < Math.min(from + VANISHED_RANGES, uids.rangeCount()); i++) {
                some.addRange(uids.first(i), uids.last(i));
            }
            responses.add(new Untagged.Vanished(earlier, some.build()));
        }
        return responses;
    }

    /**
     * A message's flags; with QRESYNC and in rev2 always with the UID (RFC 9051 §7.5.2), with CONDSTORE always with
     * the modseq (RFC 7162 §3.1).
     *
     * @param byUid whether the command is one by UID, whose responses have it too (RFC 3501 §6.4.8)
     */
    Untagged flags(FolderSnapshot told, int index, boolean byUid, boolean recent) {
        var values = new ArrayList<FetchValue>();
        uid(told, index, byUid, values);
        values.add(new FetchValue.FlagsValue(told.flags(index), recent));
        if (features.has(Feature.CONDSTORE)) {
            values.add(new FetchValue.ModseqValue(told.modseq(index)));
        }
        return fetched(told, index, values);
    }

    /** FETCH, or UIDFETCH for a client that knows no sequence numbers. */
    Untagged fetched(FolderSnapshot told, int index, List<FetchValue> values) {
        return features.has(Feature.UIDONLY)
                ? new Untagged.UidFetch(new Uid(told.uid(index)), values)
                : new Untagged.Fetch(index + 1, values);
    }

    /** A message's modseq alone: what a silent STORE made of it. */
    Untagged modseq(FolderSnapshot told, int index, boolean byUid) {
        var values = new ArrayList<FetchValue>();
        uid(told, index, byUid, values);
        values.add(new FetchValue.ModseqValue(told.modseq(index)));
        return fetched(told, index, values);
    }

    private void uid(FolderSnapshot told, int index, boolean byUid, List<FetchValue> values) {
        boolean wanted = byUid || features.has(Feature.QRESYNC) || features.has(Feature.IMAP4REV2);
        if (wanted && !features.has(Feature.UIDONLY)) {
            values.add(new FetchValue.UidValue(new Uid(told.uid(index))));
        }
    }
}
