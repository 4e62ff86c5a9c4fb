package org.postern.mailstore;

import java.util.List;
import org.postern.model.FolderId;
import org.postern.model.Modseq;
import org.postern.model.StorageLimit;
import org.postern.model.Uid;

/**
 * What became of each parcel, in the order given, once the caller's transaction commits.
 *
 * <p>After the commit, and only then, the caller calls {@link #committed}, so that watchers of the folders hear of it.
 */
public final class DeliverOutcome {
    /** What became of one parcel. */
    public sealed interface Fate {
        record Delivered(FolderId folder, Uid uid, Modseq modseq) implements Fate {}

        /** Somebody else holds the folder right now: try again soon. */
        record Busy() implements Fate {}

        record Full(StorageLimit.Resource resource, long used, long max) implements Fate {}

        /** There is no such mailbox or folder, or the folder takes no message any more. */
        record NoFolder() implements Fate {}
    }

    private final List<Fate> fates;
    private final Runnable publication;

    DeliverOutcome(List<Fate> fates, Runnable publication) {
        this.fates = List.copyOf(fates);
        this.publication = publication;
    }

    public List<Fate> fates() {
        return fates;
    }

    /** Tells the watchers. Forgetting it costs them up to the feed's poll interval, nothing else. */
    public void committed() {
        publication.run();
    }
}
