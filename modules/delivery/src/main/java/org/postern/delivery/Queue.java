package org.postern.delivery;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.postern.accounts.Access;
import org.postern.database.ByteStream;
import org.postern.database.Row;
import org.postern.database.Tx;
import org.postern.mime.MessageBytes;
import org.postern.model.Address;
import org.postern.model.MailboxId;

/**
 * The rows of accepted messages that wait for a folder, for room, or for another host.
 *
 * <p>{@code queue_recipient.attempts} is also the claim: it grows when a worker takes the row, and whoever acts on the row first
 * checks that it has not grown again. {@code next_attempt_at} of a claimed row is the end of its lease.
 */
final class Queue {
    /** One claimed recipient. */
    record Claimed(
            long queueId,
            int number,
            int attempts,
            Address address,
            MailboxId mailbox,
            Optional<Address> returnPath,
            String traceId,
            long size,
            boolean expired) {}

    long newId(Tx tx) throws SQLException {
        return tx.one("SELECT nextval('queue_id')", row -> row.longValue(1));
    }

    void addContent(Tx tx, long id, MessageBytes bytes) throws SQLException, IOException {
        try (var in = bytes.open()) {
            tx.update(
                    "INSERT INTO queue_content (queue_id, content) VALUES (?, ?)",
                    id,
                    new ByteStream(in, bytes.size()));
        }
    }

    /** Forgets a content that was written ahead for a message that was then refused, or needed no queue. */
    void dropContent(Tx tx, long id) throws SQLException {
        tx.update(
                "DELETE FROM queue_content c WHERE queue_id = ? AND NOT EXISTS"
                        + " (SELECT FROM queue q WHERE q.queue_id = c.queue_id)",
                id);
    }

    /** A message that is held expires that much later. */
    void add(Tx tx, long id, Access access, Submission submission, Duration expiry) throws SQLException {
        tx.update(
                """
                INSERT INTO queue (queue_id, account_id, mailbox_id, token_id, trace_id, return_path, body_type, smtputf8,
                                   parameters, size, expires_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, jsonb_object(?), ?,
                        greatest(clock_timestamp(), ?::timestamptz) + ? * interval '1 millisecond')
                """,
                id,
                access.account().value(),
                access.mailbox().value(),
                access.token().value(),
                submission.traceId(),
                submission.returnPath().map(Address::toString).orElse(""),
                submission.options().bodyType().wire(),
                submission.options().smtpUtf8(),
                pairs(submission.options().parameters()),
                submission.bytes().size(),
                submission.options().holdUntil(),
                expiry.toMillis());
    }

    /** What {@code jsonb_object} makes an object of. */
    private static String[] pairs(Map<String, String> parameters) {
        return parameters.entrySet().stream()
                .flatMap(parameter -> Stream.of(parameter.getKey(), parameter.getValue()))
                .toArray(String[]::new);
    }

    /** @param waits how long before the first attempt, and why, for each recipient */
    void addRecipients(Tx tx, long id, List<Waiting> waits) throws SQLException {
        var rows = new ArrayList<Object[]>();
        for (var waiting : waits) {
            var recipient = waiting.recipient();
            rows.add(new Object[] {
                id,
                rows.size() + 1,
                recipient.address().toString(),
                recipient.address().domain().name(),
                recipient.mailbox().map(MailboxId::value),
                pairs(recipient.parameters()),
                waiting.pause().toMillis(),
                waiting.why()
            });
        }
        tx.batch("""
                INSERT INTO queue_recipient (queue_id, recipient_no, address, domain, local_mailbox, parameters, next_attempt_at,
                                             last_reply)
                VALUES (?, ?, ?, ?, ?, jsonb_object(?), clock_timestamp() + ? * interval '1 millisecond', ?)
                """, rows);
    }

    /** A recipient that does not have the message yet. */
    record Waiting(Recipient recipient, Duration pause, Optional<String> why) {}

    /** Takes due local recipients for this worker; locked ones are another worker's. */
    List<Claimed> claim(Tx tx, int most, Duration lease) throws SQLException {
        return tx.list("""
                WITH due AS MATERIALIZED (
                    SELECT queue_id, recipient_no FROM queue_recipient
                     WHERE local_mailbox IS NOT NULL AND NOT held AND next_attempt_at <= clock_timestamp()
                     ORDER BY next_attempt_at
                     LIMIT ?
                       FOR NO KEY UPDATE SKIP LOCKED)
                UPDATE queue_recipient r
                   SET attempts = attempts + 1, next_attempt_at = clock_timestamp() + ? * interval '1 millisecond'
                  FROM due JOIN queue q USING (queue_id)
                 WHERE r.queue_id = due.queue_id AND r.recipient_no = due.recipient_no
                RETURNING r.queue_id, r.recipient_no, r.attempts, r.address, r.local_mailbox,
                          q.return_path, q.trace_id, q.size, q.expires_at <= clock_timestamp() AS expired
                """, Queue::readClaimed, most, lease.toMillis());
    }

