package org.postern.imap.search;

/** Whether a message matches, as far as is known: Kleene's three values. */
enum Verdict {
    NO,
    UNDECIDED,
    YES;

    static Verdict of(boolean matches) {
        return matches ? YES : NO;
    }

    Verdict not() {
        return switch (this) {
            case NO -> YES;
            case UNDECIDED -> UNDECIDED;
            case YES -> NO;
        };
    }

    Verdict and(Verdict other) {
        return compareTo(other) <= 0 ? this : other;
    }

    Verdict or(Verdict other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
