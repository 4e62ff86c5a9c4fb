package org.postern.testkit;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One expected reply of a transcript: literal text with {@code ...} for anything and {@code $name} for a word to keep.
 *
 * @param text as in the script; lines of a literal are joined by CRLF
 * @param ordered whether it must come exactly here although it is untagged
 */
record Expectation(String text, boolean ordered, int scriptLine) {
    private static final Pattern NAME = Pattern.compile("\\$(?:\\{([a-z][A-Za-z0-9]*)}|([a-z][A-Za-z0-9]*))");

    /** A line of its own: any replies, until the next expected one comes. */
    boolean isAnything() {
        return text.equals("...");
    }

    /** IMAP's untagged replies, which servers may send in any order (RFC 9051 §2.2.2). */
    boolean isFree() {
        return !ordered && text.startsWith("* ");
    }

    /** The values that this reply gives to names unknown so far, or empty when it does not match. */
    Optional<Map<String, String>> match(String actual, Map<String, String> known) {
        var captures = new ArrayList<String>();
        Matcher matcher = pattern(known, captures).matcher(actual);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var found = new HashMap<>(known);
        captures.forEach(name -> found.put(name, matcher.group(name)));
        return Optional.of(found);
    }

    private Pattern pattern(Map<String, String> known, List<String> captures) {
        if (text.length() > 2 && text.startsWith("/") && text.endsWith("/")) {
            return Pattern.compile(Wire.plain(text.substring(1, text.length() - 1)), Pattern.DOTALL);
        }
        var regex = new StringBuilder();
        var literal = new StringBuilder();
        for (int at = 0; at < text.length(); ) {
            if (text.startsWith("...", at)) {
                flush(literal, regex).append(".*");
                at += 3;
            } else if (text.startsWith("$$", at)) {
                literal.append('$');
                at += 2;
            } else {
                var name = NAME.matcher(text).region(at, text.length());
                if (name.lookingAt()) {
                    flush(literal, regex).append(group(name(name), known, captures));
                    at = name.end();
                } else {
                    literal.append(text.charAt(at++));
                }
            }
        }
        return Pattern.compile(flush(literal, regex).toString(), Pattern.DOTALL);
    }

    private static String group(String name, Map<String, String> known, List<String> captures) {
        if (known.containsKey(name)) {
            return Pattern.quote(known.get(name));
        }
        if (captures.contains(name)) {
            return "\\k<" + name + ">";
        }
        captures.add(name);
        return "(?<" + name + ">\\S+?)";
    }

    private static StringBuilder flush(StringBuilder literal, StringBuilder regex) {
        if (!literal.isEmpty()) {
            regex.append(Pattern.quote(Wire.encoded(literal.toString())));
            literal.setLength(0);
        }
        return regex;
    }

    private static String name(Matcher matcher) {
        return matcher.group(1) != null ? matcher.group(1) : matcher.group(2);
    }

    /** What a client sends: the script's text with known names filled in. */
    static String fill(String text, Map<String, String> known) {
        var wire = new StringBuilder();
        var literal = new StringBuilder();
        for (int at = 0; at < text.length(); ) {
            var name = NAME.matcher(text).region(at, text.length());
            if (text.startsWith("$$", at)) {
                literal.append('$');
                at += 2;
            } else if (name.lookingAt()) {
                wire.append(Wire.encoded(literal.toString()));
                literal.setLength(0);
                var value = known.get(name(name));
                if (value == null) {
                    throw new IllegalArgumentException("nothing is known yet as $" + name(name) + " in: " + text);
                }
                wire.append(value);
                at = name.end();
            } else {
                literal.append(text.charAt(at++));
            }
        }
        return wire.append(Wire.encoded(literal.toString())).toString();
    }

    /** Gives each of the replies, in some order, to one of the expectations; empty when that cannot be done. */
    static Optional<Map<String, String>> matchInAnyOrder(
            List<Expectation> expected, List<String> actual, Map<String, String> known) {
        if (expected.isEmpty()) {
            return actual.isEmpty() ? Optional.of(new LinkedHashMap<>(known)) : Optional.empty();
        }
        var rest = expected.subList(1, expected.size());
        for (int i = 0; i < actual.size(); i++) {
            var found = expected.getFirst().match(actual.get(i), known);
            if (found.isPresent()) {
                var others = new ArrayList<>(actual);
                others.remove(i);
                var whole = matchInAnyOrder(rest, others, found.get());
                if (whole.isPresent()) {
                    return whole;
                }
            }
        }
        return Optional.empty();
    }
}
