package org.postern.server.config;

import java.util.Locale;
import java.util.regex.Pattern;

/** A number of bytes, written {@code 512}, {@code 25MB}, {@code 1GB}: units are powers of 1024. */
public record ByteSize(long bytes) implements Comparable<ByteSize> {
    private static final Pattern FORM = Pattern.compile("(\\d{1,15})\\s?([KMGT]?)B?", Pattern.CASE_INSENSITIVE);
    private static final int BITS_PER_UNIT = 10;

    /** @throws IllegalArgumentException when the text is none */
    static ByteSize of(String text) {
        var matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a size");
        }
        var unit = matcher.group(2).toUpperCase(Locale.ROOT);
        int shift = unit.isEmpty() ? 0 : BITS_PER_UNIT * (1 + "KMGT".indexOf(unit));
        long number = Long.parseLong(matcher.group(1));
        if (number > Long.MAX_VALUE >> shift) {
            throw new IllegalArgumentException("not a size");
        }
        return new ByteSize(number << shift);
    }

    /** As an int, for buffers; the key's bounds keep it in range. */
    public int intBytes() {
        return Math.toIntExact(bytes);
    }

    /** In the largest unit that leaves a whole number. */
    @Override
    public String toString() {
        int unit = Math.min(4, Long.numberOfTrailingZeros(bytes) / BITS_PER_UNIT);
        return bytes == 0 || unit == 0
                ? Long.toString(bytes)
                : (bytes >> (unit * BITS_PER_UNIT)) + ("KMGT".charAt(unit - 1) + "B");
    }

    @Override
    public int compareTo(ByteSize other) {
        return Long.compare(bytes, other.bytes);
    }
}
