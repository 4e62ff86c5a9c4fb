package org.postern.mailstore;

import java.util.List;
import java.util.Optional;
import org.postern.model.Uid;

/** What an import of some messages came to. */
public sealed interface ImportOutcome {
    /**
     * @param uids of the messages that are stored: the first ones, in their order
     * @param lostUidls how many of them have no UIDL of their own because another message has it
     * @param stopped why the others are not stored, if there are any
     */
    record Imported(List<Uid> uids, int lostUidls, Optional<NotStored> stopped) implements ImportOutcome {
        public Imported {
            uids = List.copyOf(uids);
        }
    }

    /** Somebody else has brought some of them meanwhile; nothing was done. */
    record KnownMeanwhile() implements ImportOutcome {}
}
