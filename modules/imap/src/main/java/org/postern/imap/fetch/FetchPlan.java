package org.postern.imap.fetch;

import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.postern.imap.command.FetchItem;
import org.postern.imap.command.FetchItem.Binary;
import org.postern.imap.command.FetchItem.BinarySize;
import org.postern.imap.command.FetchItem.BodySection;
import org.postern.imap.command.FetchItem.Plain;
import org.postern.imap.command.FetchItem.SectionText;
import org.postern.mailstore.ContentPart;

/**
 * What a FETCH needs.
 *
 * @param items in the client's order, UID first where a UID command did not ask for it (RFC 3501 §6.4.8)
 * @param parts what has to be read besides the snapshot; empty when that has it all
 * @param byUid whether messages that are gone are no error (RFC 3501 §6.4.8)
 * @param marksSeen whether it sets {@code \Seen}
 */
public record FetchPlan(List<FetchItem> items, Set<ContentPart> parts, boolean byUid, boolean marksSeen) {
    public FetchPlan {
        items = List.copyOf(items);
        parts = Set.copyOf(parts);
    }

    /**
     * @param namesUid whether a UID command's responses need the UID unasked: not where it stands in front of them anyway
     * @param withModseq whether the modseq comes along unasked (RFC 7162 §3.1.4.1)
     */
    public static FetchPlan of(Set<FetchItem> asked, boolean byUid, boolean namesUid, boolean withModseq) {
        var items = new ArrayList<FetchItem>();
        if (byUid && namesUid && !asked.contains(Plain.UID)) {
            items.add(Plain.UID);
        }
        items.addAll(asked);
        if (withModseq && !asked.contains(Plain.MODSEQ)) {
            items.add(Plain.MODSEQ);
        }
        var parts = EnumSet.noneOf(ContentPart.class);
        boolean marksSeen = false;
        for (var item : items) {
            switch (item) {
                case Plain plain -> {
                    parts.addAll(partsOf(plain));
                    marksSeen |= plain == Plain.RFC822 || plain == Plain.RFC822_TEXT;
                }
                case BodySection section -> {
                    parts.addAll(partsOf(section.section()));
                    marksSeen |= !section.peek();
                }
                case Binary binary -> {
                    parts.add(ContentPart.STRUCTURE);
                    parts.add(ContentPart.BYTES);
                    marksSeen |= !binary.peek();
                }
                case BinarySize _ -> {
                    parts.add(ContentPart.STRUCTURE);
                    parts.add(ContentPart.BYTES);
                }
            }
        }
        return new FetchPlan(items, parts, byUid, marksSeen);
    }

    private static Set<ContentPart> partsOf(Plain item) {
        return switch (item) {
            case BODY, BODYSTRUCTURE -> EnumSet.of(ContentPart.STRUCTURE);
            case ENVELOPE -> EnumSet.of(ContentPart.ENVELOPE);
            case RFC822 -> EnumSet.of(ContentPart.BYTES);
            case RFC822_HEADER -> EnumSet.of(ContentPart.HEADER);
            case RFC822_TEXT -> EnumSet.of(ContentPart.STRUCTURE, ContentPart.BYTES);
            case PREVIEW -> EnumSet.of(ContentPart.PREVIEW);
            case SAVEDATE -> EnumSet.of(ContentPart.SAVED);
            case EMAILID, FLAGS, INTERNALDATE, MODSEQ, RFC822_SIZE, THREADID, UID -> EnumSet.noneOf(ContentPart.class);
        };
    }

    static Set<ContentPart> partsOf(FetchItem.Section section) {
        if (!section.part().isEmpty()) {
            return EnumSet.of(ContentPart.STRUCTURE, ContentPart.BYTES);
        }
        return switch (section.text()) {
            case SectionText.Whole _ -> EnumSet.of(ContentPart.BYTES);
            case SectionText.Header _, SectionText.Fields _ -> EnumSet.of(ContentPart.HEADER);
            case SectionText.Text _ -> EnumSet.of(ContentPart.STRUCTURE, ContentPart.BYTES);
            case SectionText.Mime _ -> EnumSet.of(ContentPart.STRUCTURE, ContentPart.BYTES); // Only with part numbers.
        };
    }
}
