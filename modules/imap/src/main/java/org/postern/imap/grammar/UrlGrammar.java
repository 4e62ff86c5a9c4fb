package org.postern.imap.grammar;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.postern.imap.Features;
import org.postern.imap.ImapLimits;
import org.postern.imap.command.FetchItem.Partial;
import org.postern.imap.command.FetchItem.Section;
import org.postern.imap.command.MessageUrl;
import org.postern.model.FolderName;
import org.postern.model.Uid;
import org.postern.model.UidValidity;

/**
 * Relative IMAP URLs of messages: {@code [["/"] mailbox [";UIDVALIDITY=" n] "/"] ";UID=" n ["/;SECTION=" s] ["/;PARTIAL=" o
 * ["." n]]} (RFC 5092 §11 {@code imsg-or-part}). Of other servers and other users nothing is taken.
 */
public final class UrlGrammar {
    private static final String UID = ";UID=";
    private static final String VALIDITY = ";UIDVALIDITY=";
    private static final String SECTION = "/;SECTION=";
    private static final String PARTIAL = "/;PARTIAL=";

    private final ImapLimits limits;

    public UrlGrammar(ImapLimits limits) {
        this.limits = limits;
    }

    /** Empty where the text is no such URL. */
    public Optional<MessageUrl> parse(String url) {
        int uid = find(url, UID, 0);
        if (uid < 0 || url.startsWith("//") || !url.chars().allMatch(c -> c > ' ' && c < 0x7F)) {
            return Optional.empty();
        }
        try {
            return Optional.of(message(url.substring(0, uid), url.substring(uid + UID.length())));
        } catch (Unparsable | IOException e) {
            return Optional.empty(); // The lexer's way to say so; there is no stream that could fail.
        }
    }

    private MessageUrl message(String before, String after) throws Unparsable, IOException {
        Optional<FolderName> folder = Optional.empty();
        Optional<UidValidity> validity = Optional.empty();
        if (!before.isEmpty()) {
            int from = before.charAt(0) == '/' ? 1 : 0;
            int to = before.length() - 1;
            if (before.charAt(to) != '/' || to <= from) {
                throw Unparsable.bad("No folder");
            }
            var path = before.substring(from, to);
            int at = find(path, VALIDITY, 0);
            if (at >= 0) {
                validity = Optional.of(new UidValidity(number(path.substring(at + VALIDITY.length()))));
            }
            folder = Optional.of(CommonGrammar.folderName(decoded(at < 0 ? path : path.substring(0, at))));
        }
        int partialAt = find(after, PARTIAL, 0);
        Optional<Partial> partial =
                partialAt < 0 ? Optional.empty() : Optional.of(partial(after.substring(partialAt + PARTIAL.length())));
        var rest = partialAt < 0 ? after : after.substring(0, partialAt);
        int sectionAt = find(rest, SECTION, 0);
        var section = sectionAt < 0 ? Section.WHOLE : section(decoded(rest.substring(sectionAt + SECTION.length())));
        var uid = new Uid(number(sectionAt < 0 ? rest : rest.substring(0, sectionAt)));
        return new MessageUrl(folder, validity, uid, section, partial);
    }

    private static int find(String text, String what, int from) {
        for (int at = from; at + what.length() <= text.length(); at++) {
            if (text.regionMatches(true, at, what, 0, what.length())) {
                return at;
            }
        }
        return -1;
    }

    private long number(String text) throws Unparsable, IOException {
        var lexer = lexer(text);
        long number = lexer.nzNumber();
        lexer.end();
        return number;
    }

    /** {@code partial-range = number ["." nz-number]}. */
    private Partial partial(String text) throws Unparsable, IOException {
        var lexer = lexer(text);
        long origin = lexer.number();
        long count = lexer.take('.') ? lexer.nzNumber() : Long.MAX_VALUE;
        lexer.end();
        return new Partial(origin, count);
    }

    /** {@code section-spec}, as FETCH has it. */
    private Section section(String text) throws Unparsable, IOException {
        var lexer = lexer('[' + text + ']');
        var common = new CommonGrammar(lexer, limits, new Features());
        var body = new FetchGrammar(lexer, limits, common).section(true);
        lexer.end();
        return body.section();
    }

    private Lexer lexer(String text) throws IOException {
        var lexer = new Lexer(new OneLine(text.getBytes(StandardCharsets.UTF_8)), limits);
        lexer.begin();
        return lexer;
    }

    /** Percent-encoded UTF-8 (RFC 3986 §2.1). */
    private static String decoded(String text) throws Unparsable {
        var bytes = new ByteArrayOutputStream();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c != '%') {
                bytes.write(c);
                continue;
            }
            int high = i + 2 < text.length() ? Character.digit(text.charAt(i + 1), 16) : -1;
            int low = i + 2 < text.length() ? Character.digit(text.charAt(i + 2), 16) : -1;
            if (high < 0 || low < 0) {
                throw Unparsable.bad("Missing hexadecimal digits");
            }
            bytes.write(high << 4 | low);
            i += 2;
        }
        return Lexer.text(bytes.toByteArray());
    }

    /** A text that has no line behind it, and no literal. */
    @SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
    private record OneLine(byte[] text) implements CommandSource {
        @Override
        public byte[] line(int maxBytes) {
            return text;
        }

        @Override
        public void transfer(long count, OutputStream to) throws IOException {
            throw new EOFException();
        }

        @Override
        public void invite() {}
    }
}
