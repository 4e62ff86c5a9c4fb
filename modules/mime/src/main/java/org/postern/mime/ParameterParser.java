package org.postern.mime;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.mime.Structure.Parameter;

/**
 * {@code *(";" attribute "=" value)} of Content-Type and Content-Disposition (RFC 2045 §5.1), continuations joined (RFC 2231 §3). Takes
 * what is written: unquoted spaces in file names, missing semicolons, quotes never closed. Never fails.
 */
final class ParameterParser {
    private final String text;
    private final int most;
    private int at;

    private ParameterParser(String text, int from, int most) {
        this.text = text;
        this.at = from;
        this.most = most;
    }

    /** @param from where in the text the parameters start: behind the media or disposition type */
    static List<Parameter> parse(String text, int from, int most, Kept kept) {
        var found = new ParameterParser(text, from, most).all();
        var result = new ArrayList<Parameter>(found.size());
        for (var parameter : found) {
            if (!kept.take(parameter.name().length() + parameter.value().length())) {
                break;
            }
            result.add(parameter);
        }
        return result;
    }

    private List<Parameter> all() {
        var plain = new LinkedHashMap<String, Parameter>();
        var continued = new LinkedHashMap<String, Map<Integer, Segment>>();
        int count = 0;
        while (count < most && skipToName()) {
            int from = at;
            while (at < text.length() && text.charAt(at) != '=' && text.charAt(at) != ';') {
                at++;
            }
            var name = Ascii.lower(Ascii.trim(text.substring(from, at)));
            if (at >= text.length() || text.charAt(at) == ';') {
                continue; // A word without a value.
            }
            at++;
            var value = value(name);
            if (isName(name)) {
                count++;
                put(plain, continued, name, value);
            }
        }
        continued.forEach((name, segments) -> {
            var whole = join(name, segments);
            plain.putIfAbsent(whole.name(), whole);
        });
        return List.copyOf(plain.values());
    }

    private static boolean isName(String name) {
        return Ascii.isToken(name);
    }

    private void put(
            Map<String, Parameter> plain, Map<String, Map<Integer, Segment>> continued, String name, String value) {
        int star = name.indexOf('*');
        if (star <= 0 || star == name.length() - 1) {
            plain.putIfAbsent(name, new Parameter(name, value));
            return;
        }
        boolean extended = name.endsWith("*");
        int number = number(name.substring(star + 1, extended ? name.length() - 1 : name.length()));
        if (number < 0) {
            plain.putIfAbsent(name, new Parameter(name, value));
        } else {
            continued
                    .computeIfAbsent(name.substring(0, star), any -> new HashMap<>())
                    .putIfAbsent(number, new Segment(value, extended));
        }
    }

    private static int number(String digits) {
        if (digits.isEmpty() || digits.length() > 4) {
            return -1;
        }
        int number = 0;
        for (int i = 0; i < digits.length(); i++) {
            if (!Ascii.isDigit(digits.charAt(i))) {
                return -1;
            }
            number = number * 10 + digits.charAt(i) - '0';
        }
        return number;
    }

    private record Segment(String value, boolean extended) {}

    /** Segments 0, 1, 2 …; one that is missing ends the value. */
    private static Parameter join(String name, Map<Integer, Segment> segments) {
        boolean extended = segments.values().stream().anyMatch(Segment::extended);
        var value = new StringBuilder();
        for (int i = 0; ; i++) {
            var segment = segments.get(i);
            if (segment == null) {
                return new Parameter(extended ? name + "*" : name, value.toString());
            }
            if (extended && !segment.extended()) {
                if (i == 0) {
                    value.append("''"); // No charset was given, but the form asks for its place (RFC 2231 §4.1).
                }
                percentEncode(segment.value(), value);
            } else {
                value.append(segment.value());
            }
        }
    }

    private static void percentEncode(String text, StringBuilder into) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c > ' ' && c < 0x7F && "*'%()<>@,;:\\\"/[]?=".indexOf(c) < 0) {
                into.append(c);
            } else {
                into.append('%')
                        .append(Character.toUpperCase(Character.forDigit(c >> 4, 16)))
                        .append(Character.toUpperCase(Character.forDigit(c & 0xF, 16)));
            }
        }
    }

    private boolean skipToName() {
        int comments = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '(') {
                comments++;
            } else if (c == ')') {
                comments = Math.max(0, comments - 1);
            } else if (comments == 0 && c != ';' && !Ascii.isSpace(c)) {
                return true;
            }
            at++;
        }
        return false;
    }

    private String value(String name) {
        while (at < text.length() && Ascii.isSpace(text.charAt(at))) {
            at++;
        }
        if (at < text.length() && text.charAt(at) == '"') {
            return quoted();
        }
        int from = at;
        // These two hold no space, so what follows one is a comment or rubbish; a file name without its quotes may hold
        // many.
        boolean word = name.equals("boundary") || name.equals("charset");
        while (at < text.length()
                && text.charAt(at) != ';'
                && !(word && (Ascii.isSpace(text.charAt(at)) || text.charAt(at) == '('))) {
            at++;
        }
        return Ascii.trim(text.substring(from, at));
    }

    private String quoted() {
        var value = new StringBuilder();
        at++;
        while (at < text.length() && text.charAt(at) != '"') {
            // Outlook writes C:\path\file unescaped, but a backslash before anything but " and \ is rare otherwise.
            if (text.charAt(at) == '\\' && at + 1 < text.length() && isEscapable(text.charAt(at + 1))) {
                at++;
            }
            value.append(text.charAt(at));
            at++;
        }
        at++;
        return value.toString();
    }

    private static boolean isEscapable(char c) {
        return c == '"' || c == '\\';
    }
}
