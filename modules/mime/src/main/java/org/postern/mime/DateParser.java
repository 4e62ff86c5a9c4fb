package org.postern.mime;

import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * {@code date-time} with its obsolete forms (RFC 5322 §3.3, §4.3), and the forms that are none: asctime, ISO 8601, names and commas in
 * odd places. Word by word: each is taken for what only it can be. Never fails; a date that no calendar has is empty.
 */
final class DateParser {
    private static final String MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec";
    /** A date is short; what is longer is not one. */
    private static final int MAX_CHARS = 256;

    private final String text;
    private int day = -1;
    private int month = -1;
    private int year = -1;
    private @Nullable LocalTime time;
    private @Nullable ZoneOffset zone;

    private DateParser(String text) {
        this.text = text;
    }

    static Optional<OffsetDateTime> parse(String text) {
        return text.length() > MAX_CHARS ? Optional.empty() : new DateParser(text).date();
    }

    private Optional<OffsetDateTime> date() {
        int at = 0;
        int comments = 0;
        while (at < text.length()) {
            char c = text.charAt(at);
            if (c == '(') {
                comments++;
            } else if (c == ')') {
                comments = Math.max(0, comments - 1);
            } else if (comments == 0 && !separates(c)) {
                int end = at;
                while (end < text.length() && !separates(text.charAt(end)) && text.charAt(end) != '(') {
                    end++;
                }
                word(text.substring(at, end));
                at = end;
                continue;
            }
            at++;
        }
        if (day < 1
                || month < 1
                || year < 1
                || year > 9999
                || day > YearMonth.of(year, month).lengthOfMonth()) {
            return Optional.empty();
        }
        var local = LocalDateTime.of(LocalDate.of(year, month, day), time == null ? LocalTime.MIDNIGHT : time);
        return Optional.of(local.atOffset(zone == null ? ZoneOffset.UTC : zone));
    }

    private static boolean separates(char c) {
        return c <= ' ' || c == ',' || c == ')' || c > 0x7E;
    }

    private void word(String word) {
        int tee = word.indexOf('T');
        if (tee == 10 && isoDate(word.substring(0, tee))) {
            time(word.substring(tee + 1));
        } else if (word.indexOf(':') > 0 && Ascii.isDigit(word.charAt(0))) {
            time(word);
        } else if (time != null && (word.startsWith("+") || word.startsWith("-"))) {
            offset(word);
        } else if (word.indexOf('-') > 0) {
            dashed(word);
        } else if (Ascii.isDigit(word.charAt(0))) {
            number(word);
        } else {
            name(word);
        }
    }

    private void dashed(String word) {
        if (!isoDate(word)) {
            for (var piece : word.split("-", 4)) { // 1-Jan-1998
                if (!piece.isEmpty()) {
                    if (Ascii.isDigit(piece.charAt(0))) {
                        number(piece);
                    } else {
                        name(piece);
                    }
                }
            }
        }
    }

    private boolean isoDate(String word) {
        if (word.length() != 10 || word.charAt(4) != '-' || word.charAt(7) != '-') {
            return false;
        }
        int y = digits(word, 0, 4);
        int m = digits(word, 5, 7);
        int d = digits(word, 8, 10);
        if (y < 0 || m < 1 || m > 12 || d < 1) {
            return false;
        }
        year = y;
        month = m;
        day = d;
        return true;
    }

    private void number(String word) {
        int end = 0;
        while (end < word.length() && Ascii.isDigit(word.charAt(end))) {
            end++;
        }
        int value = digits(word, 0, end);
        if (value < 0) {
            return;
        }
        if (day < 0 && end <= 2) {
            day = value;
        } else if (year < 0) {
            year = value;
            if (end == 2) {
                year += value < 50 ? 2000 : 1900; // RFC 5322 §4.3
            } else if (end == 3) {
                year += 1900;
            }
        }
    }

    private void time(String word) {
        int end = 0;
        while (end < word.length() && (Ascii.isDigit(word.charAt(end)) || word.charAt(end) == ':')) {
            end++;
        }
        int hourEnd = colon(word, 0, end);
        int minuteEnd = colon(word, hourEnd + 1, end);
        int hour = digits(word, 0, hourEnd);
        int minute = digits(word, hourEnd + 1, minuteEnd);
        int second = minuteEnd < end ? digits(word, minuteEnd + 1, colon(word, minuteEnd + 1, end)) : 0;
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
            return;
        }
        time = LocalTime.of(hour, minute, Math.min(second, 59)); // A leap second is its minute's last.
        if (end < word.length() && word.charAt(end) == '.') {
            end++;
            while (end < word.length() && Ascii.isDigit(word.charAt(end))) {
                end++;
            }
        }
        if (end < word.length()) {
            offset(word.substring(end));
        }
    }

    private static int colon(String word, int from, int end) {
        int colon = word.indexOf(':', from);
        return colon < 0 || colon > end ? end : colon;
    }

    /** {@code +hhmm}, {@code +hh:mm}, {@code +hh}, or a name. */
    private void offset(String word) {
        char sign = word.charAt(0);
        if (sign != '+' && sign != '-') {
            name(word);
            return;
        }
        var figures = word.substring(1).replace(":", "");
        int hours = digits(figures, 0, Math.min(2, figures.length()));
        int minutes = figures.length() >= 4 ? digits(figures, 2, 4) : 0;
        if (hours < 0 || hours > 17 || minutes < 0 || minutes > 59) {
            return;
        }
        int total = hours * 60 + minutes;
        zone = ZoneOffset.ofTotalSeconds((sign == '-' ? -total : total) * 60);
    }

    private void name(String word) {
        var lower = Ascii.lower(word);
        int named = month < 0 ? month(lower) : -1;
        if (named > 0) {
            month = named;
        } else if (time != null && lower.equals("pm") && time.getHour() < 12) {
            time = time.plusHours(12);
        } else if (time != null && lower.equals("am") && time.getHour() == 12) {
            time = time.minusHours(12);
        } else if (time != null && zone == null) {
            zone = named(lower);
        }
    }

    /** Of a name that starts with those three letters; −1 when it is none. */
    private static int month(String lower) {
        for (int i = 0; i < MONTHS.length(); i += 3) {
            if (lower.regionMatches(0, MONTHS, i, 3)) {
                return i / 3 + 1;
            }
        }
        return -1;
    }

    /** The zones of RFC 5322 §4.3; any other name, military ones included, means nothing certain. */
    private static @Nullable ZoneOffset named(String lower) {
        return switch (lower) {
            case "ut", "utc", "gmt", "z" -> ZoneOffset.UTC;
            case "edt" -> ZoneOffset.ofHours(-4);
            case "est", "cdt" -> ZoneOffset.ofHours(-5);
            case "cst", "mdt" -> ZoneOffset.ofHours(-6);
            case "mst", "pdt" -> ZoneOffset.ofHours(-7);
            case "pst" -> ZoneOffset.ofHours(-8);
            case "cet", "met" -> ZoneOffset.ofHours(1);
            case "cest", "mest" -> ZoneOffset.ofHours(2);
            default -> null;
        };
    }

    /** −1 when these are not one to nine digits. */
    private static int digits(String text, int from, int to) {
        if (from >= to || to - from > 9) {
            return -1;
        }
        int value = 0;
        for (int i = from; i < to; i++) {
            if (!Ascii.isDigit(text.charAt(i))) {
                return -1;
            }
            value = value * 10 + text.charAt(i) - '0';
        }
        return value;
    }
}
