package org.postern.imap.grammar;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.imap.ImapLimits;
import org.postern.imap.command.Command.Announced;
import org.postern.imap.reply.Code;
import org.postern.net.LineTooLong;

/**
 * The terminals of one command: atoms, strings, literals, numbers (RFC 3501 §4, §9). Reads on over literals as the grammar
 * asks for them, and no further.
 */
public final class Lexer {
    private static final byte[] NOTHING = new byte[0];
    private static final String ATOM_SPECIALS = "(){%*\"\\]";

    private final CommandSource source;
    private final ImapLimits limits;

    private byte[] line = NOTHING;
    private int at;
    /** Bytes of this command so far, over all its lines and literals. */
    private long read;
    /** The literal that the end of the current line announces and nobody has read yet. */
    private @Nullable Announced pending;

    public Lexer(CommandSource source, ImapLimits limits) {
        this.source = source;
        this.limits = limits;
    }

    /** Begins the next command: reads its first line. */
    public void begin() throws IOException {
        read = 0;
        nextLine();
    }

    private void nextLine() throws IOException {
        long left = limits.commandBytes() - read;
        if (left <= 0) {
            throw new LineTooLong(limits.commandBytes());
        }
        line = source.line((int) Math.min(left, limits.lineBytes()));
        read += line.length;
        at = 0;
        pending = announcedAtEnd();
    }

    /** The literal that the line's end announces: {@code {n}} or {@code {n+}} as its very last bytes. */
    private @Nullable Announced announcedAtEnd() {
        int i = line.length - 1;
        if (i < 2 || line[i] != '}') {
            return null;
        }
        boolean synchronising = line[--i] != '+';
        if (!synchronising) {
            i--;
        }
        int end = i + 1;
        while (i >= 0 && line[i] >= '0' && line[i] <= '9') {
            i--;
        }
        int digits = end - i - 1;
        if (i < 0 || line[i] != '{' || digits == 0) {
            return null;
        }
        // Nobody can send so much; whoever announces it gets the bound's refusal, and only its order of magnitude
        // counts.
        long size = digits > 18 ? Long.MAX_VALUE : Long.parseLong(ascii(i + 1, end));
        return new Announced(size, synchronising);
    }

    // ---- Ends

    /** CRLF: the command is complete. */
    public void end() throws Unparsable {
        if (at < line.length) {
            throw Unparsable.bad("Too many arguments");
        }
    }

    public boolean atEnd() {
        return at == line.length;
    }

    /**
     * Reads what is left of a command that is not wanted any more, so that the next line is the next command: literals
     * that the client sends without waiting (RFC 7888 §4), and the lines behind them.
     *
     * @return whether that stayed within {@link ImapLimits#drainBytes()}; if not, the connection has to end
     */
    public boolean skipRest() throws IOException {
        long drained = 0;
        for (var literal = pending; literal != null && !literal.synchronising(); literal = pending) {
            if (literal.size() > limits.drainBytes() - drained) {
                return false;
            }
            drained += literal.size();
            pending = null;
            source.transfer(literal.size(), OutputStream.nullOutputStream());
            read = Math.max(0, read - line.length); // What is thrown away does not count against the command's bound.
            nextLine();
        }
        pending = null;
        line = NOTHING; // An idle session keeps no long line.
        at = 0;
        return true;
    }

    // ---- Single bytes

    public boolean peek(char c) {
        return at < line.length && (line[at] & 0xFF) == c;
    }

    /** Takes the character if it is next. */
    public boolean take(char c) {
        if (peek(c)) {
            at++;
            return true;
        }
        return false;
    }

    /** Whether the text, in any case, is next. */
    boolean peek(String text) {
        return at + text.length() <= line.length
                && ascii(at, at + text.length()).equalsIgnoreCase(text);
    }

    /** Takes the text, in any case, if it is next. */
    boolean take(String text) {
        boolean next = peek(text);
        if (next) {
            at += text.length();
        }
        return next;
    }

    public void expect(char c) throws Unparsable {
        if (!take(c)) {
            throw Unparsable.bad(
                    switch (c) {
                        case ' ' -> "Missing argument";
                        case '(' -> "Missing opening parenthesis";
                        case ')' -> "Missing closing parenthesis";
                        default -> "Missing " + c;
                    });
        }
    }

    /** {@code SP}: exactly one. */
    public void space() throws Unparsable {
        expect(' ');
    }

    // ---- Atoms

    private int atomEnd(String alsoAllowed, String alsoForbidden) {
        int i = at;
        while (i < line.length) {
            int c = line[i] & 0xFF;
            boolean special = c <= ' '
                    || c >= 0x7F
                    || (ATOM_SPECIALS.indexOf(c) >= 0 && alsoAllowed.indexOf(c) < 0)
                    || alsoForbidden.indexOf(c) >= 0;
            if (special) {
                break;
            }
            i++;
        }
        return i;
    }

    private String run(int end, String what) throws Unparsable {
        if (end == at) {
            throw Unparsable.bad("Missing or invalid " + what);
        }
        var text = ascii(at, end);
        at = end;
        return text;
    }

    /** {@code atom = 1*ATOM-CHAR}. */
    public String atom(String what) throws Unparsable {
        return run(atomEnd("", ""), what);
    }

    /** {@code tag = 1*<any ASTRING-CHAR except "+">}. */
    public String tag() throws Unparsable {
        return run(atomEnd("]", "+"), "tag");
    }

    /** A keyword of the grammar such as a search key or a data item: letters, digits, dots, dashes, equals signs. */
    public String word(String what) throws Unparsable {
        int i = at;
        while (i < line.length && isWordChar(line[i])) {
            i++;
        }
        return run(i, what);
    }

