package org.postern.imap.search;

import java.util.Arrays;

/** How well messages match, 1 to 100 each, by their index in the told snapshot (RFC 6203 §4). */
public final class Scores {
    /** Of a search that ranks nothing. */
    public static final Scores NONE = new Scores(new int[0], new int[0]);

    private final int[] indexes;
    private final int[] scores;

    /** @param indexes ascending */
    Scores(int[] indexes, int[] scores) {
        this.indexes = indexes;
        this.scores = scores;
    }

    /** 1 where nothing is known. */
    public int of(int index) {
        int at = Arrays.binarySearch(indexes, index);
        return at < 0 ? 1 : scores[at];
    }
}
