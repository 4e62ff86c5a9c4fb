package org.postern.smtp.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.postern.mime.Headers;

/**
 * The header of a message as its client wrote it (RFC 5322 §2.2): which fields it has, and its bytes without those that must not
 * go out. What stays, stays byte for byte.
 */
public final class MessageHeader {
    /** @param end behind the last line end */
    private record Field(String name, int start, int end) {}

    private final byte[] bytes;
    private final List<Field> fields = new ArrayList<>();
    /** Behind the last field: the blank line, or what is no field and therefore body, or nothing. */
    private final int end;

    private MessageHeader(byte[] bytes) {
        this.bytes = bytes;
        this.end = read();
    }

    /** @param bytes of a message, from its beginning through its first blank line, or all of it where it has none */
    static MessageHeader of(byte[] bytes) {
        return new MessageHeader(bytes);
    }

    private int read() {
        int at = 0;
        while (at < bytes.length) {
            int lineEnd = endOfLine(at);
            boolean folded = bytes[at] == ' ' || bytes[at] == '\t';
            if (folded && !fields.isEmpty()) {
                var last = fields.removeLast();
                fields.add(new Field(last.name(), last.start(), lineEnd));
            } else {
                var name = nameOf(at, lineEnd);
                if (name.isEmpty()) {
                    return at;
                }
                fields.add(new Field(name, at, lineEnd));
            }
            at = lineEnd;
        }
        return at;
    }

    private int endOfLine(int from) {
        for (int at = from; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                return at + 1;
            }
        }
        return bytes.length;
    }

    /** The field name that the line begins with, folded; empty when it begins with none. Blanks before the colon: RFC 5322 §4.5. */
    private String nameOf(int from, int to) {
        int at = from;
        while (at < to && bytes[at] > ' ' && bytes[at] < 0x7F && bytes[at] != ':') {
            at++;
        }
        int nameEnd = at;
        while (at < to && (bytes[at] == ' ' || bytes[at] == '\t')) {
            at++;
        }
        return at < to && bytes[at] == ':'
                ? new String(bytes, from, nameEnd - from, ISO_8859_1).toLowerCase(Locale.ROOT)
                : "";
    }

    private String text(Field field) {
        return new String(bytes, field.start(), field.end() - field.start(), ISO_8859_1);
    }

    /** Bytes of all fields together. */
    int fieldBytes() {
        return end;
    }

    /** Whether a whole line that is no field ends the header. */
    boolean endsAtBody() {
        for (int at = end; at < bytes.length; at++) {
            if (bytes[at] == '\n') {
                return true;
            }
        }
        return false;
    }

    /** How many fields of that lower-case name there are. */
    public int count(String name) {
        return (int) fields.stream().filter(field -> field.name().equals(name)).count();
    }

    /**
     * The fields of these lower-case names as they stand, with their line ends; what is not UTF-8 of them (RFC 6532 §3) is not kept.
     */
    public String fields(Set<String> names) {
        return new String(bytes(names), UTF_8);
    }

    private byte[] bytes(Set<String> names) {
        var wanted = new ByteArrayOutputStream();
        for (var field : fields) {
            if (names.contains(field.name())) {
                wanted.write(bytes, field.start(), field.end() - field.start());
            }
        }
        return wanted.toByteArray();
    }

    /** Whether its From names more than one mailbox, so that one of them has to be its Sender (RFC 5322 §3.6.2). */
    public boolean hasSeveralAuthors() {
        return Headers.of(bytes(Set.of("from"))).addresses("from").size() > 1; // The others need not be read for it.
    }

    /**
     * The header that goes on, with what follows it.
     *
     */
    byte[] edited(HeaderEdit edit) {
        var front = edit.front(this);
        var out = new ByteArrayOutputStream(front.length + bytes.length + 2);
        out.writeBytes(front);
        for (var field : fields) {
            if (!edit.withholds(field.name(), text(field))) {
                out.write(bytes, field.start(), field.end() - field.start());
            }
        }
        boolean hasBlankLine = end < bytes.length && bytes[end] == '\r';
        if (!hasBlankLine) {
            out.writeBytes(new byte[] {'\r', '\n'}); // The client sent none: what is no field would else look like one.
        }
        out.write(bytes, end, bytes.length - end);
        return out.toByteArray();
    }
}
