package org.postern.mailstore;

import java.util.List;
import org.postern.model.Flags;
import org.postern.model.Keyword;

/**
 * What a snapshot holds of one message.
 *
 * @param bits the {@code SystemFlag.bit()}s
 * @param date the internal date, in seconds of the epoch
 * @param size bytes
 */
record MessageRow(long uid, byte bits, List<Keyword> keywords, long modseq, long date, int size, long content) {
    MessageRow with(Flags flags, long newModseq) {
        return new MessageRow(uid, (byte) flags.systemBits(), flags.keywords(), newModseq, date, size, content);
    }

    Flags flags() {
        return new Flags(bits, keywords);
    }
}
