package org.postern.mailstore;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.postern.database.Database;

/** What must hold in the store whenever no transaction is under way: for tests, and for an operator after a disaster. */
public final class StoreInvariants {
    /** Each query lists what breaks the rule that is its key; each reads all of the cell's mail rows, none its bodies. */
    private static final Map<String, String> RULES = new LinkedHashMap<>();

    static {
        RULES.put("a UID is below its folder's uid_next, a modseq not above its highest_modseq", """
                SELECT concat_ws('/', m.mailbox_id, m.folder_id, m.uid)
                  FROM message m LEFT JOIN folder f USING (mailbox_id, folder_id)
                 WHERE f.folder_id IS NULL OR m.uid >= f.uid_next OR m.modseq > f.highest_modseq""");
        RULES.put("a folder's counters equal the sums over its messages", """
                SELECT concat_ws('/', f.mailbox_id, f.folder_id)
                  FROM folder f LEFT JOIN LATERAL (
                       SELECT count(*) AS messages, coalesce(sum(m.size), 0) AS size,
                              count(*) FILTER (WHERE m.flags & 1 = 0) AS unseen,
                              count(*) FILTER (WHERE m.flags & 8 <> 0) AS marked
                         FROM message m WHERE m.mailbox_id = f.mailbox_id AND m.folder_id = f.folder_id) s ON true
                 WHERE f.deleted_at IS NULL
                   AND (f.message_count, f.size, f.unseen_count, f.deleted_count)
                       IS DISTINCT FROM (s.messages, s.size, s.unseen, s.marked)""");
        RULES.put("a mailbox's usage equals the sum over its folders", """
                SELECT mailbox_id::text
                  FROM mailbox_usage u FULL JOIN (
                       SELECT mailbox_id, sum(size) AS bytes, sum(message_count) AS messages
                         FROM folder WHERE deleted_at IS NULL GROUP BY mailbox_id) f USING (mailbox_id)
                 WHERE (u.bytes, u.messages) IS DISTINCT FROM (coalesce(f.bytes, 0), coalesce(f.messages, 0))""");
        RULES.put("every message has its content, of the same size", """
                SELECT concat_ws('/', m.mailbox_id, m.folder_id, m.uid)
                  FROM message m LEFT JOIN content c USING (mailbox_id, content_id)
                 WHERE c.size IS DISTINCT FROM m.size
                    OR c.size <> octet_length(c.header)
                                 + coalesce(octet_length(c.body), (
                                       SELECT coalesce(sum(octet_length(p.bytes)), 0) FROM content_piece p
                                        WHERE p.mailbox_id = c.mailbox_id AND p.content_id = c.content_id))""");
        RULES.put("pieces are of contents that are there and have no body of their own", """
                SELECT DISTINCT concat_ws('/', mailbox_id, content_id)
                  FROM content_piece p LEFT JOIN content c USING (mailbox_id, content_id)
                 WHERE c.size IS NULL OR c.body IS NOT NULL""");
        RULES.put("a content without message is noted for the sweep", """
                SELECT concat_ws('/', c.mailbox_id, c.content_id)
                  FROM content c
                 WHERE NOT EXISTS (SELECT FROM message m
                                    WHERE m.mailbox_id = c.mailbox_id AND m.content_id = c.content_id)
                   AND NOT EXISTS (SELECT FROM content_orphan o
                                    WHERE o.mailbox_id = c.mailbox_id AND o.content_id = c.content_id)""");
        RULES.put("the search index is of contents that are there, each waiting or indexed", """
                SELECT concat_ws('/', mailbox_id, content_id)
                  FROM content c FULL JOIN (SELECT mailbox_id, content_id FROM search_text
                                            UNION SELECT mailbox_id, content_id FROM search_todo) s
                       USING (mailbox_id, content_id)
                 WHERE c.size IS NULL OR s.content_id IS NULL""");
        RULES.put("annotations are of folders that are there", """
                SELECT concat_ws('/', m.mailbox_id, m.folder_id)
                  FROM folder_metadata m LEFT JOIN folder f USING (mailbox_id, folder_id)
                 WHERE m.folder_id <> 0 AND (f.folder_id IS NULL OR f.deleted_at IS NOT NULL)""");
        RULES.put("access control lists are of folders that are there", """
                SELECT concat_ws('/', a.mailbox_id, a.folder_id)
                  FROM folder_acl a LEFT JOIN folder f USING (mailbox_id, folder_id)
                 WHERE f.folder_id IS NULL OR f.deleted_at IS NOT NULL""");
        RULES.put("a message's keywords are among its folder's", """
                SELECT concat_ws('/', m.mailbox_id, m.folder_id, m.uid)
                  FROM message m JOIN folder f USING (mailbox_id, folder_id)
                 WHERE m.keywords <> '{}' AND NOT m.keywords <@ f.keywords""");
        RULES.put("a message changed above the floor has an entry in the change log", """
                SELECT concat_ws('/', mailbox_id, folder_id, uid)
                  FROM (SELECT m.mailbox_id, m.folder_id, m.uid
                          FROM message m JOIN folder f USING (mailbox_id, folder_id)
                         WHERE f.deleted_at IS NULL AND m.modseq > f.log_floor
                        EXCEPT
                        SELECT c.mailbox_id, c.folder_id, m.uid
                          FROM (SELECT mailbox_id, folder_id, modseq, unnest(uids) AS uids FROM folder_change
                                 WHERE kind <> 'x') c CROSS JOIN LATERAL
                               (SELECT x.uid FROM message x
                                 WHERE x.mailbox_id = c.mailbox_id AND x.folder_id = c.folder_id
                                   AND x.uid >= lower(c.uids) AND x.uid < upper(c.uids) AND x.modseq = c.modseq
                                OFFSET 0) m) missing""");
        RULES.put("the change log is whole above the floor", """
                SELECT concat_ws('/', f.mailbox_id, f.folder_id)
                  FROM folder f
                 WHERE f.deleted_at IS NULL
                   AND f.highest_modseq - f.log_floor
                       <> (SELECT count(DISTINCT c.modseq) FROM folder_change c
                            WHERE c.mailbox_id = f.mailbox_id AND c.folder_id = f.folder_id
                              AND c.modseq > f.log_floor)""");
    }

    private StoreInvariants() {}

    /** What is wrong, one line each, at most ten for one rule; empty when all is well. */
    public static List<String> violations(Database database) {
        var found = new ArrayList<String>();
        RULES.forEach((rule, sql) -> {
            // Each looks at one snapshot of its own: a short transaction, whatever the others cost.
            var places = database.read(tx -> tx.list(sql + " LIMIT 10", row -> row.text(1)));
            places.forEach(place -> found.add("broken: " + rule + ": " + place));
        });
        return found;
    }
}
