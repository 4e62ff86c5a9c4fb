package org.postern.imap.reply;

import java.util.Optional;

/** The status that completes a command, without its tag; also the text of an untagged status (RFC 3501 §7.1). */
public record Tagged(Status status, Optional<Code> code, String text) {
    /** {@code resp-cond-state}. */
    public enum Status {
        OK,
        NO,
        BAD
    }

    public static Tagged ok(String text) {
        return new Tagged(Status.OK, Optional.empty(), text);
    }

    public static Tagged ok(Code code, String text) {
        return new Tagged(Status.OK, Optional.of(code), text);
    }

    public static Tagged no(String text) {
        return new Tagged(Status.NO, Optional.empty(), text);
    }

    public static Tagged no(Code code, String text) {
        return new Tagged(Status.NO, Optional.of(code), text);
    }

    public static Tagged bad(String text) {
        return new Tagged(Status.BAD, Optional.empty(), text);
    }
}
