package org.postern.model;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;

/**
 * A mail domain as its lower-case A-labels (RFC 5890 §2.3.2.1).
 *
 * @param name at most {@value #MAX_LENGTH} characters, two labels or more unless it is {@code localhost}
 */
public record Domain(String name) implements Comparable<Domain> {
    public static final int MAX_LENGTH = 253;
    private static final int MAX_LABEL_LENGTH = 63;

    public Domain {
        name = canonical(name).orElseThrow(() -> new IllegalArgumentException("not a domain name"));
    }

    /** The domain that the text names, if it does; U-labels become A-labels. */
    public static Optional<Domain> parse(String text) {
        return canonical(text).map(Domain::new);
    }

    private static Optional<String> canonical(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            return Optional.empty();
        }
        String ascii;
        try {
            ascii = (isPlain(text) ? text : IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES)).toLowerCase(Locale.ROOT);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // Says only that the text is no domain name, which is our answer too.
        }
        if (ascii.length() > MAX_LENGTH || (ascii.indexOf('.') < 0 && !ascii.equals("localhost"))) {
            return Optional.empty();
        }
        for (var label : ascii.split("\\.", -1)) {
            if (label.isEmpty() || label.length() > MAX_LABEL_LENGTH) {
                return Optional.empty();
            }
        }
        return Optional.of(ascii);
    }

    /** Whether all is letters, digits and hyphens inside of labels, as in almost every name: A-labels by themselves. */
    private static boolean isPlain(String text) {
        for (int at = 0; at < text.length(); at++) {
            char c = text.charAt(at);
            if (!isLetterOrDigit(c) && c != '.' && !(c == '-' && isInsideLabel(text, at))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    private static boolean isInsideLabel(String text, int at) {
        return at > 0 && at < text.length() - 1 && text.charAt(at - 1) != '.' && text.charAt(at + 1) != '.';
    }

    @Override
    public int compareTo(Domain other) {
        return name.compareTo(other.name);
    }

    @Override
    public String toString() {
        return name;
    }
}
