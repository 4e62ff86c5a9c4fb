package org.postern.imap.sort;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.postern.model.UidSet;

/** The keys of some messages of one folder, by ascending UID, and their ranks in the orders that were asked for. */
final class FolderKeys {
    static final FolderKeys NONE = new FolderKeys(new long[0], new MessageKeys[0]);

    /** What texts are ranked by. */
    enum Column {
        SUBJECT,
        FROM,
        TO,
        CC,
        DISPLAY_FROM,
        DISPLAY_TO;

        private String text(MessageKeys keys) {
            return switch (this) {
                case SUBJECT -> keys.subject();
                case FROM -> keys.from();
                case TO -> keys.to();
                case CC -> keys.cc();
                case DISPLAY_FROM -> keys.displayFrom();
                case DISPLAY_TO -> keys.displayTo();
            };
        }
    }

    private final long[] uids;
    private final MessageKeys[] keys;
    /** Guarded by itself. */
    private final Map<Column, int[]> ranks = new EnumMap<>(Column.class);

    private FolderKeys(long[] uids, MessageKeys[] keys) {
        this.uids = uids;
        this.keys = keys;
    }

    int size() {
        return uids.length;
    }

    MessageKeys at(int position) {
        return keys[position];
    }

    /** The positions of these UIDs, ascending as they are; −1 where there is none. */
    int[] positions(long[] ascending) {
        var positions = new int[ascending.length];
        int at = 0;
        for (int i = 0; i < ascending.length; i++) {
            while (at < uids.length && uids[at] < ascending[i]) {
                at++;
            }
            positions[i] = at < uids.length && uids[at] == ascending[i] ? at : -1;
        }
        return positions;
    }

    /** Those of these UIDs, ascending, that are not here. */
    UidSet missing(long[] ascending) {
        var positions = positions(ascending);
        var missing = new UidSet.Builder();
        for (int i = 0; i < ascending.length; i++) {
            if (positions[i] < 0) {
                missing.add(ascending[i]);
            }
        }
        return missing.build();
    }

    /** These keys and more; of messages that {@code exists} no more, none are kept. */
    FolderKeys with(UidSet exists, long[] moreUids, List<MessageKeys> more) {
        var allUids = new long[uids.length + moreUids.length];
        var all = new MessageKeys[allUids.length];
        int count = 0;
        for (int i = 0, j = 0; i < uids.length || j < moreUids.length; ) {
            boolean mine = j == moreUids.length || (i < uids.length && uids[i] < moreUids[j]);
            long uid = mine ? uids[i] : moreUids[j];
            if (exists.contains(uid)) {
                allUids[count] = uid;
                all[count++] = mine ? keys[i] : more.get(j);
            }
            if (mine) {
                i++;
            } else {
                j++;
            }
        }
        return new FolderKeys(Arrays.copyOf(allUids, count), Arrays.copyOf(all, count));
    }

    /** For each position its place in the order of that column; equal texts have equal ranks. */
    int[] ranks(Column column) {
        synchronized (ranks) {
            return ranks.computeIfAbsent(column, this::ranked);
        }
    }

    private int[] ranked(Column column) {
        var order = new Integer[keys.length];
        Arrays.setAll(order, i -> i);
        // i;unicode-casemap compares the folded texts octet by octet in UTF-8, which is by code point (RFC 5051 §2).
        Arrays.sort(order, (a, b) -> compare(column.text(keys[a]), column.text(keys[b])));
        var ranked = new int[keys.length];
        for (int i = 1; i < order.length; i++) {
            boolean same = column.text(keys[order[i]]).equals(column.text(keys[order[i - 1]]));
            ranked[order[i]] = ranked[order[i - 1]] + (same ? 0 : 1);
        }
        return ranked;
    }

    /** By code point: surrogates stand above all other characters, U+E000 to U+FFFF included. */
    private static int compare(String a, String b) {
        int length = Math.min(a.length(), b.length());
        for (int i = 0; i < length; i++) {
            char c = a.charAt(i);
            char d = b.charAt(i);
            if (c != d) {
                return Character.isSurrogate(c) == Character.isSurrogate(d)
                        ? Character.compare(c, d)
                        : Boolean.compare(Character.isSurrogate(c), Character.isSurrogate(d));
            }
        }
        return Integer.compare(a.length(), b.length());
    }
}
