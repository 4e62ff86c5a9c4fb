package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

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
        SCRATCH.clear();
        long kept = SCRATCH.anotherNode()
                .once(tx -> tx.one("SELECT count(*) FROM schema_history", row -> row.longValue(1)));
        assertThat(kept).isPositive();
    }
}
