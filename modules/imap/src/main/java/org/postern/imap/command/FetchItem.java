package org.postern.imap.command;

import java.util.List;
import java.util.Optional;

/** One data item of a FETCH (RFC 3501 §6.4.5, §9 {@code fetch-att}). */
public sealed interface FetchItem {
    /** Items without arguments. */
    enum Plain implements FetchItem {
        BODY,
        BODYSTRUCTURE,
        /** RFC 8474 §5.1. */
        EMAILID,
        ENVELOPE,
        FLAGS,
        INTERNALDATE,
        /** RFC 7162 §3.1.4.2. */
        MODSEQ,
        /** RFC 8970 §3; the same with and without LAZY, for it is made at arrival. */
        PREVIEW,
        RFC822,
        RFC822_HEADER,
        RFC822_SIZE,
        RFC822_TEXT,
        /** RFC 8514 §4.1. */
        SAVEDATE,
        /** RFC 8474 §5.2. */
        THREADID,
        UID
    }

    /**
     * {@code BODY[section]<partial>}.
     *
     * @param peek whether {@code \Seen} stays as it is
     */
    record BodySection(boolean peek, Section section, Optional<Partial> partial) implements FetchItem {}

    /**
     * {@code BINARY[section-part]<partial>}, decoded (RFC 3516 §4.2).
     *
     * @param part part numbers, outermost first; empty for the message itself
     */
    record Binary(boolean peek, List<Integer> part, Optional<Partial> partial) implements FetchItem {
        public Binary {
            part = List.copyOf(part);
        }
    }

    /** {@code BINARY.SIZE[section-part]}. */
    record BinarySize(List<Integer> part) implements FetchItem {
        public BinarySize {
            part = List.copyOf(part);
        }
    }

    /**
     * {@code section}: which bytes of the message.
     *
     * @param part part numbers, outermost first; empty for the message itself
     * @param text what of the part
     */
    record Section(List<Integer> part, SectionText text) {
        public static final Section WHOLE = new Section(List.of(), new SectionText.Whole());
        public static final Section HEADER = new Section(List.of(), new SectionText.Header());
        public static final Section TEXT = new Section(List.of(), new SectionText.Text());

        public Section {
            part = List.copyOf(part);
        }
    }

    /** {@code section-text}. */
    sealed interface SectionText {
        /** Nothing named: the message, or the part's body. */
        record Whole() implements SectionText {}

        /** {@code HEADER}: of the message, or of the message that the part encloses. */
        record Header() implements SectionText {}

        /** {@code TEXT}: what is behind that header. */
        record Text() implements SectionText {}

        /** {@code MIME}: the part's own MIME header. */
        record Mime() implements SectionText {}

        /**
         * {@code HEADER.FIELDS} and {@code HEADER.FIELDS.NOT}.
         *
         * @param names as the client wrote them, which the response repeats
         */
        record Fields(boolean not, List<String> names) implements SectionText {
            public Fields {
                names = List.copyOf(names);
            }
        }
    }

    /** {@code <origin.count>}: bytes of the section. */
    record Partial(long origin, long count) {}
}
