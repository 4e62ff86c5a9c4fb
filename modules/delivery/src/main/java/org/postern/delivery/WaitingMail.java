package org.postern.delivery;

import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.database.Tx;
import org.postern.model.Address;
import org.postern.model.Domain;

/** What administrators see of the queue, and do to it. What is being sent right now is left alone by all that changes something. */
public final class WaitingMail {
    /** Changed in one transaction. */
    static final int BATCH = 1_000;

    private static final String RECIPIENT_COLUMNS =
            QueuedRecipient.COLUMNS + ", q.return_path, m.address AS mailbox, q.size, q.accepted_at, r.next_attempt_at,"
                    + " r.last_reply, r.last_host, CASE WHEN r.locked_mailbox IS NOT NULL THEN 'LOCKED'"
                    + " WHEN r.held THEN 'HELD' WHEN r.claim_id IS NOT NULL THEN 'SENDING'"
                    + " WHEN r.next_attempt_at <= statement_timestamp() THEN 'DUE' ELSE 'DEFERRED' END AS state";
    private static final String TABLES = " FROM queue_recipient r JOIN queue q ON q.queue_id = r.queue_id"
            + " LEFT JOIN mailbox m ON m.mailbox_id = q.mailbox_id";

    private final Database database;
    private final Queue queue = new Queue();

    public WaitingMail(Database database) {
        this.database = database;
    }

    /** How a recipient waits. */
    public enum State {
        DUE,
        DEFERRED,
        SENDING,
        /** Until an administrator releases it. */
        HELD,
        /** Held for as long as its sender's sending is locked. */
        LOCKED
    }

    /**
     * Which recipients are meant: those that fit everything that is given.
     *
     * @param id of the message
     * @param domain of the recipient
     * @param sender the return path
     * @param mailbox whose owner has submitted the message
     */
    public record Selection(
            OptionalLong id, Optional<Domain> domain, Optional<Address> sender, Optional<Address> mailbox) {
        /** Everything. */
        public boolean isOpen() {
            return id.isEmpty() && domain.isEmpty() && sender.isEmpty() && mailbox.isEmpty();
        }
    }

    /** One recipient that waits. */
    public record Waiting(
            QueuedRecipient recipient,
            State state,
            Optional<Address> sender,
            Optional<String> mailbox,
            long size,
            Instant acceptedAt,
            Instant nextAttemptAt,
            Optional<String> lastHost,
            Optional<String> lastReply) {}

    /** A message with all its recipients that wait. */
    public record Message(QueuedMail mail, List<Waiting> recipients) {}

    /** The oldest {@code most}. */
    public List<Waiting> list(Selection selection, int most) {
        var condition = Condition.of(selection);
        return database.once(tx -> tx.list(
                "SELECT " + RECIPIENT_COLUMNS + TABLES + condition.where("true")
                        + " ORDER BY r.queue_id, r.recipient_no LIMIT ?",
                WaitingMail::read,
                condition.with(most)));
    }

    public Optional<Message> show(long id, int mostRecipients) {
        return database.read(tx -> {
            var mail = queue.mail(tx, id);
            if (mail.isEmpty()) {
                return Optional.empty();
            }
            var recipients = tx.list(
                    "SELECT " + RECIPIENT_COLUMNS + TABLES + " WHERE r.queue_id = ? ORDER BY r.recipient_no LIMIT ?",
                    WaitingMail::read,
                    id,
                    mostRecipients);
            return Optional.of(new Message(mail.get(), recipients));
        });
    }

    /** Tries them now, the destinations that are left alone too; says how many would have waited longer. */
    public int retry(Selection selection) {
        int changed = change(selection, "NOT r.held AND r.next_attempt_at > statement_timestamp()", (tx, keys) -> {
            update(tx, keys, "next_attempt_at = clock_timestamp()");
            announce(tx, keys);
        });
        database.once(tx -> tx.update(
                "UPDATE queue_destination SET not_before = NULL, due_at = clock_timestamp()"
                        + " WHERE not_before IS NOT NULL AND (?::text IS NULL OR domain = ?)",
                selection.domain().map(Domain::name),
                selection.domain().map(Domain::name)));
        return changed;
    }

