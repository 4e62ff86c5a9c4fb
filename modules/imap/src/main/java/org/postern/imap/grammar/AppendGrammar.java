package org.postern.imap.grammar;

import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import org.postern.imap.command.AppendMessage;
import org.postern.imap.command.AppendMessage.Form;
import org.postern.imap.command.AppendMessage.Part;
import org.postern.imap.command.AppendMessage.Source;
import org.postern.model.Flags;

/**
 * The messages of APPEND and REPLACE one by one, as their literals are read in between (RFC 3502 §6.3.11, RFC 3516 §7, RFC
 * 4469 §5).
 */
public final class AppendGrammar {
    private final Lexer in;
    private final CommonGrammar common;

    AppendGrammar(Lexer in, CommonGrammar common) {
        this.in = in;
        this.common = common;
    }

    /** {@code append-message = SP [flag-list SP] [date-time SP] append-data}, up to its first literal or URL. */
    public AppendMessage message() throws Unparsable, IOException {
        in.space();
        var flags = Flags.NONE;
        if (in.peek('(')) {
            flags = common.flagList();
            in.space();
        }
        Optional<Instant> date = Optional.empty();
        if (in.peek('"')) {
            date = Optional.of(common.dateTime());
            in.space();
        }
        return new AppendMessage(flags, date, source());
    }

    /** {@code append-data = literal / literal8 / "UTF8" … / "CATENATE" SP "(" cat-part *(SP cat-part) ")"}. */
    private Source source() throws Unparsable {
        if (in.peek('~') || in.peek('{')) {
            return literal();
        }
        return switch (in.word("message").toUpperCase(Locale.ROOT)) {
            case "CATENATE" -> {
                in.space();
                in.expect('(');
                yield new Source.Catenated();
            }
            case "UTF8" -> utf8();
            default -> throw Unparsable.bad("Missing or invalid literal");
        };
    }

    private Source.Literal literal() throws Unparsable {
        return in.take('~')
                ? new Source.Literal(Form.BINARY, in.announcement())
                : new Source.Literal(Form.PLAIN, in.announcement());
    }

    private Source.Literal utf8() throws Unparsable {
        in.space();
        in.expect('(');
        in.expect('~');
        return new Source.Literal(Form.UTF8, in.announcement());
    }

    /** {@code cat-part = "TEXT" SP literal / "UTF8" SP "(" literal8 ")" / "URL" SP astring}, up to its literal. */
    public Part part() throws Unparsable, IOException {
        return switch (in.word("part").toUpperCase(Locale.ROOT)) {
            case "TEXT" -> {
                in.space();
                yield new Part.Text(literal());
            }
            case "UTF8" -> new Part.Text(utf8());
            case "URL" -> {
                in.space();
                yield new Part.Url(in.astring("URL"));
            }
            default -> throw Unparsable.bad("A part is TEXT, UTF8 or URL");
        };
    }

    /** What stands behind a part: whether another follows. */
    public boolean hasPart() throws Unparsable {
        if (in.take(' ')) {
            return true;
        }
        in.expect(')');
        return false;
    }

    /** Reads what stands behind a literal and belongs to it. */
    public void close(Form form) throws Unparsable {
        if (form == Form.UTF8) {
            in.expect(')');
        }
    }

    /** What stands behind a message: whether another follows. */
    public boolean hasNext() {
        return !in.atEnd();
    }
}
