package org.postern.imap.view;

import org.postern.model.UidSet;

/**
 * What a client shall see of messages, whether or not it is news: the answer to its STORE.
 *
 * @param flags messages whose flags are shown (RFC 3501 §6.4.6)
 * @param modseqs messages whose modseq is shown (RFC 7162 §3.1.3)
 */
public record Shown(UidSet flags, UidSet modseqs) {
    public static final Shown NOTHING = new Shown(UidSet.empty(), UidSet.empty());

    boolean isEmpty() {
        return flags.isEmpty() && modseqs.isEmpty();
    }
}
