package org.postern.imap.grammar;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.postern.imap.Features;
import org.postern.imap.ImapLimits;
import org.postern.imap.command.NumberSet;
import org.postern.imap.command.Page;
import org.postern.imap.reply.Code;
import org.postern.model.Flags;
import org.postern.model.FolderName;
import org.postern.model.Keyword;
import org.postern.model.ModifiedUtf7;
import org.postern.model.SystemFlag;

/** The productions that many commands share: folder names, number sets, flags, dates (RFC 3501 §9). */
final class CommonGrammar {
    private static final int MAX_ID_VALUE = 128;

    private final Lexer in;
    private final ImapLimits limits;
    private final Features features;

    CommonGrammar(Lexer in, ImapLimits limits, Features features) {
        this.in = in;
        this.limits = limits;
        this.features = features;
    }

    // ---- Folder names

    /** {@code mailbox = "INBOX" / astring}, a name that a folder can have. */
    FolderName mailbox() throws Unparsable, IOException {
        return folderName(mailboxText());
    }

    /** {@code mailbox}, decoded but possibly no folder's name: a reference, or one with a trailing separator. */
    String mailboxText() throws Unparsable, IOException {
        return decoded(in.astring("folder name"));
    }

    /** Modified UTF-7 → Unicode (RFC 3501 §5.1.3), unless the client has switched to UTF-8. */
    String decoded(String encoded) throws Unparsable {
        if (features.utf8Names()) {
            return encoded;
        }
        var decoded = ModifiedUtf7.decode(encoded);
        if (decoded.isEmpty()) {
            throw Unparsable.no(Code.Plain.CANNOT, "Folder names are in modified UTF-7 (RFC 3501 section 5.1.3)");
        }
        return decoded.get();
    }

    static FolderName folderName(String text) throws Unparsable {
        var problem = FolderName.problemOf(text);
        if (problem.isPresent()) {
            throw Unparsable.no(Code.Plain.CANNOT, problem.get());
        }
        return new FolderName(text);
    }

    // ---- Number sets

    /** {@code sequence-set = (seq-number / seq-range) *("," (seq-number / seq-range)) / "$"} (RFC 5182 §3). */
    NumberSet sequenceSet(NumberSet.Kind kind) throws Unparsable {
        if (in.take('$')) {
            return NumberSet.saved(kind);
        }
        var ranges = new ArrayList<NumberSet.Range>();
        do {
            if (ranges.size() == limits.setRanges()) {
                throw Unparsable.bad(Code.Plain.LIMIT, "A set has at most " + limits.setRanges() + " ranges");
            }
            long from = seqNumber();
            long to = in.take(':') ? seqNumber() : from;
            ranges.add(new NumberSet.Range(from, to));
        } while (in.take(','));
        return new NumberSet(ranges, kind);
    }

    /** {@code seq-number = nz-number / "*"}. */
    private long seqNumber() throws Unparsable {
        return in.take('*') ? NumberSet.STAR : in.nzNumber();
    }

    /** {@code partial-range = nz-number ":" nz-number / "-" nz-number ":" "-" nz-number} (RFC 9394 §4). */
    Page partialRange() throws Unparsable {
        boolean fromTheEnd = in.peek('-');
        long first = place(fromTheEnd);
        in.expect(':');
        return new Page(first, place(fromTheEnd));
    }

    private long place(boolean fromTheEnd) throws Unparsable {
        if (fromTheEnd) {
            in.expect('-');
            return -in.nzNumber();
        }
        return in.nzNumber();
    }

    // ---- Flags

    /** {@code flag-list = "(" [flag *(SP flag)] ")"}. */
    Flags flagList() throws Unparsable {
        in.expect('(');
        var flags = in.peek(')') ? Flags.NONE : bareFlags();
        in.expect(')');
        return flags;
    }

    /** {@code flag *(SP flag)}. */
    Flags bareFlags() throws Unparsable {
        int bits = 0;
        int count = 0;
        var keywords = new ArrayList<Keyword>();
        do {
            if (++count > limits.flags()) {
                throw Unparsable.bad(Code.Plain.LIMIT, "At most " + limits.flags() + " flags at once");
            }
            if (in.peek('\\')) {
                var name = flagExtension();
                // \Recent is the server's own (RFC 3501 §2.3.2); clients send it back unasked, so it is passed over.
                if (!name.equalsIgnoreCase("\\Recent")) {
                    bits |= systemFlag(name).bit();
                }
            } else {
                keywords.add(keyword());
            }
        } while (in.take(' '));
        return flags(bits, keywords);
    }

    private static Flags flags(int bits, List<Keyword> keywords) throws Unparsable {
        if (keywords.stream().distinct().count() > Flags.MAX_KEYWORDS) {
            throw Unparsable.no(Code.Plain.LIMIT, "A message has at most " + Flags.MAX_KEYWORDS + " keywords");
        }
        return new Flags(bits, keywords);
    }

    private static SystemFlag systemFlag(String name) throws Unparsable {
        var flag = SystemFlag.of(name);
        if (flag.isEmpty()) {
            throw Unparsable.bad("Unknown system flag");
        }
        return flag.get();
    }

    /** {@code flag-extension = "\" atom}. */
    String flagExtension() throws Unparsable {
        in.expect('\\');
        return '\\' + in.atom("flag");
    }

    /** {@code flag-keyword = atom}. */
    Keyword keyword() throws Unparsable {
        var name = in.atom("flag");
        if (!Keyword.isValid(name)) {
            throw Unparsable.no(Code.Plain.LIMIT, "A keyword has at most " + Keyword.MAX_LENGTH + " characters");
        }
        return new Keyword(name);
    }

    // ---- Dates

    /** {@code date-time}, with its quotes. */
    Instant dateTime() throws Unparsable, IOException {
        var time = ImapDates.dateTime(Lexer.text(in.string()));
        if (time.isEmpty()) {
            throw Unparsable.bad("Missing or invalid date-time");
        }
        return time.get();
    }

    // ---- For logs

    /** What a client says of itself, fit for a log line: printable ASCII, bounded. */
    static String printable(byte[] value) {
        return new String(value, StandardCharsets.UTF_8)
                .codePoints()
                .limit(MAX_ID_VALUE)
                .mapToObj(c -> c >= ' ' && c < 0x7F ? Character.toString(c) : "?")
                .collect(Collectors.joining());
    }
}
