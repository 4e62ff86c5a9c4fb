package org.postern.accounts.event;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.postern.database.Database;
import org.postern.database.DatabaseFailure;
import org.postern.database.DatabaseUnavailable;
import org.postern.database.Rhythm;
import org.postern.database.Tx;
import org.postern.model.AccountId;
import org.postern.model.MailboxId;
import org.postern.model.Protocol;
import org.postern.model.TokenId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events: behind the callers' backs, or in a transaction of theirs. {@link #write(Event)} never waits. Bounded: what
 * is beyond the {@linkplain EventBudget budget} is counted and told as one, and what finds the queue full is counted and
 * dropped, for a flood of failed logins must become neither a flood of memory nor one of rows.
 */
public final class Events implements AutoCloseable {
    /** How late an event may be in the table. */
    public static final Duration FLUSH_INTERVAL = Duration.ofMillis(500);

    static final int MAX_WAITING = 10_000;
    private static final int BATCH = 500;
    private static final int MAX_TEXT = 320;

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    private final Database database;
    private final MeterRegistry meters;
    private final InstantSource clock;
    private final Predicate<String> told;
    private final EventBudget budget = new EventBudget();
    private final ArrayBlockingQueue<Event> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final AtomicBoolean saidDropping = new AtomicBoolean();
    private final Rhythm rhythm;

    /** @param told the cases that the {@link Webhook} is to tell; none where there is no webhook */
    public Events(Database database, MeterRegistry meters, InstantSource clock, Predicate<String> told) {
        this.database = database;
        this.meters = meters;
        this.clock = clock;
        this.told = told;
        this.rhythm = Rhythm.start("events", FLUSH_INTERVAL, this::flush);
    }

    /** Writes the event soon, unless there were too many like it. */
    public void write(Event event) {
        count("postern.events", "Events by case, written or not", event);
        if (!budget.admits(event)) {
            count("postern.events.cut", "Events beyond the budget, told as one", event);
        } else if (!waiting.offer(event)) {
            count("postern.events.dropped", "Events that found the queue of the event table full", event);
            if (saidDropping.compareAndSet(false, true)) {
                LOG.warn("events come faster than they can be written; dropping some");
            }
        } else if (waiting.size() == BATCH) {
            rhythm.ask();
        }
    }

    /** Writes the event with what it tells of: both are there, or neither. For what strangers cannot cause at will. */
    public void write(Tx tx, Event event) throws SQLException {
        insert(tx, List.of(event));
        count("postern.events", "Events by case, written or not", event);
    }

    private void count(String name, String description, Event event) {
        Counter.builder(name)
                .description(description)
                .tag("case", event.caseName())
                .register(meters)
                .increment();
    }

    /** Writes what is left. */
    @Override
    public void close() {
        rhythm.close();
        try {
            writeWaiting();
            write(budget.cut(clock.instant()));
        } catch (DatabaseUnavailable e) {
            LOG.warn("{} events are lost: {}", waiting.size(), e.getMessage());
        }
    }

    private void flush() {
        writeWaiting();
        write(budget.roll(clock.instant()));
    }

    /** One thread at a time: the rhythm's, or close's after it. With the database away the events stay. */
    private void writeWaiting() {
        var batch = nextBatch();
        while (!batch.isEmpty()) {
            write(batch);
            for (int i = 0; i < batch.size(); i++) {
                waiting.remove(); // Only this method takes from the queue, so these are the batch's.
            }
            batch = nextBatch();
        }
        saidDropping.set(false);
    }

    private List<Event> nextBatch() {
        return waiting.stream().limit(BATCH).toList();
    }

    private void write(List<Event> batch) {
        if (batch.isEmpty()) {
            return;
        }
        try {
            database.transact(tx -> {
                insert(tx, batch);
                return batch.size();
            });
        } catch (DatabaseFailure e) {
            if (batch.size() == 1) {
                var name = batch.getFirst().caseName();
                LOG.atError().setCause(e).log("an event that cannot be written: {}", name);
                return;
            }
            for (var event : batch) {
                write(List.of(event)); // One bad row must not take the others with it.
            }
        }
    }

    private static final String INSERT = """
            INSERT INTO event (at, case_name, account_id, mailbox_id, address, token_id, protocol, client_address,
                               session_id, detail)
            VALUES (?, ?, ?::bigint, ?::bigint, ?::text, ?::bigint, ?::text, ?::inet, ?::text, jsonb_object(?))
            """;

    /** And with it that the webhook owes it. */
    private static final String INSERT_TOLD = "WITH told AS (" + INSERT + "RETURNING event_id)"
            + " INSERT INTO webhook_event (event_id) SELECT event_id FROM told";

    private void insert(Tx tx, List<Event> batch) throws SQLException {
        var split = batch.stream().collect(Collectors.partitioningBy(event -> told.test(event.caseName())));
        for (var some : split.entrySet()) {
            if (!some.getValue().isEmpty()) {
                var rows = some.getValue().stream().map(Events::row).toList();
                tx.batch(some.getKey() ? INSERT_TOLD : INSERT, rows);
            }
        }
    }

    private static Object[] row(Event event) {
        return new Object[] {
            event.at(),
            event.caseName(),
            event.account().map(AccountId::value),
            event.mailbox().map(MailboxId::value),
            event.address().map(Events::storable),
            event.token().map(TokenId::value),
            event.protocol().map(Protocol::lowerCase),
            event.client().map(client -> client.toString()),
            event.sessionId().map(Events::storable),
            pairs(event.detail())
        };
    }

    private static String[] pairs(Map<String, String> detail) {
        var pairs = new ArrayList<String>();
        detail.forEach((key, value) -> {
            pairs.add(key);
            pairs.add(storable(value));
        });
        return pairs.toArray(String[]::new);
    }

    /** PostgreSQL's text takes no NUL and no half of a surrogate pair, and what strangers type has no end. */
    public static String storable(String text) {
        var out = new StringBuilder();
        text.codePoints()
                .limit(MAX_TEXT)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '\uFFFD' : c)
                .forEach(out::appendCodePoint);
        return out.toString();
    }
}
