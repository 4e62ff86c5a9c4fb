package org.postern.model;

import java.util.Locale;

/**
 * A keyword: a flag that a client makes up (RFC 9051 §2.3.2). Compared without regard to ASCII case, shown as first
 * stored.
 *
 * @param name an atom of 1 to {@value #MAX_LENGTH} characters without a leading backslash
 */
public record Keyword(String name) implements Comparable<Keyword> {
    public static final int MAX_LENGTH = 64;

    public Keyword {
        if (!isValid(name)) {
            throw new IllegalArgumentException("not a keyword");
        }
    }

    public static boolean isValid(String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH) {
            return false;
        }
        for (int i = 0; i < name.length(); i++) {
            char c = name.charAt(i);
            if (c <= ' ' || c >= 0x7F || "(){%*\"\\]".indexOf(c) >= 0) {
                return false;
            }
        }
        return true;
    }

    private String folded() {
        return name.toLowerCase(Locale.ROOT);
    }

    @Override
    public int compareTo(Keyword other) {
        return folded().compareTo(other.folded());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Keyword keyword && folded().equals(keyword.folded());
    }

    @Override
    public int hashCode() {
        return folded().hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}
