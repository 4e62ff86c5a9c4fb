package org.postern.imap.grammar;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import org.postern.imap.command.AppendMessage;
import org.postern.imap.command.AppendMessage.Form;
import org.postern.model.Flags;

/** The messages of APPEND and REPLACE one by one, as their literals are read in between (RFC 3502 §6.3.11, RFC 3516 §7). */
public final class AppendGrammar {
    private final Lexer in;
    private final CommonGrammar common;

    AppendGrammar(Lexer in, CommonGrammar common) {
        this.in = in;
        this.common = common;
    }

    /** {@code append-message = SP [flag-list SP] [date-time SP] append-data}, up to the literal. */
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
        var form = form();
        return new AppendMessage(flags, date, form, in.announcement());
    }

    private Form form() throws Unparsable {
        if (in.take('~')) {
            return Form.BINARY;
        }
        if (in.peek('{')) {
            return Form.PLAIN;
        }
        if (!in.word("message").equalsIgnoreCase("UTF8")) {
            throw Unparsable.bad("Missing or invalid literal");
        }
        in.space();
        in.expect('(');
        in.expect('~');
        return Form.UTF8;
    }

    /** What stands behind the literal: whether another message follows. */
    public boolean hasNext(Form before) throws Unparsable {
        if (before == Form.UTF8) {
            in.expect(')');
        }
        return !in.atEnd();
    }
}
