package org.postern.bench.limits;

import org.postern.database.Database;

/** What a mailbox has sent within the last hour. */
final class History {
    private static final int BATCH = 50_000;

    private History() {}

    /** Lets it and its account have sent so many messages in the last hour; before it has sent any. */
    static void add(Database database, String address, int messages) {
        for (int from = 1; from <= messages; from += BATCH) {
            add(database, address, from, Math.min(from + BATCH - 1, messages), messages);
        }
        database.transact(tx -> tx.update("""
                INSERT INTO send_usage (subject_kind, subject_id, messages, recipients, last_at)
                SELECT s.kind, s.id, ?, ?, clock_timestamp()
                  FROM mailbox m, LATERAL (VALUES ('account', m.account_id), ('mailbox', m.mailbox_id)) AS s (kind, id)
                 WHERE m.address = ?
                """, messages, messages, address));
    }

    private static void add(Database database, String address, int from, int to, int messages) {
        database.transact(tx -> tx.update("""
                INSERT INTO send_event (subject_kind, subject_id, messages, recipients, at)
                SELECT s.kind, s.id, n, n, clock_timestamp() - interval '55 minutes' * (1 - n::float / ?)
                  FROM mailbox m, LATERAL (VALUES ('account', m.account_id), ('mailbox', m.mailbox_id)) AS s (kind, id),
                       generate_series(?, ?) n
                 WHERE m.address = ?
                """, messages, from, to, address));
    }
}
