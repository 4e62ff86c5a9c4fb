package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.database.Database;

final class ScratchDatabaseTest {
    @RegisterExtension
    static final ScratchDatabase SCRATCH = new ScratchDatabase();

    @Test
    void isMigrated() {
        var tables = SCRATCH.database()
                .once(tx -> tx.list(
                        "SELECT schemaname || '.' || tablename FROM pg_tables WHERE schemaname IN ('directory', 'cell1')",
                        row -> row.text(1)));
        assertThat(tables).contains("directory.domain", "cell1.message", "cell1.schema_history");
    }

    @Test
    void clears() {
        addAccount(SCRATCH.database());
        SCRATCH.clear();
        assertThat(number(SCRATCH.database(), "SELECT count(*) FROM account")).isZero();
        assertThat(number(SCRATCH.database(), "SELECT count(*) FROM schema_history"))
                .isPositive();
    }

    @Test
    void clearsWhatIsLarge() {
        SCRATCH.database().transact(tx -> tx.update("""
                INSERT INTO event (case_name, detail)
                SELECT 'test', jsonb_build_object('text', repeat('x', 1000)) FROM generate_series(1, 2000)
                """));
        SCRATCH.clear();
        assertThat(number(SCRATCH.database(), "SELECT pg_relation_size('event')"))
                .as("its space is given back")
                .isZero();
    }

    @Test
    void isEmptyWhenGivenBack() {
        var server = SCRATCH.server();
        var given = server.database();
        try (var database = Database.attach(given)) {
            addAccount(database);
            server.giveBack(given);
        }
        var next = server.database();
        assertThat(next.url()).isEqualTo(given.url());
        try (var database = Database.attach(next)) {
            assertThat(number(database, "SELECT count(*) FROM account")).isZero();
            assertThat(number(database, "SELECT nextval('directory.account_id')"))
                    .isOne();
        }
        server.giveBack(next);
    }

    private static void addAccount(Database database) {
        database.transact(tx -> tx.update("""
                INSERT INTO account (account_id, name, plan) VALUES (nextval('directory.account_id'), 'acme', 'test')
                """));
    }

    private static long number(Database database, String sql) {
        return database.once(tx -> tx.one(sql, row -> row.longValue(1)));
    }
}
