package org.postern.imap.grammar;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.postern.imap.ImapLimits;
import org.postern.imap.command.FetchItem;
import org.postern.imap.command.FetchItem.Binary;
import org.postern.imap.command.FetchItem.BinarySize;
import org.postern.imap.command.FetchItem.BodySection;
import org.postern.imap.command.FetchItem.Partial;
import org.postern.imap.command.FetchItem.Plain;
import org.postern.imap.command.FetchItem.Section;
import org.postern.imap.command.FetchItem.SectionText;
import org.postern.imap.command.FetchModifiers;
import org.postern.imap.command.NumberSet;
import org.postern.imap.command.Page;
import org.postern.imap.reply.Code;
import org.postern.model.Modseq;

/** What a FETCH asks for (RFC 3501 §9 {@code fetch-att}, {@code section}). */
final class FetchGrammar {
    private static final List<Plain> FAST = List.of(Plain.FLAGS, Plain.INTERNALDATE, Plain.RFC822_SIZE);
    private static final List<Plain> ALL = List.of(Plain.FLAGS, Plain.INTERNALDATE, Plain.RFC822_SIZE, Plain.ENVELOPE);
    private static final List<Plain> FULL =
            List.of(Plain.FLAGS, Plain.INTERNALDATE, Plain.RFC822_SIZE, Plain.ENVELOPE, Plain.BODY);

    private final Lexer in;
    private final ImapLimits limits;
    private final CommonGrammar common;

    FetchGrammar(Lexer in, ImapLimits limits, CommonGrammar common) {
        this.in = in;
        this.limits = limits;
        this.common = common;
    }

    /** {@code fetch-modifiers = SP "(" fetch-modifier *(SP fetch-modifier) ")"} (RFC 4466 §2.4), each at most once. */
    FetchModifiers modifiers(NumberSet.Kind kind) throws Unparsable {
        if (!in.take(' ')) {
            return FetchModifiers.NONE;
        }
        Optional<Page> page = Optional.empty();
        Optional<Modseq> changedSince = Optional.empty();
        boolean vanished = false;
        in.expect('(');
        do {
            var word = in.word("modifier").toUpperCase(Locale.ROOT);
            if (word.equals("PARTIAL") && page.isEmpty() && kind == NumberSet.Kind.UID) {
                in.space();
                page = Optional.of(common.partialRange());
            } else if (word.equals("CHANGEDSINCE") && changedSince.isEmpty()) {
                in.space();
                changedSince = Optional.of(new SyncGrammar(in, common).modSequenceValue());
            } else if (word.equals("VANISHED") && !vanished && kind == NumberSet.Kind.UID) {
                vanished = true;
            } else {
                throw Unparsable.bad("Unknown or repeated modifier");
            }
        } while (in.take(' '));
        in.expect(')');
        if (vanished && changedSince.isEmpty()) {
            throw Unparsable.bad("VANISHED goes with CHANGEDSINCE");
        }
        return new FetchModifiers(page, changedSince, vanished);
    }

    /** {@code "ALL" / "FULL" / "FAST" / fetch-att / "(" fetch-att *(SP fetch-att) ")"}; the macros stand alone. */
    Set<FetchItem> items() throws Unparsable, IOException {
        var items = new LinkedHashSet<FetchItem>();
        if (in.take('(')) {
            do {
                if (items.size() == limits.fetchItems()) {
                    throw Unparsable.bad(Code.Plain.LIMIT, "At most " + limits.fetchItems() + " data items at once");
                }
                items.add(item(in.word("data item")));
            } while (in.take(' '));
            in.expect(')');
            return items;
        }
        var word = in.word("data item");
        switch (word.toUpperCase(Locale.ROOT)) {
            case "ALL" -> items.addAll(ALL);
            case "FULL" -> items.addAll(FULL);
            case "FAST" -> items.addAll(FAST);
            default -> items.add(item(word));
        }
        return items;
    }

