package org.postern.mailstore.search;

import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.postern.database.Database;
import org.postern.database.Tx;
import org.postern.model.MailboxId;

/** Tells which contents of a mailbox hold a piece of text. Any thread. */
public final class SearchIndex {
    /** Texts compared in one statement: keeps it within its time limit whatever the mailbox. */
    private static final int COMPARED_AT_ONCE = 20_000;

    private final Database database;

    public SearchIndex(Database database) {
        this.database = database;
    }

    /**
     * One answer for each of the contents: NULL-free, and complete for what {@link Answers#knows}.
     *
     * @param contents in any order
     */
    public Answers ask(MailboxId mailbox, long[] contents, TextQuery query) {
        if (!query.isAnswerable()) {
            return new Answers(Map.of());
        }
        var pattern = FoldedText.folded(query.text());
        // One snapshot: what a block takes in meanwhile is seen either there or in the open.
        return database.read(tx -> {
            var wanted = contents.clone();
            Arrays.sort(wanted);
            var found = new HashMap<Long, Boolean>();
            var compare = new ArrayList<Long>();
            look(tx, mailbox, Grams.slots(pattern), wanted, found, compare);
            var sql = compareSql(query.where());
            for (int from = 0; from < compare.size(); from += COMPARED_AT_ONCE) {
                var some = compare.subList(from, Math.min(compare.size(), from + COMPARED_AT_ONCE));
                compare(
                        tx,
                        mailbox,
                        sql,
                        pattern,
                        some.stream().mapToLong(Long::longValue).toArray(),
                        found);
            }
            return new Answers(found);
        });
    }

    /** What the index knows of some contents. */
    public static final class Answers {
        private final Map<Long, Boolean> found;

        private Answers(Map<Long, Boolean> found) {
            this.found = found;
        }

        /** Whether that content is indexed. */
        public boolean knows(long content) {
            return found.containsKey(content);
        }

        /** Whether it holds the text; only of what is known. */
        public boolean holds(long content) {
            return found.getOrDefault(content, false);
        }
    }

    /** What may hold the text and has to be compared: everything in the open, and what the blocks' bitmaps leave. */
    private static void look(
            Tx tx, MailboxId mailbox, int[] slots, long[] wanted, Map<Long, Boolean> found, List<Long> compare)
            throws SQLException {
        for (var block : blocks(tx, mailbox, slots)) {
            var ids = block.contents().asLongBuffer();
            var maybe = block.maybe(slots.length);
            for (int i = 0; i < ids.limit(); i++) {
                if (Arrays.binarySearch(wanted, ids.get(i)) >= 0) {
                    found.put(ids.get(i), false);
                    if ((maybe[i / Byte.SIZE] & 1 << (i % Byte.SIZE)) != 0) {
                        compare.add(ids.get(i));
                    }
                }
            }
        }
        tx
                .list(
                        "SELECT content_id FROM search_open WHERE mailbox_id = ?",
                        row -> row.longValue(1),
                        mailbox.value())
                .stream()
                .filter(id -> Arrays.binarySearch(wanted, id) >= 0)
                .forEach(compare::add);
    }

    /** @param bitmaps one behind the other */
    private record Block(ByteBuffer contents, ByteBuffer bitmaps) {
        /** The bits that are set in all bitmaps; all bits where there are none. */
        byte[] maybe(int count) {
            var maybe = new byte[contents.limit() / Long.BYTES / Byte.SIZE];
            Arrays.fill(maybe, (byte) -1);
            for (int slot = 0; slot < count; slot++) {
                for (int i = 0; i < maybe.length; i++) {
                    maybe[i] &= bitmaps.get(slot * maybe.length + i);
                }
            }
            return maybe;
        }
    }

    private static List<Block> blocks(Tx tx, MailboxId mailbox, int[] slots) throws SQLException {
        return tx.list(
                """
                SELECT b.contents,
                       (SELECT coalesce(string_agg(substring(b.slots FROM s.slot * w.bytes + 1 FOR w.bytes), '' ORDER BY s.at), '')
                          FROM unnest(?::int[]) WITH ORDINALITY AS s (slot, at))
                  FROM search_block b, LATERAL (SELECT octet_length(b.contents) / 64 AS bytes) w
                 WHERE b.mailbox_id = ?""",
                row -> new Block(ByteBuffer.wrap(row.bytes(1)), ByteBuffer.wrap(row.bytes(2))),
                slots,
                mailbox.value());
    }

    private static String compareSql(TextQuery.Where where) {
        var holds = switch (where) {
            case HEADER -> "position(p.pattern IN t.header) > 0";
            case BODY -> "position(p.pattern IN t.body) > 0";
            case HEADER_OR_BODY -> "position(p.pattern IN t.header) > 0 OR position(p.pattern IN t.body) > 0";
        };
        return """
                SELECT t.content_id, %s
                  FROM unnest(?::bigint[]) AS w (content_id)
                  JOIN search_text t ON t.mailbox_id = ? AND t.content_id = w.content_id,
                       (SELECT ?::bytea AS pattern) p
                 WHERE t.body IS NOT NULL""".formatted(holds);
    }

    private static void compare(
            Tx tx, MailboxId mailbox, String sql, byte[] pattern, long[] contents, Map<Long, Boolean> found)
            throws SQLException {
        tx.list(sql, row -> found.put(row.longValue(1), row.bool(2)) == null, contents, mailbox.value(), pattern);
    }
}
