package org.postern.model;

/** A modification sequence: 63 bits, ascending within one folder (RFC 7162 §3.1). Zero stands before the first change. */
public record Modseq(long value) implements Comparable<Modseq> {
    public static final Modseq ZERO = new Modseq(0);

    public Modseq {
        if (value < 0) {
            throw new IllegalArgumentException("mod-sequence out of range: " + value);
        }
    }

    public boolean isAfter(Modseq other) {
        return value > other.value;
    }

    @Override
    public int compareTo(Modseq other) {
        return Long.compare(value, other.value);
    }

    @Override
    public String toString() {
        return Long.toString(value);
    }
}
