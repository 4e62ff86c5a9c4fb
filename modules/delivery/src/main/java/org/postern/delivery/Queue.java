package org.postern.delivery;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.postern.accounts.Access;
import org.postern.database.ByteStream;
import org.postern.database.Row;
import org.postern.database.Tx;
import org.postern.mime.bytes.MessageBytes;
import org.postern.model.Address;
import org.postern.model.MailboxId;

/**
 * The rows of accepted messages that wait for a folder, for room, or for another host.
 *
 * <p>{@code queue_recipient.attempts} is also the claim: it grows when a worker takes the row, and whoever acts on the row first
 * checks that it has not grown again. {@code next_attempt_at} of a claimed row is the end of its lease.
 */
public final class Queue {
    /** Which recipient of which message. */
    public record Key(long queueId, int number) {}

    /**
     * One claimed local recipient.
     *
     * @param toGroup whether its address leads to others, and the mailbox is its owner
     */
    record Claimed(
            long queueId,
            int number,
            int attempts,
            Address address,
            MailboxId mailbox,
            Place place,
            String front,
            Optional<Address> returnPath,
            String traceId,
            long size,
            boolean expired,
            boolean asksForSuccess,
            boolean forwarded,
            boolean toGroup) {
        Key key() {
            return new Key(queueId, number);
        }
    }

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

