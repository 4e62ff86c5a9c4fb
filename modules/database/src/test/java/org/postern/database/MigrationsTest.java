package org.postern.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

final class MigrationsTest {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    @Test
    @DisplayName("nodes that start at once on an empty database all find it migrated, once")
    void atOnce() throws Exception {
        var settings = SERVER.newDatabase();
        try (var threads = Executors.newFixedThreadPool(3)) {
            var nodes = new ArrayList<Future<Database>>();
            for (int i = 0; i < 3; i++) {
                nodes.add(threads.submit(() -> Database.open(settings)));
            }
            for (var node : nodes) {
                try (var database = node.get()) {
                    long failed = database.once(tx ->
                            tx.one("SELECT count(*) FROM schema_history WHERE NOT success", row -> row.longValue(1)));
                    assertThat(failed).isZero();
                }
            }
        }
        try (var database = Database.open(settings)) {
            long versions = database.once(tx -> tx.one(
                    "SELECT count(*) - count(DISTINCT version) FROM schema_history WHERE version IS NOT NULL",
                    row -> row.longValue(1)));
            assertThat(versions).isZero();
            long tables = database.once(tx -> tx.one(
                    "SELECT count(*) FROM pg_tables WHERE schemaname = 'directory' AND tablename = 'schema_history'",
                    row -> row.longValue(1)));
            assertThat(tables).isEqualTo(1);
        }
    }

    @Test
    @DisplayName("a database that has seen exactly these scripts is left alone, any other is migrated")
    void remembersWhatItHasSeen() {
        var settings = SERVER.newDatabase();
        try (var database = Database.open(settings)) {
            int gone = database.once(tx -> tx.update("DELETE FROM schema_history WHERE version IS NOT NULL"));
            assertThat(gone).isPositive();
            Database.migrate(settings);
            long rows = database.once(tx ->
                    tx.one("SELECT count(*) FROM schema_history WHERE version IS NOT NULL", row -> row.longValue(1)));
            assertThat(rows).isZero();
            int forgotten = database.once(tx -> tx.update("COMMENT ON TABLE schema_history IS 'other scripts'"));
            assertThat(forgotten).isZero();
        }
        // Flyway looks, finds tables without history, and says so instead of running the scripts over them.
        assertThatExceptionOfType(DatabaseFailure.class).isThrownBy(() -> Database.migrate(settings));
    }

    @Test
    void twoCellsLiveSideBySide() {
        var first = SERVER.newDatabase();
        var second = DatabaseSettings.of(first.url(), first.user(), first.password(), "cell2")
                .withPoolSize(2);
        try (var one = Database.open(first);
                var two = Database.open(second)) {
            String a = one.once(tx -> tx.one("SELECT current_schema()", row -> row.text(1)));
            String b = two.once(tx -> tx.one("SELECT current_schema()", row -> row.text(1)));
            assertThat(a).isEqualTo("cell1");
            assertThat(b).isEqualTo("cell2");
        }
    }
}
