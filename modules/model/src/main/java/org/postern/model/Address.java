package org.postern.model;

import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.util.Locale;
import java.util.Optional;

/**
 * An email address: {@code local-part@domain} (RFC 5321 §4.1.2, RFC 6531 §3.3), the local part unquoted and as written.
 *
 * @param localPart 1 to {@value #MAX_LOCAL_PART_BYTES} bytes of UTF-8, NFC
 */
public record Address(String localPart, Domain domain) {
    public static final int MAX_LOCAL_PART_BYTES = 64;
    /** RFC 5321 §4.5.3.1.3 less the angle brackets. */
    public static final int MAX_BYTES = 254;

    public Address {
        localPart = Normalizer.normalize(localPart, Normalizer.Form.NFC);
        int bytes = localPart.getBytes(StandardCharsets.UTF_8).length;
        if (bytes == 0
                || bytes > MAX_LOCAL_PART_BYTES
                || bytes + 1 + domain.name().length() > MAX_BYTES) {
            throw new IllegalArgumentException("not an address");
        }
        if (localPart.codePoints().anyMatch(c -> Character.isISOControl(c) || isLoneSurrogate(c))) {
            throw new IllegalArgumentException("not an address");
        }
    }

    /** The address that the text writes, without angle brackets; a quoted local part is unquoted. */
    public static Optional<Address> parse(String text) {
        int at = text.lastIndexOf('@');
        if (at < 1) {
            return Optional.empty();
        }
        var local = unquoted(text.substring(0, at));
        var domain = Domain.parse(text.substring(at + 1));
        if (local.isEmpty() || domain.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Address(local.get(), domain.get()));
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // The record's own check is the one definition of what an address is.
        }
    }

    private static Optional<String> unquoted(String local) {
        if (!local.startsWith("\"")) {
            return isDotAtom(local) ? Optional.of(local) : Optional.empty();
        }
        if (local.length() < 2 || !local.endsWith("\"")) {
            return Optional.empty();
        }
        var text = new StringBuilder();
        for (int i = 1; i < local.length() - 1; i++) {
            char c = local.charAt(i);
            if (c == '"') {
                return Optional.empty();
            }
            if (c == '\\') {
                if (++i >= local.length() - 1) {
                    return Optional.empty();
                }
                c = local.charAt(i);
            }
            text.append(c);
        }
        return Optional.of(text.toString());
    }

    private static boolean isDotAtom(String local) {
        if (local.startsWith(".") || local.endsWith(".") || local.contains("..")) {
            return false;
        }
        return local.chars().allMatch(c -> c > ' ' && c != 0x7F && "()<>[]:;@\\,\"".indexOf(c) < 0);
    }

    private static boolean isLoneSurrogate(int c) {
        return c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE;
    }

    /** The key of the directory: local part folded to lower case, for our own domains treat case alike. */
    public String foldedLocalPart() {
        return localPart.toLowerCase(Locale.ROOT);
    }

    /** The local part before its first {@code +}, folded: {@code ann+shop} is delivered to {@code ann}. */
    public String foldedLocalPartWithoutDetail() {
        int plus = localPart.indexOf('+');
        return plus < 1 ? foldedLocalPart() : foldedLocalPart().substring(0, plus);
    }

    public boolean isAscii() {
        return localPart.chars().allMatch(c -> c < 0x80);
    }

    /** The address as SMTP writes it; the local part quoted where it must be. */
    @Override
    public String toString() {
        var local = isDotAtom(localPart)
                ? localPart
                : '"' + localPart.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        return local + '@' + domain.name();
    }
}
