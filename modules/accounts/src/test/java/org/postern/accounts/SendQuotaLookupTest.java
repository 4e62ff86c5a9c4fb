package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.postern.accounts.event.Events;
import org.postern.database.Tx;
import org.postern.model.AtLimit;
import org.postern.model.Refusal;
import org.postern.model.SendQuota;
import org.postern.model.SendQuota.Counting;
import org.postern.model.SendQuota.Subject;
import org.postern.testkit.ScratchDatabase;

/** Who hammers at a quota must not make PostgreSQL read all that was sent, again and again. */
@DisplayName("A quota that was lowered far below what was sent")
class SendQuotaLookupTest {
    private static final Instant NOON = Instant.parse("2026-11-27T12:00:00Z");
    private static final int SENT = 20_000;

    @RegisterExtension
    static final ScratchDatabase SCRATCH = ScratchDatabase.withPoolSize(2);

    @ParameterizedTest(name = "of {0}")
    @EnumSource
    @DisplayName("names the exact next slot, from a few rows")
    void lowered(Counting counting) {
        SCRATCH.clear();
        var world = new World(SCRATCH.database());
        var ann = world.mailbox("ann");
        world.database.transact(tx -> tx.update(
                        """
                INSERT INTO send_usage (subject_kind, subject_id, messages, recipients, last_at)
                SELECT kind, id, ?, 2 * ?, ?::timestamptz
                  FROM (VALUES ('account', ?), ('mailbox', ?)) AS s (kind, id)
                """, SENT, SENT, NOON, ann.account().value(), ann.id().value())
                + tx.update("""
                INSERT INTO send_event (subject_kind, subject_id, messages, recipients, at)
                SELECT kind, id, n, 2 * n, ?::timestamptz - (? - n) * interval '1 second'
                  FROM (VALUES ('account', ?), ('mailbox', ?)) AS s (kind, id), generate_series(1, ?) n
                """, NOON, SENT, ann.account().value(), ann.id().value(), SENT));
        world.database.once(tx -> tx.update("VACUUM ANALYZE send_event"));
        var quota = new SendQuota(Subject.MAILBOX, Duration.ofDays(1), counting, 10, AtLimit.DEFER);
        var plan = World.plan(World.SMALL, World.CAP, quota);
        var meters = new SimpleMeterRegistry();
        try (var events = new Events(world.database, meters, InstantSource.system(), name -> false)) {
            var quotas = SendQuotas.at(() -> NOON, world.database, events, new AccountsMeters(meters));
            int each = counting == Counting.MESSAGES ? 1 : 2;
            // Room for one is when all but nine have left the window.
            var leaves = NOON.minusSeconds((10 - 1) / each);
            long read = world.database.transact(tx -> {
                long before = read(tx);
                var taking = quotas.take(
                        tx, ann.account(), ann.id(), plan, List.of(World.address("p")), UnaryOperator.identity());
                assertThat(taking)
                        .isEqualTo(new TakeOutcome.QuotaReached(
                                new Refusal.QuotaReached(quota, (long) each * SENT, leaves.plus(Duration.ofDays(1)))));
                return read(tx) - before;
            });
            assertThat(read).isBetween(10L, 100L);
        }
    }

    private static long read(Tx tx) throws SQLException {
        return tx.one(
                "SELECT seq_tup_read + idx_tup_fetch FROM pg_stat_xact_user_tables WHERE relid = 'send_event'::regclass",
                row -> row.longValue(1));
    }
}
