package org.postern.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class AnswerWatchTest {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    @Test
    @DisplayName(
            "who has waited longer than a statement may take hears that the connection is lost; who was done in time keeps it")
    void breaksOff() throws SQLException {
        var limit = Duration.ofMillis(100);
        try (var watch = new AnswerWatch();
                var silent = connection();
                var done = connection()) {
            watch.begin(done, limit);
            watch.over(done);
            watch.begin(silent, limit);
            assertThatExceptionOfType(SQLException.class)
                    .isThrownBy(() -> execute(silent, "SELECT pg_sleep(60)"))
                    .satisfies(e -> assertThat(SqlStates.isConnectionLost(e)).isTrue());
            execute(done, "SELECT 1");
        }
    }

    @Test
    @DisplayName("the pool's connections wait without a timer for each read")
    void pool() {
        try (var database = Database.attach(SERVER.newDatabase())) {
            assertThat(database.<Integer>once(tx -> tx.jdbc().getNetworkTimeout()))
                    .isZero();
        }
    }

    private static Connection connection() throws SQLException {
        var postgres = SERVER.postgres();
        return DriverManager.getConnection(postgres.url(), postgres.user(), postgres.password());
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
