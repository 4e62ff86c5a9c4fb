package org.postern.transfer;

import java.util.Locale;

/**
 * Something that is not here as it was there.
 *
 * @param folder the source's
 * @param message of that folder, by the name its source has for it; empty where all of it is meant
 */
public record Trouble(Code code, String folder, String message, String text) {
    /** What happened; {@link #word} is stable. */
    public enum Code {
        /** The source does not give its bytes. */
        UNREADABLE(true),
        /** It has no bytes. */
        EMPTY(true),
        /** Larger than the plan allows. */
        TOO_BIG(true),
        /** The mailbox is full; the import ends here. */
        OVER_QUOTA(true),
        /** The folder has no UIDs left; the import ends here. */
        UIDS_EXHAUSTED(true),
        /** The mailbox has as many folders as it may have. */
        TOO_MANY_FOLDERS(true),
        /** A folder has as many different keywords as it may have. */
        KEYWORDS_DROPPED(false),
        /** The folder is not new, or the source does not say its UIDVALIDITY. */
        UIDS_NOT_KEPT(false),
        /** The UIDL is none, or another message has it. */
        UIDL_NOT_KEPT(false);

        private final boolean losesMessages;

        Code(boolean losesMessages) {
            this.losesMessages = losesMessages;
        }

        /** Whether messages are missing; else they are there, but not in every respect as they were. */
        public boolean losesMessages() {
            return losesMessages;
        }

        /** As in {@code too-big}. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }
}
