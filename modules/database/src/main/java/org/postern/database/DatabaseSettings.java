package org.postern.database;

import java.time.Duration;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Where the database is, as whom to log in, and the bounds of every wait on it.
 *
 * @param url {@code jdbc:postgresql://host:port/database}; TLS is chosen here with {@code sslmode}
 * @param cell the PostgreSQL schema of this cell: lower-case letters, digits, underscores
 * @param poolSize connections of this node, 1 to {@value #MAX_POOL_SIZE}
 * @param statementTimeout after which PostgreSQL itself cancels a statement
 * @param checkoutTimeout how long a caller waits for a free connection before it hears {@link DatabaseUnavailable}
 */
public record DatabaseSettings(
        String url,
        String user,
        String password,
        String cell,
        int poolSize,
        Duration statementTimeout,
        Duration checkoutTimeout) {
    public static final int MAX_POOL_SIZE = 500;
    public static final int DEFAULT_POOL_SIZE = 16;
    public static final Duration DEFAULT_STATEMENT_TIMEOUT = Duration.ofSeconds(10);
    public static final Duration DEFAULT_CHECKOUT_TIMEOUT = Duration.ofSeconds(3);

    /** HikariCP takes no less. */
    private static final Duration MIN_CHECKOUT_TIMEOUT = Duration.ofMillis(250);

    private static final Pattern CELL = Pattern.compile("[a-z_][a-z0-9_]{0,62}");

    public DatabaseSettings {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalArgumentException("not a jdbc:postgresql: address: " + withoutSecrets(url));
        }
        if (!CELL.matcher(cell).matches() || cell.startsWith("pg_") || isTaken(cell)) {
            throw new IllegalArgumentException("not a usable cell name: " + cell);
        }
        if (poolSize < 1 || poolSize > MAX_POOL_SIZE) {
            throw new IllegalArgumentException("pool size must be 1 to " + MAX_POOL_SIZE + ": " + poolSize);
        }
        if (statementTimeout.compareTo(Duration.ofMillis(1)) < 0) {
            throw new IllegalArgumentException("statement timeout must be at least 1 ms: " + statementTimeout);
        }
        if (checkoutTimeout.compareTo(MIN_CHECKOUT_TIMEOUT) < 0) {
            throw new IllegalArgumentException("checkout timeout must be at least 250 ms: " + checkoutTimeout);
        }
    }

    /** The settings with every bound at its default. */
    public static DatabaseSettings of(String url, String user, String password, String cell) {
        return new DatabaseSettings(
                url, user, password, cell, DEFAULT_POOL_SIZE, DEFAULT_STATEMENT_TIMEOUT, DEFAULT_CHECKOUT_TIMEOUT);
    }

    public DatabaseSettings withPoolSize(int size) {
        return new DatabaseSettings(url, user, password, cell, size, statementTimeout, checkoutTimeout);
    }

    /** The longest a transaction may live before PostgreSQL ends it: {@value #TRANSACTION_STATEMENTS} statements' time. */
    public Duration transactionTimeout() {
        return statementTimeout.multipliedBy(TRANSACTION_STATEMENTS);
    }

    /** The longest a transaction may do nothing before PostgreSQL ends it: no client is waited for inside one. */
    public Duration idleInTransactionTimeout() {
        return statementTimeout;
    }

    /** The longest silence of a socket before the connection counts as dead; PostgreSQL has cancelled long before. */
    public Duration socketTimeout() {
        return statementTimeout.plus(SOCKET_GRACE);
    }

    /** The longest a transaction may keep a connection before that counts as dead, too. */
    Duration longestTransaction() {
        return transactionTimeout().plus(SOCKET_GRACE);
    }

    static final int TRANSACTION_STATEMENTS = 3;
    private static final Duration SOCKET_GRACE = Duration.ofSeconds(10);

    private static boolean isTaken(String cell) {
        return cell.equals("directory") || cell.equals("public") || cell.equals("information_schema");
    }

    private static String withoutSecrets(String url) {
        int query = url.indexOf('?');
        return query < 0 ? url : url.substring(0, query);
    }

    /** Never shows the password. */
    @Override
    public String toString() {
        return String.format(Locale.ROOT, "%s as %s, cell %s, pool of %d", withoutSecrets(url), user, cell, poolSize);
    }
}