    private static Claimed readClaimed(Row row) throws SQLException {
        return new Claimed(
                row.longValue("queue_id"),
                row.intValue("recipient_no"),
                row.intValue("attempts"),
                Address.parse(row.text("address")).orElseThrow(),
                new MailboxId(row.longValue("local_mailbox")),
                Address.parse(row.text("return_path")),
                row.text("trace_id"),
                row.longValue("size"),
                row.bool("expired"));
    }

    /** Locks those of the claimed rows that are still this worker's; the others' leases have run out. */
    List<Claimed> lockOwn(Tx tx, List<Claimed> claimed) throws SQLException {
        var own = new ArrayList<Claimed>();
        for (var row : claimed) {
            var locked = tx.first("""
                    SELECT 1 FROM queue_recipient
                     WHERE queue_id = ? AND recipient_no = ? AND attempts = ? AND NOT held FOR UPDATE SKIP LOCKED
                    """, one -> true, row.queueId(), row.number(), row.attempts());
            if (locked.isPresent()) {
                own.add(row);
            }
        }
        return own;
    }

    /** Removes delivered recipients, and the messages that have none left. */
    void remove(Tx tx, List<Claimed> delivered) throws SQLException {
        if (delivered.isEmpty()) {
            return;
        }
        var rows = delivered.stream()
                .map(row -> new Object[] {row.queueId(), row.number()})
                .toList();
        tx.batch("DELETE FROM queue_recipient WHERE queue_id = ? AND recipient_no = ?", rows);
        var ids = delivered.stream()
                .mapToLong(Claimed::queueId)
                .distinct()
                .sorted()
                .toArray();
        // Locked in one statement, decided in the next: of two workers with the last two recipients, the second sees
        // none left.
        tx.call("SELECT 1 FROM queue WHERE queue_id = ANY (?) ORDER BY queue_id FOR UPDATE", ids);
        tx.update("""
                WITH gone AS (
                    DELETE FROM queue q WHERE queue_id = ANY (?) AND NOT EXISTS
                        (SELECT FROM queue_recipient r WHERE r.queue_id = q.queue_id)
                    RETURNING queue_id)
                DELETE FROM queue_content c USING gone WHERE c.queue_id = gone.queue_id
                """, ids);
    }

    void retry(Tx tx, Claimed row, Duration wait, String why) throws SQLException {
        tx.update("""
                UPDATE queue_recipient SET next_attempt_at = clock_timestamp() + ? * interval '1 millisecond', last_reply = ?
                 WHERE queue_id = ? AND recipient_no = ? AND attempts = ?
                """, wait.toMillis(), why, row.queueId(), row.number(), row.attempts());
    }

    /** Stops trying; the message is kept for whoever reports or releases it. */
    void hold(Tx tx, Claimed row, String why) throws SQLException {
        tx.update(
                "UPDATE queue_recipient SET held = true, last_reply = ? WHERE queue_id = ? AND recipient_no = ? AND attempts = ?",
                why,
                row.queueId(),
                row.number(),
                row.attempts());
    }

    /** How long until the next local recipient is due; empty when none waits. */
    Optional<Duration> untilNext(Tx tx) throws SQLException {
        return tx.one("""
                        SELECT ceil(extract(epoch FROM min(next_attempt_at) - clock_timestamp()) * 1000)::bigint AS ms
                          FROM queue_recipient WHERE local_mailbox IS NOT NULL AND NOT held
                        """, row -> row.optionalLong("ms")).stream()
                .mapToObj(Duration::ofMillis)
                .findFirst();
    }

    /** Removes contents written ahead by acceptances that never came to their end. */
    int sweep(Tx tx, Duration grace) throws SQLException {
        return tx.update("""
                DELETE FROM queue_content WHERE queue_id IN (
                    SELECT c.queue_id FROM queue_content c LEFT JOIN queue q USING (queue_id)
                     WHERE q.queue_id IS NULL AND c.created_at < clock_timestamp() - ? * interval '1 millisecond'
                     LIMIT 100)
                """, grace.toMillis());
    }

    /** Recipients that wait, local, relayed and held. */
    Depth depth(Tx tx) throws SQLException {
        return tx.one("""
                SELECT count(*) FILTER (WHERE local_mailbox IS NOT NULL AND NOT held) AS local,
                       count(*) FILTER (WHERE local_mailbox IS NULL AND NOT held) AS relay,
                       count(*) FILTER (WHERE held) AS held
                  FROM queue_recipient
                """, row -> new Depth(row.longValue("local"), row.longValue("relay"), row.longValue("held")));
    }

    record Depth(long local, long relay, long held) {}
}