    /** Nobody tries them until they are released. */
    public int hold(Selection selection) {
        return change(selection, "NOT r.held", (tx, keys) -> update(tx, keys, "held = true"));
    }

    /** Tries what was held, unless its sender's sending is locked. */
    public int release(Selection selection) {
        return change(selection, "r.held AND r.locked_mailbox IS NULL", (tx, keys) -> {
            update(tx, keys, "held = false, next_attempt_at = clock_timestamp()");
            announce(tx, keys);
        });
    }

    /** Removes them; nobody is told. */
    public int delete(Selection selection) {
        return change(selection, "true", queue::remove);
    }

    @FunctionalInterface
    private interface Change {
        void to(Tx tx, List<Queue.Key> keys) throws SQLException;
    }

    private int change(Selection selection, String also, Change change) {
        var condition = Condition.of(selection);
        int all = 0;
        int some;
        do {
            some = database.transact(tx -> {
                var keys = tx.list(
                        "SELECT r.queue_id, r.recipient_no" + TABLES
                                + condition.where(also + " AND r.claim_id IS NULL")
                                + " ORDER BY r.queue_id, r.recipient_no LIMIT ? FOR UPDATE OF r SKIP LOCKED",
                        row -> new Queue.Key(row.longValue(1), row.intValue(2)),
                        condition.with(BATCH));
                change.to(tx, keys);
                return keys.size();
            });
            all += some;
        } while (some == BATCH);
        return all;
    }

    private static void update(Tx tx, List<Queue.Key> keys, String set) throws SQLException {
        tx.batch(
                "UPDATE queue_recipient SET " + set + " WHERE queue_id = ? AND recipient_no = ?",
                keys.stream()
                        .map(key -> new Object[] {key.queueId(), key.number()})
                        .toList());
    }

    /** Their destinations hear of them as of new ones. */
    private static void announce(Tx tx, List<Queue.Key> keys) throws SQLException {
        tx.update(
                "INSERT INTO queue_arrival (queue_id) SELECT DISTINCT id FROM unnest(?) id ORDER BY id ON CONFLICT DO NOTHING",
                keys.stream().mapToLong(Queue.Key::queueId).toArray());
    }

    /** A selection as SQL. */
    private record Condition(List<String> terms, List<Object> values) {
        static Condition of(Selection selection) {
            var condition = new Condition(new ArrayList<>(), new ArrayList<>());
            selection.id().ifPresent(id -> condition.add("r.queue_id = ?", id));
            selection.domain().ifPresent(domain -> condition.add("r.domain = ?", domain.name()));
            selection.sender().ifPresent(sender -> condition.add("lower(q.return_path) = lower(?)", sender.toString()));
            selection
                    .mailbox()
                    .ifPresent(mailbox -> condition.add(
                            "q.mailbox_id = (SELECT mailbox_id FROM directory.address WHERE domain = ? AND local_part = ?)",
                            mailbox.domain().name(),
                            mailbox.foldedLocalPart()));
            return condition;
        }

        private void add(String term, Object... given) {
            terms.add(term);
            values.addAll(List.of(given));
        }

        String where(String also) {
            return " WHERE " + also + (terms.isEmpty() ? "" : " AND " + String.join(" AND ", terms));
        }

        Object[] with(int most) {
            var all = new ArrayList<>(values);
            all.add(most);
            return all.toArray();
        }
    }

    private static Waiting read(Row row) throws SQLException {
        return new Waiting(
                QueuedRecipient.read(row),
                State.valueOf(row.text("state")),
                Address.parse(row.text("return_path")),
                row.optionalText("mailbox"),
                row.longValue("size"),
                row.instant("accepted_at"),
                row.instant("next_attempt_at"),
                row.optionalText("last_host"),
                row.optionalText("last_reply"));
    }
}