    private static boolean isWordChar(byte c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '.'
                || c == '-'
                || c == '=';
    }

    /** {@code list-mailbox = 1*list-char / string}. */
    public String listMailbox() throws Unparsable, IOException {
        return isStringNext() ? text(string()) : run(atomEnd("%*]", ""), "pattern");
    }

    // ---- Strings

    private boolean isStringNext() {
        return peek('"') || peek('{');
    }

    /** {@code astring = 1*ASTRING-CHAR / string}. */
    public byte[] astringBytes(String what) throws Unparsable, IOException {
        return isStringNext() ? string() : run(atomEnd("]", ""), what).getBytes(StandardCharsets.US_ASCII);
    }

    /** An {@code astring} that is text: UTF-8, which is ASCII for every client of rev1. */
    public String astring(String what) throws Unparsable, IOException {
        return text(astringBytes(what));
    }

    /** {@code string = quoted / literal}. */
    public byte[] string() throws Unparsable, IOException {
        if (peek('"')) {
            return quoted();
        }
        if (peek('{')) {
            return literal();
        }
        throw Unparsable.bad("Missing or invalid string");
    }

    /** {@code nstring = string / nil}. */
    public Optional<byte[]> nstring() throws Unparsable, IOException {
        if (isStringNext()) {
            return Optional.of(string());
        }
        if (atom("string").equalsIgnoreCase("NIL")) {
            return Optional.empty();
        }
        throw Unparsable.bad("Missing or invalid string");
    }

    /** {@code quoted}; bytes above 127 are taken as they are, for clients write UTF-8 there. */
    private byte[] quoted() throws Unparsable {
        at++;
        var out = new ByteArrayOutputStream();
        while (at < line.length) {
            byte c = line[at++];
            if (c == '"') {
                return out.toByteArray();
            }
            if (c == '\\') {
                if (!peek('"') && !peek('\\')) {
                    throw Unparsable.bad("Only \" and \\ can be quoted with a backslash");
                }
                c = line[at++];
            } else if (c == 0 || c == '\r' || c == '\n') {
                throw Unparsable.bad("Forbidden character in a quoted string");
            }
            out.write(c);
        }
        throw Unparsable.bad("Missing closing quote");
    }

    /** {@code literal = "{" number ["+"] "}" CRLF *CHAR8}, within {@link ImapLimits#literalBytes()}. */
    private byte[] literal() throws Unparsable, IOException {
        var value = literal8();
        for (var b : value) {
            if (b == 0) {
                throw Unparsable.bad("A literal has no NUL (RFC 3501 section 9, CHAR8)");
            }
        }
        return value;
    }

    /** {@code literal8} behind its {@code ~}: any bytes (RFC 3516 §7). */
    byte[] literal8() throws Unparsable, IOException {
        var announced = announcement();
        if (announced.size() > limits.literalBytes() || announced.size() > limits.commandBytes() - read) {
            pending = announced; // Not read: skipRest() decides.
            throw Unparsable.bad(Code.Plain.TOOBIG, "Literal too big");
        }
        var bytes = new ByteArrayOutputStream((int) announced.size());
        readLiteral(announced, bytes);
        return bytes.toByteArray();
    }

    /** Whether a literal of more than {@code bytes} is next. */
    boolean announces(long bytes) throws Unparsable {
        return peek('{') && announcement().size() > bytes;
    }

    /** {@code "{" number ["+"] "}" CRLF}: the announcement alone. */
    public Announced announcement() throws Unparsable {
        var announced = pending;
        if (announced == null || !peek('{')) {
            throw Unparsable.bad("Missing or invalid literal");
        }
        for (int i = at + 1; i < line.length; i++) {
            if (line[i] == '{') {
                throw Unparsable.bad("Missing or invalid literal"); // "{1 {2}": what ends the line is another one.
            }
        }
        return announced;
    }

    /** Reads an announced literal and the line behind it; invites a client that waits. */
    public void readLiteral(Announced announced, OutputStream to) throws IOException {
        if (announced.synchronising()) {
            source.invite();
        }
        pending = null;
        source.transfer(announced.size(), to);
        if (to instanceof ByteArrayOutputStream) {
            read += announced.size(); // A message goes to a spool, which has its own bound.
        }
        nextLine();
    }

    /** UTF-8, strictly. */
    static String text(byte[] bytes) throws Unparsable {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            throw Unparsable.bad("Text is not valid UTF-8");
        }
    }

    // ---- Numbers

    /** {@code number}: 0 to 4,294,967,295. */
    public long number() throws Unparsable {
        return digits(0xFFFF_FFFFL);
    }

    /** {@code nz-number}: 1 to 4,294,967,295. */
    public long nzNumber() throws Unparsable {
        long number = number();
        if (number == 0) {
            throw Unparsable.bad("Zero is no number here");
        }
        return number;
    }

    /** {@code number64} (RFC 9051 §9), 63 bits. */
    public long number64() throws Unparsable {
        return digits(Long.MAX_VALUE);
    }

    private long digits(long max) throws Unparsable {
        int start = at;
        long value = 0;
        while (at < line.length && line[at] >= '0' && line[at] <= '9') {
            int digit = line[at++] - '0';
            if (value > (max - digit) / 10) {
                throw Unparsable.bad("Number too large");
            }
            value = value * 10 + digit;
        }
        if (at == start) {
            throw Unparsable.bad("Missing or invalid number");
        }
        return value;
    }

    public boolean isDigitNext() {
        return at < line.length && line[at] >= '0' && line[at] <= '9';
    }

    private String ascii(int from, int to) {
        return new String(line, from, to - from, StandardCharsets.ISO_8859_1);
    }
}
