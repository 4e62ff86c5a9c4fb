package org.postern.transfer.mbox;

import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.Month;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The line before each message (RFC 4155): {@code From}, the return path, and a date as asctime(3) writes it, with or without
 * seconds and a zone. Only a line with a date is one: unquoted prose that begins with {@code From} is none.
 */
final class FromLine {
    private static final byte[] FROM = "From ".getBytes(StandardCharsets.US_ASCII);
    private static final List<String> MONTHS =
            List.of("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec");
    private static final Pattern DATE = Pattern.compile("From .*?\\b(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun),? +"
            + "(?<month>[A-Z][a-z]{2}) +(?<day>\\d{1,2}) +(?<hour>\\d{1,2}):(?<minute>\\d{2})(?::(?<second>\\d{2}))?"
            + "(?: +(?<before>[+-]\\d{4}|[A-Z]{1,5}))? +(?<year>\\d{4})(?: +(?<after>[+-]\\d{4}|[A-Z]{1,5}))?\\s*");
    private static final DateTimeFormatter ASCTIME = DateTimeFormatter.ofPattern(
                    "EEE MMM ppd HH:mm:ss yyyy", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private FromLine() {}

    static boolean begins(byte[] line, int from, int length) {
        if (length - from < FROM.length) {
            return false;
        }
        for (int i = 0; i < FROM.length; i++) {
            if (line[from + i] != FROM[i]) {
                return false;
            }
        }
        return true;
    }

    /** The date of a line between messages; empty when it is none. A zone that is no number is taken for UTC. */
    static Optional<Instant> date(String line) {
        var found = DATE.matcher(line);
        if (!found.matches() || !MONTHS.contains(found.group("month"))) {
            return Optional.empty();
        }
        try {
            var second = found.group("second");
            var local = LocalDateTime.of(
                    Integer.parseInt(found.group("year")),
                    Month.of(MONTHS.indexOf(found.group("month")) + 1),
                    Integer.parseInt(found.group("day")),
                    Integer.parseInt(found.group("hour")),
                    Integer.parseInt(found.group("minute")),
                    second == null ? 0 : Math.min(59, Integer.parseInt(second)));
            return Optional.of(local.toInstant(zone(found.group("before"), found.group("after"))));
        } catch (DateTimeException e) {
            return Optional.empty(); // The JDK's way to say that there is no 31 February.
        }
    }

    private static ZoneOffset zone(String... names) {
        for (var name : names) {
            if (name != null && (name.startsWith("+") || name.startsWith("-"))) {
                return ZoneOffset.of(name);
            }
        }
        return ZoneOffset.UTC;
    }

    static String written(Instant date) {
        return "From MAILER-DAEMON " + ASCTIME.format(date);
    }
}