    /**
     * A message that is held expires, and is late, that much later.
     *
     * @param front fields that another host gets before the content
     */
    void add(Tx tx, long id, Access access, Submission submission, String front, DeliveryLimits limits)
            throws SQLException {
        tx.update(
                """
                INSERT INTO queue (queue_id, account_id, mailbox_id, token_id, trace_id, return_path, body_type, smtputf8,
                                   parameters, front, size, expires_at, delay_notice_at)
                SELECT ?, ?, ?, ?, ?, ?, ?, ?, jsonb_object(?), ?, ?,
                       since + ? * interval '1 millisecond', since + ? * interval '1 millisecond'
                  FROM greatest(clock_timestamp(), ?::timestamptz) since
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
                front,
                submission.bytes().size(),
                submission.options().expiry(limits).toMillis(),
                submission.options().delayNotice(limits).toMillis(),
                submission.options().holdUntil());
    }

    /** Mail from outside: nobody of ours has sent it. */
    void add(Tx tx, long id, Arrival arrival, DeliveryLimits limits) throws SQLException {
        tx.update(
                """
                INSERT INTO queue (queue_id, trace_id, return_path, body_type, smtputf8, size, expires_at, delay_notice_at)
                VALUES (?, ?, ?, ?, ?, ?, clock_timestamp() + ? * interval '1 millisecond',
                        clock_timestamp() + ? * interval '1 millisecond')
                """,
                id,
                arrival.traceId(),
                arrival.returnPath().map(Address::toString).orElse(""),
                arrival.options().bodyType().wire(),
                arrival.options().smtpUtf8(),
                arrival.letter().bytes().size(),
                limits.expiry().toMillis(),
                limits.delayNotice().toMillis());
    }

    /** What is passed on: nobody of ours has sent it either, and it has all its time again. */
    void add(Tx tx, Forward forward, DeliveryLimits limits) throws SQLException {
        var original = forward.original();
        tx.update(
                """
                INSERT INTO queue (queue_id, trace_id, return_path, body_type, smtputf8, parameters, front, size, copies_left,
                                   expires_at, delay_notice_at)
                VALUES (?, ?, ?, ?, ?, jsonb_object(?), ?, ?, ?, clock_timestamp() + ? * interval '1 millisecond',
                        clock_timestamp() + ? * interval '1 millisecond')
                """,
                forward.contentId(),
                original.traceId(),
                forward.returnPath().map(Address::toString).orElse(""),
                original.bodyType(),
                original.smtpUtf8(),
                pairs(Forwarder.passedOn(original.parameters())),
                forward.front(),
                forward.size(),
                forward.copiesLeft(),
                limits.expiry().toMillis(),
                limits.delayNotice().toMillis());
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
                waiting.why(),
                waiting.place().stored(),
                waiting.front(),
                recipient.destination() instanceof Destination.Group
            });
        }
        tx.batch("""
                INSERT INTO queue_recipient (queue_id, recipient_no, address, domain, local_mailbox, parameters, next_attempt_at,
                                             last_reply, special_use, front, to_group)
                VALUES (?, ?, ?, ?, ?, jsonb_object(?), clock_timestamp() + ? * interval '1 millisecond', ?, ?, ?, ?)
                """, rows);
        tx.update("INSERT INTO queue_arrival (queue_id) VALUES (?)", id);
    }

    /** Queues a message of our own, from the null return path; when {@code mailbox} is empty, for another host. */
    void addOwn(Tx tx, long id, OwnMail mail, Address to, Optional<MailboxId> mailbox, Duration expiry)
            throws SQLException {
        tx.update("INSERT INTO queue_content (queue_id, content) VALUES (?, ?)", id, mail.bytes());
        tx.update(
                """
                INSERT INTO queue (queue_id, trace_id, return_path, body_type, smtputf8, size, expires_at)
                VALUES (?, ?, '', ?, ?, ?, clock_timestamp() + ? * interval '1 millisecond')
                """,
                id,
                mail.traceId(),
                mail.bodyType().wire(),
                mail.smtpUtf8(),
                (long) mail.bytes().length,
                expiry.toMillis());
        addRecipients(tx, id, List.of(new Waiting(new Recipient(to, mailbox), Duration.ZERO, Optional.empty())));
    }

    /** A small message that we write ourselves. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record OwnMail(String traceId, byte[] bytes, BodyType bodyType, boolean smtpUtf8) {}

    /** The message, unless it is gone. */
    Optional<QueuedMail> mail(Tx tx, long id) throws SQLException {
        return tx.first("SELECT " + QueuedMail.COLUMNS + " FROM queue q WHERE q.queue_id = ?", QueuedMail::read, id);
    }

    /** Those of the message's recipients that are still there. */
    List<QueuedRecipient> recipients(Tx tx, long id, int[] numbers) throws SQLException {
        return tx.list(
                "SELECT " + QueuedRecipient.COLUMNS
                        + " FROM queue_recipient r WHERE r.queue_id = ? AND r.recipient_no = ANY (?) ORDER BY r.recipient_no",
                QueuedRecipient::read,
                id,
                numbers);
    }

    /** Up to {@code length} of the message's bytes, from the one at {@code from} on; empty when it is gone. */
    public Optional<byte[]> slice(Tx tx, long id, long from, int length) throws SQLException {
        return tx.first(
                "SELECT substring(content FROM ? FOR ?) AS slice FROM queue_content WHERE queue_id = ?",
                row -> row.bytes("slice"),
                Math.toIntExact(from + 1),
                length,
                id);
    }

    /**
     * A recipient that does not have the message yet.
     *
     * @param place where in its mailbox it goes
     * @param front the fields that it alone gets before the content
     */
    record Waiting(Recipient recipient, Place place, String front, Duration pause, Optional<String> why) {
        Waiting(Recipient recipient, Duration pause, Optional<String> why) {
            this(recipient, Place.INBOX, "", pause, why);
        }
    }

    /** Takes due local recipients for this worker; locked ones are another worker's. */
    List<Claimed> claim(Tx tx, int most, Duration lease) throws SQLException {
        return tx.list("""
                WITH due AS MATERIALIZED (
                    SELECT queue_id, recipient_no FROM queue_recipient
                     WHERE local_mailbox IS NOT NULL AND NOT held AND next_attempt_at <= statement_timestamp()
                     ORDER BY next_attempt_at
                     LIMIT ?
                       FOR NO KEY UPDATE SKIP LOCKED)
                UPDATE queue_recipient r
                   SET attempts = attempts + 1, next_attempt_at = clock_timestamp() + ? * interval '1 millisecond'
                  FROM due JOIN queue q USING (queue_id)
                 WHERE r.queue_id = due.queue_id AND r.recipient_no = due.recipient_no
                RETURNING r.queue_id, r.recipient_no, r.attempts, r.address, r.local_mailbox, r.special_use, r.front,
                          q.return_path, q.trace_id, q.size, q.expires_at <= clock_timestamp() AS expired,
                          coalesce(r.parameters ->> 'NOTIFY', '') ILIKE '%SUCCESS%' AS asks, r.forwarded, r.to_group
                """, Queue::readClaimed, most, lease.toMillis());
    }

    private static Claimed readClaimed(Row row) throws SQLException {
        return new Claimed(
                row.longValue("queue_id"),
                row.intValue("recipient_no"),
                row.intValue("attempts"),
                Address.parse(row.text("address")).orElseThrow(),
                new MailboxId(row.longValue("local_mailbox")),
                Place.read(row.optionalText("special_use")),
                row.text("front"),
                Address.parse(row.text("return_path")),
                row.text("trace_id"),
                row.longValue("size"),
                row.bool("expired"),
                row.bool("asks"),
                row.bool("forwarded"),
                row.bool("to_group"));
    }

    /**
     * Locks those of the claimed rows that are still this worker's; the others' leases have run out. Waits for whoever has
     * locked one: a worker that claims at the same moment holds rows too late for it until its claim is committed.
     */
    List<Claimed> lockOwn(Tx tx, List<Claimed> claimed) throws SQLException {
        var own = Set.copyOf(tx.list(
                """
                SELECT r.queue_id, r.recipient_no
                  FROM unnest(?::bigint[], ?::int[], ?::int[]) AS c (queue_id, recipient_no, attempts)
                  JOIN queue_recipient r USING (queue_id, recipient_no)
                 WHERE r.attempts = c.attempts AND NOT r.held
                 ORDER BY r.queue_id, r.recipient_no
                   FOR UPDATE OF r""",
                row -> new Key(row.longValue(1), row.intValue(2)),
                claimed.stream().mapToLong(Claimed::queueId).toArray(),
                claimed.stream().mapToInt(Claimed::number).toArray(),
                claimed.stream().mapToInt(Claimed::attempts).toArray()));
        return claimed.stream().filter(row -> own.contains(row.key())).toList();
    }

    /** Removes recipients that are done with, and the messages that have none left. */
    public void remove(Tx tx, List<Key> done) throws SQLException {
        if (done.isEmpty()) {
            return;
        }
        var rows = done.stream()
                .map(key -> new Object[] {key.queueId(), key.number()})
                .toList();
        tx.batch("DELETE FROM queue_recipient WHERE queue_id = ? AND recipient_no = ?", rows);
        var ids = done.stream().mapToLong(Key::queueId).distinct().sorted().toArray();
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

    /** Has been forwarded; what is left is the mailbox's own copy. */
    void forwarded(Tx tx, Claimed row) throws SQLException {
        tx.update(
                "UPDATE queue_recipient SET forwarded = true WHERE queue_id = ? AND recipient_no = ?",
                row.queueId(),
                row.number());
    }

    void retry(Tx tx, Claimed row, Duration wait, String why) throws SQLException {
        tx.update("""
                UPDATE queue_recipient SET next_attempt_at = clock_timestamp() + ? * interval '1 millisecond', last_reply = ?
                 WHERE queue_id = ? AND recipient_no = ? AND attempts = ?
                """, wait.toMillis(), why, row.queueId(), row.number(), row.attempts());
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
