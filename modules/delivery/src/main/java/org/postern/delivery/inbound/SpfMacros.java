package org.postern.delivery.inbound;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.InetAddress;
import java.net.URLEncoder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Expands the macros of a domain-spec (RFC 7208 §7).
 *
 * @param sender whose mail it is, with a local part
 */
record SpfMacros(InetAddress client, String sender, String helo) {
    private static final int MAX_NAME = 253;
    private static final Pattern MACRO = Pattern.compile(
            "%(?:\\{([slodipvhSLODIPVH])(\\d{0,3})(r?)([.\\-+,/_=]*)}|([%_-]))|%", Pattern.CASE_INSENSITIVE);

    /** Empty for a text with a macro that is none, or of which no name comes. */
    Optional<String> expand(String spec, String domain) {
        var out = new StringBuilder();
        var macro = MACRO.matcher(spec);
        int at = 0;
        while (macro.find()) {
            out.append(spec, at, macro.start());
            at = macro.end();
            if (macro.group(1) != null) {
                var value = value(macro.group(1), domain);
                var text = transformed(value, macro.group(2), !macro.group(3).isEmpty(), macro.group(4));
                if (text.isEmpty()) {
                    return Optional.empty();
                }
                boolean escaped = Character.isUpperCase(macro.group(1).charAt(0));
                out.append(escaped ? URLEncoder.encode(text.get(), UTF_8).replace("+", "%20") : text.get());
            } else if (macro.group(5) != null) {
                out.append(
                        switch (macro.group(5)) {
                            case "%" -> "%";
                            case "_" -> " ";
                            default -> "%20";
                        });
            } else {
                return Optional.empty();
            }
        }
        var name = shortened(out.append(spec.substring(at)).toString());
        return name.isEmpty() || name.contains("..") || name.startsWith(".") ? Optional.empty() : Optional.of(name);
    }

    private String value(String letter, String domain) {
        int sign = sender.lastIndexOf('@');
        return switch (letter.toLowerCase(Locale.ROOT)) {
            case "s" -> sender;
            case "l" -> sender.substring(0, sign);
            case "o" -> sender.substring(sign + 1);
            case "d" -> domain;
            case "i" -> Addresses.dotted(client);
            case "p" -> "unknown"; // §7.3: should not be used; looking it up would be one more amplifier.
            case "v" -> Addresses.isSix(client) ? "ip6" : "in-addr";
            default -> helo;
        };
    }

    private static Optional<String> transformed(String value, String digits, boolean reversed, String delimiters) {
        var splitters = delimiters.isEmpty() ? "." : delimiters;
        List<String> parts = new ArrayList<>(Arrays.asList(value.split("[" + Pattern.quote(splitters) + "]", -1)));
        if (reversed) {
            Collections.reverse(parts);
        }
        if (!digits.isEmpty()) {
            int keep = Integer.parseInt(digits);
            if (keep == 0) {
                return Optional.empty();
            }
            parts = parts.subList(Math.max(0, parts.size() - keep), parts.size());
        }
        return Optional.of(String.join(".", parts));
    }

    /** §7.3: labels are dropped from the left until the name fits. */
    private static String shortened(String name) {
        var rest = name.endsWith(".") ? name.substring(0, name.length() - 1) : name;
        while (rest.length() > MAX_NAME && rest.indexOf('.') >= 0) {
            rest = rest.substring(rest.indexOf('.') + 1);
        }
        return rest;
    }
}
