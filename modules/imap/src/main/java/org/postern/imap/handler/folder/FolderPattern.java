package org.postern.imap.handler.folder;

import java.util.Optional;
import org.postern.imap.ImapLimits;
import org.postern.model.FolderName;

/** The pattern of LIST and LSUB: {@code *} stands for anything, {@code %} for anything within a level (RFC 3501 §6.3.8). */
final class FolderPattern {
    private final String pattern;

    private FolderPattern(String pattern) {
        this.pattern = pattern;
    }

    /** Reference and pattern joined, as the RFC leaves it to us; empty when that is beyond the bounds. */
    static Optional<FolderPattern> of(String reference, String pattern, ImapLimits limits) {
        var joined = collapsed(reference + pattern);
        long wildcards = joined.chars().filter(c -> c == '*' || c == '%').count();
        return joined.length() > limits.patternChars() || wildcards > limits.wildcards()
                ? Optional.empty()
                : Optional.of(new FolderPattern(inboxInCapitals(joined)));
    }

    /** Neighbouring wildcards as one: {@code *} swallows {@code %}. */
    private static String collapsed(String text) {
        var out = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            char last = out.isEmpty() ? 0 : out.charAt(out.length() - 1);
            if (c == '*' && last == '%') {
                out.setCharAt(out.length() - 1, '*');
            } else if (!((c == '*' || c == '%') && last == '*') && !(c == '%' && last == '%')) {
                out.append(c);
            }
        }
        return out.toString();
    }

    /** INBOX is one name in any case (RFC 3501 §5.1). */
    private static String inboxInCapitals(String pattern) {
        int end = 0;
        while (end < pattern.length() && "/*%".indexOf(pattern.charAt(end)) < 0) {
            end++;
        }
        return pattern.substring(0, end).equalsIgnoreCase("INBOX") ? "INBOX" + pattern.substring(end) : pattern;
    }

    boolean matches(FolderName name) {
        return matches(name.value());
    }

    /**
     * Whether the whole text matches. Remembers only the last {@code *} and the last {@code %} to go back to, so the cost
     * is bounded by the product of both lengths, whatever the pattern.
     */
    boolean matches(String text) {
        int p = 0;
        int t = 0;
        int star = -1;
        int starText = 0;
        int percent = -1;
        int percentText = 0;
        while (t < text.length()) {
            if (p < pattern.length() && pattern.charAt(p) == '*') {
                star = p++;
                starText = t;
                percent = -1;
            } else if (p < pattern.length() && pattern.charAt(p) == '%') {
                percent = p++;
                percentText = t;
            } else if (p < pattern.length() && pattern.charAt(p) == text.charAt(t)) {
                p++;
                t++;
            } else if (percent >= 0 && text.charAt(percentText) != FolderName.SEPARATOR) {
                p = percent + 1;
                t = ++percentText;
            } else if (star >= 0) {
                p = star + 1;
                t = ++starText;
                percent = -1;
            } else {
                return false;
            }
        }
        while (p < pattern.length() && (pattern.charAt(p) == '*' || pattern.charAt(p) == '%')) {
            p++;
        }
        return p == pattern.length();
    }
}
