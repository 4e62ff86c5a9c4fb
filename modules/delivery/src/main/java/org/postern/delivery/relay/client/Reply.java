package org.postern.delivery.relay.client;

import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A reply of the other host (RFC 5321 §4.2), or our own words in its place.
 *
 * @param text of all lines, printable ASCII in one line, with the enhanced status code if there is one
 */
public record Reply(int code, String text) {
    private static final int GOODBYE = 421;
    private static final Pattern STATUS = Pattern.compile("^([245]\\.\\d{1,3}\\.\\d{1,3})(?: |$)");

    /** @param lines without code and separator, as the other host sent them */
    static Reply of(int code, List<String> lines, int keptText) {
        var all = new StringBuilder();
        for (var line : lines) {
            if (all.length() < keptText) {
                all.append(all.isEmpty() ? "" : " ").append(repeats(all, line) ? withoutStatus(line) : line);
            }
        }
        if (all.length() > keptText) {
            all.setLength(keptText);
        }
        return new Reply(code, printable(all));
    }

    /** Each line of a reply begins with the same status (RFC 2034 §4): once is enough. */
    private static boolean repeats(StringBuilder soFar, String line) {
        var status = STATUS.matcher(line);
        return !soFar.isEmpty() && status.find() && soFar.toString().startsWith(status.group(1));
    }

    private static String withoutStatus(String line) {
        return STATUS.matcher(line).replaceFirst("");
    }

    /** It goes into the database, header fields and logs: nothing of it may be more than text. */
    private static String printable(CharSequence text) {
        var safe = new StringBuilder(text.length());
        text.chars().forEach(c -> safe.append(c >= ' ' && c < 0x7F ? (char) c : '?'));
        return safe.toString().strip();
    }

    public boolean isPositive() {
        return code / 100 == 2;
    }

    public boolean isIntermediate() {
        return code / 100 == 3;
    }

    /** 5yz: it makes no sense to try again. */
    public boolean isPermanent() {
        return code / 100 == 5;
    }

    /** 421: the host closes the connection and wants to be left alone (RFC 5321 §3.8). */
    public boolean isGoodbye() {
        return code == GOODBYE;
    }

    /** The enhanced status (RFC 3463): the reply's own where it fits the code, else the class alone. */
    public String status() {
        int kind = isPositive() ? 2 : isPermanent() ? 5 : 4;
        var status = STATUS.matcher(text);
        return Optional.of(status)
                .filter(found -> found.find() && found.group(1).charAt(0) - '0' == kind)
                .map(found -> found.group(1))
                .orElse(kind + ".0.0");
    }

    /** One line: code and text. */
    @Override
    public String toString() {
        return text.isEmpty() ? String.valueOf(code) : code + " " + text;
    }
}
