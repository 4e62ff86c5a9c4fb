package org.postern.accounts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;

/**
 * A client token's secret: {@value #SYMBOLS} symbols of 5 bits, 125 bits in all, shown as lower-case groups of
 * {@value #GROUP} with dashes.
 *
 * @param plain the canonical form without dashes: what is hashed
 */
record TokenSecret(String plain) {
    static final int SYMBOLS = 25;
    static final int GROUP = 5;

    /** Without 0, 1, l and o: nothing that a phone's font shows alike. */
    static final String ALPHABET = "23456789abcdefghijkmnpqrstuvwxyz";

    /** Nothing longer is a secret; what is cut off could not have made it right. */
    private static final int MAX_TYPED = 1_000;

    static TokenSecret generate(SecureRandom random) {
        var text = new StringBuilder(SYMBOLS);
        for (int i = 0; i < SYMBOLS; i++) {
            text.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
        }
        return new TokenSecret(text.toString());
    }

    /**
     * What somebody typed, in canonical form: ASCII letters in lower case; without dashes, also the long ones that
     * phones make of two, and without white space. Any text has one: a stranger's secret is hashed like a right one.
     */
    static TokenSecret typed(String typed) {
        var text = new StringBuilder(SYMBOLS);
        for (int i = 0; i < Math.min(typed.length(), MAX_TYPED); i++) {
            char c = typed.charAt(i);
            if (c >= 'A' && c <= 'Z') {
                text.append((char) (c + ('a' - 'A')));
            } else if (!isFiller(c)) {
                text.append(c);
            }
        }
        return new TokenSecret(text.toString());
    }

    /** The form that people are shown. */
    String dashed() {
        var text = new StringBuilder(plain);
        for (int i = plain.length() - GROUP; i > 0; i -= GROUP) {
            text.insert(i, '-');
        }
        return text.toString();
    }

    byte[] sha256() {
        try {
            return MessageDigest.getInstance("SHA-256").digest(plain.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static boolean isFiller(char c) {
        return Character.getType(c) == Character.DASH_PUNCTUATION
                || Character.isWhitespace(c)
                || Character.isSpaceChar(c);
    }

    /** Never shows the secret. */
    @Override
    public String toString() {
        return "a secret of " + plain.length() + " characters";
    }
}
