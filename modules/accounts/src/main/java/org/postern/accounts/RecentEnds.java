package org.postern.accounts;

import java.util.ArrayDeque;
import java.util.Deque;

/**
 * The last ends that this node heard of, for connections that were being admitted meanwhile: whoever is not in the map of
 * live connections yet would miss one.
 */
final class RecentEnds {
    /** More than are ever heard during one admission; a heartbeat finds what falls out. */
    private static final int KEPT = 1_024;

    private final Deque<AccessEnd> ends = new ArrayDeque<>();
    private long heard;

    synchronized void add(AccessEnd end) {
        heard++;
        ends.addLast(end);
        if (ends.size() > KEPT) {
            ends.removeFirst();
        }
    }

    /** A mark to look from. */
    synchronized long mark() {
        return heard;
    }

    synchronized boolean endedSince(long mark, Access access) {
        long skip = ends.size() - (heard - mark);
        long at = 0;
        for (var end : ends) {
            if (at++ >= skip && end.ends(access)) {
                return true;
            }
        }
        return false;
    }
}
