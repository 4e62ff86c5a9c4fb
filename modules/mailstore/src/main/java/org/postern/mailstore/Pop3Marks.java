package org.postern.mailstore;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.postern.model.UidSet;

/** What POP3 knows of an INBOX beside its messages: which of them it has removed, and the UIDLs that an import has set. */
public final class Pop3Marks {
    private final UidSet hidden;
    private final long[] uids;
    private final List<String> uidls;

    /** @param uids ascending, of the messages that have the UIDLs beside them */
    Pop3Marks(UidSet hidden, long[] uids, List<String> uidls) {
        this.hidden = hidden;
        this.uids = uids;
        this.uidls = uidls;
    }

    /** The messages that POP3 has removed and IMAP still shows. */
    public UidSet hidden() {
        return hidden;
    }

    /** The UIDL that the message brought along; most have none. */
    public Optional<String> uidl(long uid) {
        int at = Arrays.binarySearch(uids, uid);
        return at < 0 ? Optional.empty() : Optional.of(uidls.get(at));
    }
}
