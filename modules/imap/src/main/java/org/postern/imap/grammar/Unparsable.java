package org.postern.imap.grammar;

import java.util.Optional;
import org.postern.imap.reply.Code;

/**
 * A command that the grammar or a bound refuses; becomes the tagged reply in one place, {@code ImapSession}. An exception
 * and not a result, because it leaves a recursive descent.
 */
public final class Unparsable extends Exception {
    private static final long serialVersionUID = 1;

    /** Whether the syntax is right (then the reply is NO) or not (BAD). */
    private final boolean syntaxIsRight;

    @SuppressWarnings("serial") // Never serialised.
    private final Optional<Code> code;

    private final String text;

    private Unparsable(boolean syntaxIsRight, Optional<Code> code, String text) {
        super(text, null, false, false);
        this.syntaxIsRight = syntaxIsRight;
        this.code = code;
        this.text = text;
    }

    /** BAD: not what RFC 3501 §9 says. */
    public static Unparsable bad(String text) {
        return new Unparsable(false, Optional.empty(), text);
    }

    /** BAD with RFC 5530 §3 {@code LIMIT} or RFC 4469 {@code TOOBIG}: well formed, but beyond a bound of ours. */
    static Unparsable bad(Code code, String text) {
        return new Unparsable(false, Optional.of(code), text);
    }

    /** NO: well formed, but never possible. */
    static Unparsable no(Code code, String text) {
        return new Unparsable(true, Optional.of(code), text);
    }

    public boolean syntaxIsRight() {
        return syntaxIsRight;
    }

    public Optional<Code> code() {
        return code;
    }

    /** Words for the client. */
    public String text() {
        return text;
    }
}