    /** {@code fetch-att}. */
    private FetchItem item(String word) throws Unparsable, IOException {
        return switch (word.toUpperCase(Locale.ROOT)) {
            case "BODY" -> in.peek('[') ? section(false) : Plain.BODY;
            case "BODY.PEEK" -> section(true);
            case "BINARY" -> binary(false);
            case "BINARY.PEEK" -> binary(true);
            case "BINARY.SIZE" -> new BinarySize(sectionBinary());
            case "BODYSTRUCTURE" -> Plain.BODYSTRUCTURE;
            case "EMAILID" -> Plain.EMAILID;
            case "ENVELOPE" -> Plain.ENVELOPE;
            case "FLAGS" -> Plain.FLAGS;
            case "INTERNALDATE" -> Plain.INTERNALDATE;
            case "MODSEQ" -> Plain.MODSEQ;
            case "PREVIEW" -> preview();
            case "RFC822" -> Plain.RFC822;
            case "RFC822.HEADER" -> Plain.RFC822_HEADER;
            case "RFC822.SIZE" -> Plain.RFC822_SIZE;
            case "RFC822.TEXT" -> Plain.RFC822_TEXT;
            case "SAVEDATE" -> Plain.SAVEDATE;
            case "THREADID" -> Plain.THREADID;
            case "UID" -> Plain.UID;
            default -> throw Unparsable.bad("Unknown data item");
        };
    }

    /** {@code "PREVIEW" [SP "(" "LAZY" ")"]} (RFC 8970 §6), taken whole: a space may also begin what comes behind. */
    private Plain preview() {
        var _ = in.take(" (LAZY)");
        return Plain.PREVIEW;
    }

    private Binary binary(boolean peek) throws Unparsable {
        var part = sectionBinary();
        return new Binary(peek, part, in.peek('<') ? Optional.of(partial()) : Optional.empty());
    }

    /** {@code section-binary = "[" [section-part] "]"} (RFC 3516 §7). */
    private List<Integer> sectionBinary() throws Unparsable {
        in.expect('[');
        var part = new ArrayList<Integer>();
        if (!in.peek(']')) {
            do {
                part.add(partNumber(part.size()));
            } while (in.take('.'));
        }
        in.expect(']');
        return part;
    }

    /** {@code section = "[" [section-spec] "]"}, and {@code "<" number "." nz-number ">"}. */
    BodySection section(boolean peek) throws Unparsable, IOException {
        in.expect('[');
        var part = new ArrayList<Integer>();
        SectionText text = new SectionText.Whole();
        if (!in.peek(']')) {
            boolean more = true;
            while (more && in.isDigitNext()) {
                part.add(partNumber(part.size()));
                more = in.take('.');
            }
            if (more) {
                text = sectionText(!part.isEmpty());
            }
        }
        in.expect(']');
        return new BodySection(peek, new Section(part, text), in.peek('<') ? Optional.of(partial()) : Optional.empty());
    }

    private int partNumber(int depth) throws Unparsable {
        long number = in.nzNumber();
        if (depth == limits.nesting()) {
            throw Unparsable.bad(Code.Plain.LIMIT, "Part numbers nest at most " + limits.nesting() + " deep");
        }
        return (int) Math.min(number, Integer.MAX_VALUE); // No message has so many parts: the answer is the same.
    }

    /** {@code section-msgtext / "MIME"}. */
    private SectionText sectionText(boolean ofPart) throws Unparsable, IOException {
        return switch (in.word("section").toUpperCase(Locale.ROOT)) {
            case "HEADER" -> new SectionText.Header();
            case "TEXT" -> new SectionText.Text();
            case "HEADER.FIELDS" -> new SectionText.Fields(false, headerList());
            case "HEADER.FIELDS.NOT" -> new SectionText.Fields(true, headerList());
            case String word when ofPart && word.equals("MIME") -> new SectionText.Mime();
            default -> throw Unparsable.bad("Unknown section");
        };
    }

    /** {@code header-list = "(" header-fld-name *(SP header-fld-name) ")"}. */
    private List<String> headerList() throws Unparsable, IOException {
        in.space();
        in.expect('(');
        var names = new ArrayList<String>();
        do {
            if (names.size() == limits.fetchItems()) {
                throw Unparsable.bad(Code.Plain.LIMIT, "At most " + limits.fetchItems() + " header fields at once");
            }
            names.add(in.astring("header field"));
        } while (in.take(' '));
        in.expect(')');
        return names;
    }

    private Partial partial() throws Unparsable {
        in.expect('<');
        long origin = in.number();
        in.expect('.');
        long count = in.nzNumber();
        in.expect('>');
        return new Partial(origin, count);
    }
}
