package org.postern.delivery.dkim;

import java.security.MessageDigest;

/** SHA-256 of a body in its canonical form, while the body streams through (RFC 6376 §3.4.3, §3.4.4). */
final class BodyHash {
    private static final int BUFFER_BYTES = 8192;

    private final Canonicalization canonicalization;
    private final long limit;
    private final MessageDigest digest = Crypto.sha256();
    private final byte[] buffer = new byte[BUFFER_BYTES];

    private int buffered;
    private long written;
    private boolean cr;
    private boolean blank;
    private boolean inLine;
    /** Lines without content that count only if content follows. */
    private long emptyLines;

    /** @param limit bytes of canonical form that are hashed: the tag {@code l=} (§3.5) */
    BodyHash(Canonicalization canonicalization, long limit) {
        this.canonicalization = canonicalization;
        this.limit = limit;
    }

    void update(byte[] bytes, int offset, int length) {
        for (int at = offset; at < offset + length; at++) {
            take(bytes[at]);
        }
    }

    private void take(byte b) {
        if (b == '\n' && cr) {
            cr = false;
            endLine();
            return;
        }
        if (cr) {
            cr = false;
            content((byte) '\r');
        }
        if (b == '\r') {
            cr = true;
        } else if (canonicalization == Canonicalization.RELAXED && (b == ' ' || b == '\t')) {
            blank = true;
        } else {
            content(b);
        }
    }

    private void content(byte b) {
        for (; emptyLines > 0; emptyLines--) {
            lineEnd();
        }
        if (blank) {
            put((byte) ' ');
            blank = false;
        }
        put(b);
        inLine = true;
    }

    private void endLine() {
        blank = false;
        if (inLine) {
            lineEnd();
            inLine = false;
        } else {
            emptyLines++;
        }
    }

    private void lineEnd() {
        put((byte) '\r');
        put((byte) '\n');
    }

    private void put(byte b) {
        if (written++ >= limit) {
            return;
        }
        if (buffered == BUFFER_BYTES) {
            flush();
        }
        buffer[buffered++] = b;
    }

    private void flush() {
        digest.update(buffer, 0, buffered);
        buffered = 0;
    }

    /** The body's end; once. */
    byte[] finish() {
        if (cr) {
            content((byte) '\r');
        }
        if (inLine || (canonicalization == Canonicalization.SIMPLE && written == 0)) {
            lineEnd();
        }
        flush();
        return digest.digest();
    }

    /** Bytes of the canonical form; after {@link #finish}. */
    long length() {
        return written;
    }
}
