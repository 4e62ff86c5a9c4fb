package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.database.Tx;
import org.postern.testkit.OnScratch;

/** What a login costs while many others are connected. */
@DisplayName("In the table of connections")
class ConnectionLookupTest {
    private static final int OTHERS = 5_000;

    @RegisterExtension
    static final OnScratch<Fleet> FLEET = Fleet.forEachTest();

    private final Fleet fleet;

    ConnectionLookupTest(Fleet fleet) {
        this.fleet = fleet;
    }

    private static final String IMAP = """
            SELECT opened FROM open_connection(?, 1, 1, 'imap', '192.0.2.1', '192.0.2.1', false, 'own', 9, 9, 9, true, 'ends')
            """;
    private static final String TAKEN_OVER = """
            SELECT opened FROM open_connection(?, 1, 1, 'imap', '192.0.2.1', '192.0.2.1', false, 'next', 9, 9, 9, false, 'ends', ?)
            """;
    private static final String POP3 = """
            SELECT opened FROM open_pop3_connection(
                ?, 1, 1, '192.0.2.1', '192.0.2.1', false, 'own', 9, 9, 9, true, 'ends', true, interval '0 seconds')
            """;

    @ParameterizedTest
    @ValueSource(strings = {IMAP, POP3})
    @DisplayName(
            "login, also by a spare slot, and logout read their mailbox's rows only, though plans were made when the table was empty")
    void readsOwnOnly(String open) {
        var node = fleet.steady().registry().node();
        fleet.world.database.once(tx -> tx.update("VACUUM ANALYZE connection"));
        long read = fleet.world.database.transact(tx -> {
            for (int i = 0; i < 10; i++) { // More often than PostgreSQL plans anew.
                openAndClose(tx, open, node);
            }
            tx.update("""
                    INSERT INTO connection (node_id, mailbox_id, token_id, protocol, client_address, client_network, session_id)
                    SELECT ?, 1000000 + n, 1000000 + n, 'imap', '192.0.2.9', '192.0.2.9', 'other' FROM generate_series(1, ?) n
                    """, node, OTHERS);
            long before = read(tx);
            openAndClose(tx, open, node);
            return read(tx) - before;
        });
        assertThat(read).isLessThan(20);
    }

    private static void openAndClose(Tx tx, String open, UUID node) throws SQLException {
        long opened = tx.one(open, row -> row.longValue(1), node);
        assertThat(tx.<Long>one(TAKEN_OVER, row -> row.longValue(1), node, opened))
                .isEqualTo(opened);
        var _ = tx.one("SELECT close_connections(?, ?, 'ends')", row -> true, node, new long[] {opened});
    }

    private static long read(Tx tx) throws SQLException {
        return tx.one(
                "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relid = 'connection'::regclass",
                row -> row.longValue(1));
    }
}
