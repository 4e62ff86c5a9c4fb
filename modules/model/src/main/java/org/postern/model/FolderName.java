package org.postern.model;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.List;
import java.util.Optional;

/**
 * A folder's full name in Unicode, its levels joined by {@code /}; INBOX in any case is one folder (RFC 9051 §5.1).
 *
 * @param value NFC-normalised, {@code INBOX} in capitals where it is the first level
 */
public record FolderName(String value) implements Comparable<FolderName> {
    public static final char SEPARATOR = '/';
    public static final int MAX_BYTES = 1024;
    public static final int MAX_LEVELS = 32;
    public static final int MAX_LEVEL_BYTES = 255;
    public static final FolderName INBOX = new FolderName("INBOX");

    public FolderName {
        var problem = problemOf(value);
        if (problem.isPresent()) {
            throw new IllegalArgumentException(problem.get());
        }
        value = normalised(value);
    }

    /** Why the text cannot name a folder, in words a person can be shown; empty when it can. */
    public static Optional<String> problemOf(String text) {
        if (text.isEmpty()) {
            return Optional.of("A folder name is never empty");
        }
        if (text.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return Optional.of("A folder name has at most " + MAX_BYTES + " bytes");
        }
        if (hasForbidden(text)) {
            return Optional.of("A folder name has no control characters, % or *");
        }
        var levels = text.split("/", -1);
        if (levels.length > MAX_LEVELS) {
            return Optional.of("A folder name has at most " + MAX_LEVELS + " levels");
        }
        for (var level : levels) {
            if (level.isEmpty()) {
                return Optional.of("A folder name has no empty level");
            }
            if (level.getBytes(StandardCharsets.UTF_8).length > MAX_LEVEL_BYTES) {
                return Optional.of("A level of a folder name has at most " + MAX_LEVEL_BYTES + " bytes");
            }
        }
        return Optional.empty();
    }

    private static boolean hasForbidden(String text) {
        int c;
        for (int i = 0; i < text.length(); i += Character.charCount(c)) {
            c = text.codePointAt(i);
            if (isForbidden(c)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isForbidden(int c) {
        return Character.isISOControl(c)
                || c == '%'
                || c == '*'
                || c == 0x2028
                || c == 0x2029
                || (c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private static String normalised(String text) {
        var nfc = Normalizer.normalize(text, Normalizer.Form.NFC);
        int end = nfc.indexOf(SEPARATOR);
        var first = end < 0 ? nfc : nfc.substring(0, end);
        return first.equalsIgnoreCase("INBOX") ? "INBOX" + nfc.substring(first.length()) : nfc;
    }

    public boolean isInbox() {
        return value.equals("INBOX");
    }

    public List<String> levels() {
        return List.of(value.split("/"));
    }

    /** The folder one level up, if this is not at the top. */
    public Optional<FolderName> parent() {
        int at = value.lastIndexOf(SEPARATOR);
        return at < 0 ? Optional.empty() : Optional.of(new FolderName(value.substring(0, at)));
    }

    public boolean isBelow(FolderName ancestor) {
        return value.startsWith(ancestor.value + SEPARATOR);
    }

    /** This name with {@code from} at its start replaced by {@code to}; this must be {@code from} or lie below it. */
    public FolderName moved(FolderName from, FolderName to) {
        if (!equals(from) && !isBelow(from)) {
            throw new IllegalArgumentException(this + " is not in " + from);
        }
        return new FolderName(to.value + value.substring(from.value.length()));
    }

    @Override
    public int compareTo(FolderName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
