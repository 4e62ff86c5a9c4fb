package org.postern.accounts;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.postern.database.Database;
import org.postern.database.DatabaseUnavailable;
import org.postern.database.Rhythm;
import org.postern.model.ClientAddress;
import org.postern.model.Protocol;
import org.postern.model.TokenId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Remembers when tokens were last used and writes it in batches, off the way of the login. */
public final class TokenUses implements AutoCloseable {
    /** How late {@code token list} may be. */
    public static final Duration FLUSH_INTERVAL = Duration.ofSeconds(5);

    /** Tokens waiting, one entry for each token and protocol; above this a flush is asked for. */
    private static final int MANY = 5_000;

    /** Above this, new ones are dropped: only with the database away for long. */
    private static final int MAX_WAITING = 200_000;

    private static final Logger LOG = LoggerFactory.getLogger(TokenUses.class);

    private final Database database;
    private final ConcurrentMap<Key, Use> waiting = new ConcurrentHashMap<>();
    private final Rhythm rhythm;

    private record Key(long token, Protocol protocol) {}

    private record Use(Instant at, ClientAddress client) {}

    private record Row(Key key, Use use) {}

    public TokenUses(Database database) {
        this.database = database;
        this.rhythm = Rhythm.start("token-uses", FLUSH_INTERVAL, this::flush);
    }

    void note(TokenId token, Protocol protocol, ClientAddress client, Instant at) {
        int size = waiting.size();
        var key = new Key(token.value(), protocol);
        if (size >= MAX_WAITING && !waiting.containsKey(key)) {
            return;
        }
        waiting.merge(key, new Use(at, client), (old, young) -> young.at().isBefore(old.at()) ? old : young);
        if (size >= MANY) {
            rhythm.ask();
        }
    }

    /** Writes what is left. */
    @Override
    public void close() {
        rhythm.close();
        try {
            flush();
        } catch (DatabaseUnavailable e) {
            LOG.warn("the last uses of {} tokens are lost: {}", waiting.size(), e.getMessage());
        }
    }

    void flush() {
        var rows = new ArrayList<Row>();
        waiting.forEach((key, use) -> rows.add(new Row(key, use)));
        if (rows.isEmpty()) {
            return;
        }
        // In one order on every node, so that two of them never wait for each other.
        rows.sort(Comparator.comparingLong((Row row) -> row.key().token())
                .thenComparing(row -> row.key().protocol()));
        write(rows);
        rows.forEach(row -> waiting.remove(row.key(), row.use())); // Unless it was used again meanwhile.
    }

    private void write(List<Row> rows) {
        long[] tokens = rows.stream().mapToLong(row -> row.key().token()).toArray();
        var protocols =
                rows.stream().map(row -> row.key().protocol().lowerCase()).toArray(String[]::new);
        var times = rows.stream().map(row -> row.use().at()).toArray(Instant[]::new);
        var clients = rows.stream().map(row -> row.use().client().toString()).toArray(String[]::new);
        database.transact(tx -> tx.update("""
                INSERT INTO token_use AS old (token_id, protocol, used_at, client_address)
                SELECT u.token_id, u.protocol, u.used_at, u.client::inet
                  FROM unnest(?, ?, ?, ?) AS u (token_id, protocol, used_at, client)
                 WHERE EXISTS (SELECT FROM client_token t WHERE t.token_id = u.token_id)
                 ORDER BY u.token_id, u.protocol
                ON CONFLICT (token_id, protocol) DO UPDATE
                   SET used_at = excluded.used_at, client_address = excluded.client_address
                 WHERE old.used_at < excluded.used_at
                """, tokens, protocols, times, clients));
    }
}
