package org.postern.database;

import org.postern.model.UidSet;

/** A UID set as PostgreSQL's {@code int8multirange}: {@code {[1,4),[7,8)}}. UIDs are unsigned 32-bit, int4 overflows. */
public record Multirange(String text) {
    public static Multirange of(UidSet uids) {
        var text = new StringBuilder("{");
        for (int i = 0; i < uids.rangeCount(); i++) {
            if (i > 0) {
                text.append(',');
            }
            text.append('[')
                    .append(uids.first(i))
                    .append(',')
                    .append(uids.last(i) + 1)
                    .append(')');
        }
        return new Multirange(text.append('}').toString());
    }

    /**
     * Reads PostgreSQL's canonical output: ascending, disjoint, {@code [from,to)} each.
     *
     * @throws IllegalArgumentException when the text is anything else
     */
    public static UidSet parse(String text) {
        var uids = new UidSet.Builder();
        int end = text.length() - 1;
        if (end < 1 || text.charAt(0) != '{' || text.charAt(end) != '}') {
            throw new IllegalArgumentException("not a multirange: " + text);
        }
        for (int at = 1; at < end; ) {
            int comma = text.indexOf(',', at);
            int close = text.indexOf(')', at);
            if (text.charAt(at) != '[' || comma < 0 || close < comma) {
                throw new IllegalArgumentException("not a multirange of bounded ranges: " + text);
            }
            uids.addRange(Long.parseLong(text, at + 1, comma, 10), Long.parseLong(text, comma + 1, close, 10) - 1);
            at = close + 1;
            if (at < end && text.charAt(at++) != ',') {
                throw new IllegalArgumentException("not a multirange: " + text);
            }
        }
        return uids.build();
    }

    @Override
    public String toString() {
        return text;
    }
}
