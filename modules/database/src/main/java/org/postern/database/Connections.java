package org.postern.database;

import com.zaxxer.hikari.HikariConfig;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/** Makes the three kinds of connection: of the pool, for migrations, for LISTEN. */
final class Connections {
    /** A connection is replaced after this long, so that moved addresses and grown caches are let go. */
    static final Duration MAX_LIFETIME = Duration.ofMinutes(30);

    /** An idle connection is tried this often, so that firewalls do not forget it. */
    static final Duration KEEPALIVE = Duration.ofMinutes(2);

    /** A node's very first connection loads the driver while everything else starts too. */
    private static final Duration FIRST_CONNECT = Duration.ofSeconds(20);

    /** Statements executed this often on a connection are prepared on the server and answer in binary. */
    static final int PREPARE_THRESHOLD = 2;

    /** Prepared statements kept per connection, and the memory of their texts. */
    private static final int PREPARED_STATEMENTS = 512;

    private static final int PREPARED_STATEMENTS_MIB = 8;

    /** What streams and {@link CopyRows} are sent in: with the driver's usual 8 KiB, a large message is thousands of system calls. */
    static final int SEND_BUFFER_BYTES = 64 * 1024;

    private Connections() {}

    static HikariConfig pool(DatabaseSettings settings) {
        var config = new HikariConfig();
        config.setPoolName("postern-" + settings.cell());
        config.setDataSource(configured(
                new PoolSource(),
                settings,
                "postern",
                settings.socketTimeout(),
                sessionOptions(settings) + limits(settings)));
        config.setMaximumPoolSize(settings.poolSize());
        config.setMinimumIdle(settings.poolSize());
        config.setConnectionTimeout(settings.checkoutTimeout().toMillis());
        config.setValidationTimeout(Math.min(
                settings.checkoutTimeout().toMillis(), Duration.ofSeconds(2).toMillis()));
        config.setMaxLifetime(MAX_LIFETIME.toMillis());
        config.setKeepaliveTime(KEEPALIVE.toMillis());
        // Whether the database is there shows at each checkout: a node must start, and recover, without it.
        config.setInitializationFailTimeout(-1);
        config.setAutoCommit(true);
        return config;
    }

    /** Without statement limits: a migration takes what it takes. */
    static PGSimpleDataSource forMigrations(DatabaseSettings settings) {
        var source = configured(
                new PGSimpleDataSource(), settings, "postern migration", Duration.ZERO, sessionOptions(settings));
        source.setConnectTimeout(seconds(FIRST_CONNECT));
        source.setLoginTimeout(seconds(FIRST_CONNECT));
        return source;
    }

    static PGSimpleDataSource forNotifications(DatabaseSettings settings) {
        return configured(
                new PGSimpleDataSource(),
                settings,
                "postern listen",
                settings.socketTimeout(),
                sessionOptions(settings));
    }

    private static PGSimpleDataSource configured(
            PGSimpleDataSource source,
            DatabaseSettings settings,
            String application,
            Duration socketTimeout,
            String options) {
        source.setUrl(settings.url());
        source.setUser(settings.user());
        source.setPassword(settings.password());
        source.setApplicationName(application);
        source.setOptions(options.strip());
        source.setTcpKeepAlive(true);
        source.setConnectTimeout(seconds(settings.checkoutTimeout()));
        source.setLoginTimeout(seconds(settings.checkoutTimeout()));
        source.setSocketTimeout(Math.toIntExact(socketTimeout.toSeconds()));
        source.setPrepareThreshold(PREPARE_THRESHOLD);
        source.setPreparedStatementCacheQueries(PREPARED_STATEMENTS);
        source.setPreparedStatementCacheSizeMiB(PREPARED_STATEMENTS_MIB);
        source.setBinaryTransfer(true);
        source.setMaxSendBufferSize(SEND_BUFFER_BYTES);
        source.setReWriteBatchedInserts(true);
        return source;
    }

    /** {@code public} comes last for the operators of extensions, which a database has once for all its cells. */
    private static String sessionOptions(DatabaseSettings settings) {
        return " -c search_path=" + settings.cell() + ",public -c timezone=UTC";
    }

    private static String limits(DatabaseSettings settings) {
        return " -c statement_timeout=" + settings.statementTimeout().toMillis()
                + " -c transaction_timeout=" + settings.transactionTimeout().toMillis()
                + " -c idle_in_transaction_session_timeout="
                + settings.idleInTransactionTimeout().toMillis();
    }

    private static int seconds(Duration duration) {
        return (int) Math.max(1, duration.toSeconds());
    }

    /** What an SQLException of a connection outside the pool means. */
    static RuntimeException failure(SQLException e) {
        return SqlStates.translate(e, false);
    }
}
