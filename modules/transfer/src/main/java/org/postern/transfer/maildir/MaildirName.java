package org.postern.transfer.maildir;

import java.util.ArrayList;
import java.util.Map;
import org.postern.model.Flags;
import org.postern.model.SystemFlag;
import org.postern.transfer.SourceFlags;

/**
 * The name of a message's file: what tells it from all others for ever, and behind {@code :2,} its flags.
 *
 * @param base up to the colon
 * @param letters behind {@code :2,}; empty in {@code new/}
 */
record MaildirName(String base, String letters) {
    /** How the keyword is called that P, passed on, stands for. */
    static final String FORWARDED = "$Forwarded";

    static MaildirName parse(String file) {
        int at = file.indexOf(":2,");
        return at < 0 ? new MaildirName(file, "") : new MaildirName(file.substring(0, at), file.substring(at + 3));
    }

    /** @param keywords of the folder, by their letters */
    Flags flags(Map<Character, String> keywords) {
        int bits = 0;
        var words = new ArrayList<String>();
        for (int i = 0; i < letters.length(); i++) {
            char letter = letters.charAt(i);
            switch (letter) {
                case 'S' -> bits |= SystemFlag.SEEN.bit();
                case 'R' -> bits |= SystemFlag.ANSWERED.bit();
                case 'F' -> bits |= SystemFlag.FLAGGED.bit();
                case 'T' -> bits |= SystemFlag.DELETED.bit();
                case 'D' -> bits |= SystemFlag.DRAFT.bit();
                case 'P' -> words.add(FORWARDED);
                default -> {
                    if (keywords.containsKey(letter)) {
                        words.add(keywords.get(letter));
                    }
                }
            }
        }
        return SourceFlags.of(bits, words);
    }
}
