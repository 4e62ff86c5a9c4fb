package org.postern.mailstore;

import java.util.List;
import org.postern.model.Modseq;
import org.postern.model.UidSet;

/** What STORE came to (RFC 9051 §6.4.6, RFC 7162 §3.1.3). */
public sealed interface StoreOutcome permits StoreOutcome.Stored, FolderGone, TooManyKeywords {
    /**
     * @param modseq of the messages that changed; the folder's highest when none did
     * @param flags what the changed messages have now; messages that had those flags already are not among them
     * @param modified messages left alone because they changed after {@code unchangedSince}
     */
    record Stored(Modseq modseq, List<NewFlags> flags, UidSet modified) implements StoreOutcome {
        public Stored {
            flags = List.copyOf(flags);
        }

        /** The messages whose flags are different now. */
        public UidSet changed() {
            return flags.stream().map(NewFlags::uids).reduce(UidSet.empty(), UidSet::union);
        }
    }
}
