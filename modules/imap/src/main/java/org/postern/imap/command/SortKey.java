package org.postern.imap.command;

/**
 * One criterion of a SORT (RFC 5256 §3, RFC 5957 §3).
 *
 * @param reverse whether its order is turned round; of equal messages the first stays first
 */
public record SortKey(By by, boolean reverse) {
    /** {@code sort-key}. */
    public enum By {
        ARRIVAL,
        CC,
        DATE,
        DISPLAYFROM,
        DISPLAYTO,
        FROM,
        /** Of a fuzzy search: what matches best comes first (RFC 6203 §6). */
        RELEVANCY,
        SIZE,
        SUBJECT,
        TO
    }
}
