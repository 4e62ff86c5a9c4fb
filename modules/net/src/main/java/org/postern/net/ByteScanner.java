package org.postern.net;

/** Looks at received bytes where they lie: for readers that search an end mark without knowing the length. */
@FunctionalInterface
public interface ByteScanner {
    /**
     * Takes bytes from {@code chunk[from]} on, at most to {@code to} (exclusive). The array is only lent for this call.
     *
     * @return how many were taken, 0 to {@code to - from}; the others stay for the next reader
     */
    int take(byte[] chunk, int from, int to);
}
