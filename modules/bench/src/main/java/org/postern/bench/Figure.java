package org.postern.bench;

import org.postern.bench.peer.Measured;

/**
 * One thing that is measured.
 *
 * @param <S> what it can be measured on
 * @param unit of what {@link Measure} returns
 * @param must the least ratio of ours to the peer's; 0 where only our own value counts
 * @param compared whether peers are measured too
 * @param warmUps how often it is measured and forgotten before it counts
 */
public record Figure<S extends Measured>(
        String name, Unit unit, double must, boolean compared, int warmUps, Measure<S> measure) {
    private static final int FEW = 8;

    public Figure(String name, Unit unit, double must, Measure<S> measure) {
        this(name, unit, must, FEW, measure);
    }

    /** Where the compiler of a young server takes longer to make it as fast as it is from then on. */
    public Figure(String name, Unit unit, double must, int warmUps, Measure<S> measure) {
        this(name, unit, must, true, warmUps, measure);
    }

    /** Of what peers cannot do here. */
    public static <S extends Measured> Figure<S> ours(String name, Unit unit, Measure<S> measure) {
        return new Figure<>(name, unit, 0, false, FEW, measure);
    }

    /** What a value means, and which way is better. */
    public enum Unit {
        PER_SECOND("/s", true),
        MEGABYTES_PER_SECOND("MB/s", true),
        MILLISECONDS("ms", false),
        KIBIBYTES("KiB", false);

        private final String text;
        private final boolean moreIsBetter;

        Unit(String text, boolean moreIsBetter) {
            this.text = text;
            this.moreIsBetter = moreIsBetter;
        }

        @Override
        public String toString() {
            return text;
        }

        /** How many times better ours is. */
        double ratio(double ours, double theirs) {
            return moreIsBetter ? ours / theirs : theirs / ours;
        }
    }

    /** Measures once. */
    @FunctionalInterface
    public interface Measure<S extends Measured> {
        Sample of(S server);
    }

    /** @param operations among which the processor time that was spent meanwhile is divided */
    public record Sample(double value, long operations) {}
}
