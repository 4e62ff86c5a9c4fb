package org.postern.accounts;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import org.postern.database.Database;
import org.postern.database.DatabaseFailure;
import org.postern.database.DatabaseUnavailable;
import org.postern.model.AccountId;
import org.postern.model.MailboxId;
import org.postern.model.Protocol;
import org.postern.model.TokenId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes events behind the callers' backs: {@link #write} never waits. Bounded: what finds the queue full is counted and
 * dropped, for a flood of failed logins must not become a flood of memory.
 */
public final class Events implements AutoCloseable {
    /** How late an event may be in the table. */
    public static final Duration FLUSH_INTERVAL = Duration.ofMillis(500);

    static final int MAX_WAITING = 10_000;
    private static final int BATCH = 500;
    private static final int MAX_TEXT = 320;

    private static final Logger LOG = LoggerFactory.getLogger(Events.class);

    private final Database database;
    private final AccountsMeters meters;
    private final ArrayBlockingQueue<Event> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
    private final AtomicBoolean saidDropping = new AtomicBoolean();
    private final Rhythm rhythm;

    public Events(Database database, AccountsMeters meters) {
        this.database = database;
        this.meters = meters;
        this.rhythm = Rhythm.start("events", FLUSH_INTERVAL, this::flush);
    }

    public void write(Event event) {
        if (waiting.offer(event)) {
            if (waiting.size() == BATCH) {
                rhythm.ask();
            }
            return;
        }
        meters.eventDropped();
        if (saidDropping.compareAndSet(false, true)) {
            LOG.warn("events come faster than they can be written; dropping some");
        }
    }

    /** Writes what is left. */
    @Override
    public void close() {
        rhythm.close();
        try {
            flush();
        } catch (DatabaseUnavailable e) {
            LOG.warn("{} events are lost: {}", waiting.size(), e.getMessage());
        }
    }

    /** One thread at a time: the rhythm's, or close's after it. With the database away the events stay. */
    private void flush() {
        var batch = new ArrayList<Event>(BATCH);
        for (var event : waiting) {
            if (batch.size() == BATCH) {
                break;
            }
            batch.add(event);
        }
        while (!batch.isEmpty()) {
            insert(batch);
            for (int i = 0; i < batch.size(); i++) {
                waiting.remove(); // Only this method takes from the queue, so these are the batch's.
            }
            batch.clear();
            for (var event : waiting) {
                if (batch.size() == BATCH) {
                    break;
                }
                batch.add(event);
            }
        }
        saidDropping.set(false);
    }

    private void insert(List<Event> batch) {
        try {
            insertAll(batch);
        } catch (DatabaseFailure e) {
            if (batch.size() == 1) {
                LOG.atError()
                        .setCause(e)
                        .log(
                                "an event that cannot be written: {}",
                                batch.getFirst().caseName());
                return;
            }
            for (var event : batch) {
                insert(List.of(event)); // One bad row must not take the others with it.
            }
        }
    }

    private void insertAll(List<Event> batch) {
        var rows = batch.stream().map(Events::row).toList();
        database.transact(tx -> tx.batch("""
                INSERT INTO event (at, case_name, account_id, mailbox_id, address, token_id, protocol, client_address,
                                   session_id, detail)
                VALUES (?, ?, ?::bigint, ?::bigint, ?::text, ?::bigint, ?::text, ?::inet, ?::text, jsonb_object(?))
                """, rows));
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
    static String storable(String text) {
        var out = new StringBuilder();
        text.codePoints()
                .limit(MAX_TEXT)
                .map(c -> Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE ? '\uFFFD' : c)
                .forEach(out::appendCodePoint);
        return out.toString();
    }
}
