package org.postern.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Objects;
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
    @DisplayName("V21 keeps what accounts and mailboxes had different from their plans")
    void overrides() throws Exception {
        String script;
        try (var file = Database.class.getResourceAsStream("/db/cell/V21__overrides.sql")) {
            script = new String(Objects.requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        }
        try (var database = Database.open(SERVER.newDatabase())) {
            database.transact(tx -> tx.update("""
                    ALTER TABLE account DROP COLUMN overrides;
                    ALTER TABLE mailbox DROP COLUMN overrides;
                    CREATE TABLE plan_override (subject_kind text, subject_id bigint, setting text, value jsonb);
                    INSERT INTO account (account_id, name, plan)
                    SELECT n, 'a' || n, 'small' FROM generate_series(1, 2) n;
                    INSERT INTO mailbox (mailbox_id, account_id, address)
                    SELECT n, 1, 'm' || n || '@example.org' FROM generate_series(1, 2) n;
                    INSERT INTO plan_override VALUES
                        ('account', 1, 'storage.size', '"4GB"'), ('account', 1, 'imap.per-mailbox', '7'),
                        ('mailbox', 2, 'imap.per-mailbox', '"9"')
                    """));
            database.transact(tx -> tx.update(script));
            var overrides = database.once(tx -> tx.list("""
                    SELECT overrides::text FROM (SELECT 'a' || account_id AS whose, overrides FROM account
                                                 UNION ALL SELECT 'm' || mailbox_id, overrides FROM mailbox) o ORDER BY whose
                    """, row -> row.text(1)));
            assertThat(overrides)
                    .containsExactly(
                            "{\"storage.size\": \"4GB\", \"imap.per-mailbox\": \"7\"}",
                            "{}",
                            "{}",
                            "{\"imap.per-mailbox\": \"9\"}");
        }
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
