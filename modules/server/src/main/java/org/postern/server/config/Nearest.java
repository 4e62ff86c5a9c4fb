package org.postern.server.config;

import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** What a person who mistyped probably meant. */
final class Nearest {
    private Nearest() {}

    /** The candidate that the fewest changed letters make of the text, if a third of them or fewer do. */
    static Optional<String> to(String text, List<String> candidates) {
        return candidates.stream()
                .filter(each -> distance(text, each) <= Math.max(1, Math.max(text.length(), each.length()) / 3))
                .min(Comparator.comparingInt(each -> distance(text, each)));
    }

    /** Levenshtein's distance, with two neighbours swapped counting as one change. */
    private static int distance(String from, String to) {
        var cost = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                cost[i][j] = i == 0 || j == 0 ? i + j : cheapest(from, to, cost, i, j);
            }
        }
        return cost[from.length()][to.length()];
    }

    private static int cheapest(String from, String to, int[][] cost, int i, int j) {
        int changed = from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1;
        int least = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + changed);
        boolean swapped =
                i > 1 && j > 1 && from.charAt(i - 1) == to.charAt(j - 2) && from.charAt(i - 2) == to.charAt(j - 1);
        return swapped ? Math.min(least, cost[i - 2][j - 2] + 1) : least;
    }
}
