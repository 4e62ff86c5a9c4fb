package org.postern.smtp;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The argument of MAIL or RCPT: {@code FROM:<path> parameters} (RFC 5321 §4.1.1.2, §4.1.1.3, §4.1.2).
 *
 * @param address between the brackets, a source route removed (appendix C); empty for {@code <>}
 * @param parameters as they stand, in order
 */
public record Path(String address, List<Parameter> parameters) {
    /** One {@code esmtp-param}; the keyword in capitals. */
    record Parameter(String keyword, Optional<String> value) {}

    /** @param prefix {@code FROM} or {@code TO} */
    public static Optional<Path> parse(String prefix, String argument) {
        int colon = prefix.length();
        if (argument.length() <= colon
                || argument.charAt(colon) != ':'
                || !argument.substring(0, colon).toUpperCase(Locale.ROOT).equals(prefix)) {
            return Optional.empty();
        }
        // Deviates from RFC 5321 §3.3: a blank behind the colon is forgiven, many clients send one.
        int open = colon + 1;
        while (open < argument.length() && argument.charAt(open) == ' ') {
            open++;
        }
        int close = closing(argument, open);
        if (close < 0) {
            return Optional.empty();
        }
        var behind = argument.substring(close + 1);
        if (!behind.isEmpty() && behind.charAt(0) != ' ') {
            return Optional.empty();
        }
        return withoutRoute(argument.substring(open + 1, close)).map(address -> new Path(address, parameters(behind)));
    }

    /** Whether no SMTPUTF8 is needed to write it (RFC 6531 §3.3). */
    public static boolean isAscii(String address) {
        return address.chars().allMatch(c -> c < 0x80);
    }

    /** The bracket that closes the one at {@code open}, not one inside a quoted local part; -1 without. */
    private static int closing(String text, int open) {
        if (open >= text.length() || text.charAt(open) != '<') {
            return -1;
        }
        boolean quoted = false;
        for (int i = open + 1; i < text.length(); i++) {
            char c = text.charAt(i);
            if (quoted && c == '\\') {
                i++;
            } else if (c == '"') {
                quoted = !quoted;
            } else if (c == '>' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    private static Optional<String> withoutRoute(String path) {
        if (!path.startsWith("@")) {
            return Optional.of(path);
        }
        int colon = path.indexOf(':');
        return colon < 0 ? Optional.empty() : Optional.of(path.substring(colon + 1));
    }

    private static List<Parameter> parameters(String text) {
        var parameters = new ArrayList<Parameter>();
        for (var word : text.split(" ", -1)) {
            if (word.isEmpty()) {
                continue;
            }
            int equals = word.indexOf('=');
            var keyword = (equals < 0 ? word : word.substring(0, equals)).toUpperCase(Locale.ROOT);
            parameters.add(
                    new Parameter(keyword, equals < 0 ? Optional.empty() : Optional.of(word.substring(equals + 1))));
        }
        return parameters;
    }
}
