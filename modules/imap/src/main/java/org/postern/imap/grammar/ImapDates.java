package org.postern.imap.grammar;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** {@code date} and {@code date-time} (RFC 3501 §9), both ways. */
public final class ImapDates {
    private static final List<String> MONTHS =
            List.of("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec");
    /** {@code " 1-Jan-2026 00:00:00 +0000"}. */
    private static final int DATE_TIME_LENGTH = 26;

    private ImapDates() {}

    /** {@code date-text = date-day "-" date-month "-" date-year}, a day of one or two digits. */
    public static Optional<LocalDate> date(String text) {
        var parts = text.split("-", -1);
        if (parts.length != 3 || parts[0].length() > 2 || parts[2].length() != 4) {
            return Optional.empty();
        }
        int month = MONTHS.indexOf(parts[1].toLowerCase(Locale.ROOT)) + 1;
        int day = digits(parts[0]);
        int year = digits(parts[2]);
        if (month == 0 || day < 0 || year < 0) {
            return Optional.empty();
        }
        try {
            return Optional.of(LocalDate.of(year, month, day));
        } catch (DateTimeException e) {
            return Optional.empty(); // The 31st of February.
        }
    }

    /** {@code date-time} without its quotes: {@code dd-Mon-yyyy hh:mm:ss +zzzz}, a day below ten with a space or zero. */
    public static Optional<Instant> dateTime(String text) {
        if (text.length() != DATE_TIME_LENGTH || text.charAt(11) != ' ' || text.charAt(20) != ' ') {
            return Optional.empty();
        }
        var date = date(text.substring(0, 11).stripLeading());
        int hour = digits(text.substring(12, 14));
        int minute = digits(text.substring(15, 17));
        int second = digits(text.substring(18, 20));
        char sign = text.charAt(21);
        int zone = digits(text.substring(22));
        boolean wellFormed = date.isPresent()
                && text.charAt(14) == ':'
                && text.charAt(17) == ':'
                && (sign == '+' || sign == '-')
                && Math.min(Math.min(hour, minute), Math.min(second, zone)) >= 0
                && second <= 60
                && zone % 100 < 60;
        if (!wellFormed) {
            return Optional.empty();
        }
        try {
            int offset = (zone / 100 * 60 + zone % 100) * 60;
            // 60 is a leap second, which our clocks do not have.
            var local = LocalDateTime.of(date.get(), java.time.LocalTime.of(hour, minute, Math.min(second, 59)));
            return Optional.of(local.toInstant(ZoneOffset.ofTotalSeconds(sign == '+' ? offset : -offset)));
        } catch (DateTimeException e) {
            return Optional.empty(); // An hour of 25, a zone of +9900.
        }
    }

    /** Always in UTC: the zone that a client once wrote is not kept. */
    public static String dateTime(Instant instant) {
        var time = instant.atOffset(ZoneOffset.UTC);
        var text = new StringBuilder(DATE_TIME_LENGTH);
        pad(text, time.getDayOfMonth(), 2).append('-');
        var month = MONTHS.get(time.getMonthValue() - 1);
        text.append((char) (month.charAt(0) - 'a' + 'A')).append(month, 1, 3).append('-');
        pad(text, time.getYear(), 4).append(' ');
        pad(text, time.getHour(), 2).append(':');
        pad(text, time.getMinute(), 2).append(':');
        return pad(text, time.getSecond(), 2).append(" +0000").toString();
    }

    private static StringBuilder pad(StringBuilder text, int number, int width) {
        var digits = Integer.toString(number);
        return text.repeat('0', Math.max(0, width - digits.length())).append(digits);
    }

    /** The number that one or more ASCII digits write, or −1. */
    private static int digits(String text) {
        if (text.isEmpty() || !text.chars().allMatch(c -> c >= '0' && c <= '9')) {
            return -1;
        }
        return Integer.parseInt(text);
    }
}
