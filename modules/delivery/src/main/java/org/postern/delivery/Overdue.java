package org.postern.delivery;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.database.TxWork;
import org.postern.delivery.Reports.Fate;
import org.postern.delivery.dsn.Action;

/**
 * What has waited too long: its sender is told once that it still waits; then, when its time is over, that it is given up. Any number
 * of nodes may look at once: what one is at, the others skip.
 */
final class Overdue {
    /** Recipients or messages settled in one transaction. */
    static final int BATCH = 100;

    private static final String DELAYED_STATUS = "4.4.1";
    private static final String EXPIRED_STATUS = "5.4.7";

    private final Database database;
    private final Reports reports;
    private final Queue queue = new Queue();

    Overdue(Database database, Reports reports) {
        this.database = database;
        this.reports = reports;
    }

    /** Fails every recipient of another host whose time is over and that nobody is at; those held by somebody stay. */
    int expire() {
        return untilDone(tx -> {
            var rows = tx.list("""
                    SELECT r.queue_id, r.recipient_no, r.last_host, r.last_reply
                      FROM queue q JOIN queue_recipient r USING (queue_id)
                     WHERE q.expires_at <= statement_timestamp()
                       AND r.local_mailbox IS NULL AND NOT r.held AND r.claim_id IS NULL
                     ORDER BY q.expires_at
                     LIMIT ?
                       FOR UPDATE OF r SKIP LOCKED
                    """, Waiting::read, BATCH);
            for (var message : byMessage(rows).entrySet()) {
                reports.report(tx, message.getKey(), fates(message.getValue(), Action.FAILED, EXPIRED_STATUS));
            }
            queue.remove(tx, rows.stream().map(Waiting::key).toList());
            return rows.size();
        });
    }

    /** Tells the senders of messages that still wait. */
    int tellOfDelays() {
        return untilDone(tx -> {
            var ids = tx.list("""
                            SELECT queue_id FROM queue WHERE delay_notice_at <= statement_timestamp()
                             ORDER BY delay_notice_at LIMIT ? FOR NO KEY UPDATE SKIP LOCKED
                            """, row -> row.longValue(1), BATCH).stream()
                    .mapToLong(Long::longValue)
                    .toArray();
            tx.update("UPDATE queue SET delay_notice_at = NULL WHERE queue_id = ANY (?)", ids);
            var rows = tx.list("""
                    SELECT r.queue_id, r.recipient_no, r.last_host, r.last_reply FROM queue_recipient r
                     WHERE r.queue_id = ANY (?) AND NOT r.held ORDER BY r.queue_id, r.recipient_no
                    """, Waiting::read, ids);
            for (var message : byMessage(rows).entrySet()) {
                reports.report(tx, message.getKey(), fates(message.getValue(), Action.DELAYED, DELAYED_STATUS));
            }
            return ids.length;
        });
    }

    private int untilDone(TxWork<Integer> batch) {
        int all = 0;
        int some;
        do {
            some = database.transact(batch);
            all += some;
        } while (some == BATCH);
        return all;
    }

    private record Waiting(Queue.Key key, Optional<String> host, Optional<String> reply) {
        static Waiting read(Row row) throws SQLException {
            return new Waiting(
                    new Queue.Key(row.longValue("queue_id"), row.intValue("recipient_no")),
                    row.optionalText("last_host"),
                    row.optionalText("last_reply"));
        }
    }

    private static Map<Long, List<Waiting>> byMessage(List<Waiting> rows) {
        var messages = new LinkedHashMap<Long, List<Waiting>>();
        for (var row : rows) {
            messages.computeIfAbsent(row.key().queueId(), id -> new ArrayList<>())
                    .add(row);
        }
        return messages;
    }

    private static List<Fate> fates(List<Waiting> rows, Action action, String status) {
        return rows.stream()
                .map(row -> new Fate(row.key().number(), action, status, row.host(), row.reply()))
                .toList();
    }
}
