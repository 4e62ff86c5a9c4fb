package org.postern.line;

/** Why a line is no command line; nothing of it is looked at. */
public enum BadLine {
    /** Longer than {@link LineLimits#commandLine()}; its rest has been dropped. */
    TOO_LONG,
    /** A bare CR inside, or a bare LF at its end where the protocol wants CRLF (RFC 5321 §2.3.8). */
    BARE_LINE_END,
    /** NUL or another control character: nothing trims or passes it on. */
    CONTROL_CHARACTER,
    NOT_UTF8
}
