package org.postern.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.ByteArrayInputStream;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.model.UidSet;

final class DatabaseTest {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    private Database database;

    @BeforeEach
    void open() {
        database = Database.attach(SERVER.newDatabase());
        database.once(tx -> tx.update("CREATE SCHEMA cell1"));
        database.once(tx -> tx.update("CREATE TABLE counter (id int PRIMARY KEY, n bigint NOT NULL)"));
        database.once(tx -> tx.update("INSERT INTO counter VALUES (1, 0), (2, 0)"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private long counter(int id) {
        return database.once(tx -> tx.one("SELECT n FROM counter WHERE id = ?", row -> row.longValue("n"), id));
    }

    @Test
    @DisplayName("every parameter type comes back as it went in, in text and in binary transfer")
    void types() throws Exception {
        var instant = Instant.parse("2026-02-28T23:59:59.123456Z");
        var uuid = UUID.randomUUID();
        var v6 = InetAddress.ofLiteral("2001:db8::1");
        var uids = UidSet.of(1, 2, 3, 7, 4_294_967_295L);
        // The third execution of a statement is prepared on the server and answers in binary.
        for (int run = 0; run < 4; run++) {
            boolean same = database.transact(tx -> tx.one(
                    """
                    SELECT ?::bigint AS l, ?::int AS i, ?::text AS s, ?::bytea AS b, ?::bool AS t, ?::timestamptz AS at,
                           ?::uuid AS u, ?::inet AS a, ?::int8multirange AS r, ?::bigint[] AS la, ?::text[] AS sa,
                           ?::float8 AS d, ?::bytea AS st, ?::text AS no, ?::bigint AS nol, ?::timestamptz[] AS ats
                    """,
                    row -> {
                        assertThat(row.longValue("l")).isEqualTo(Long.MAX_VALUE);
                        assertThat(row.intValue("i")).isEqualTo(-5);
                        assertThat(row.text("s")).isEqualTo("ığüşİ 🙂");
                        assertThat(row.bytes("b")).containsExactly(0, 1, -1);
                        assertThat(row.bool("t")).isTrue();
                        assertThat(row.instant("at")).isEqualTo(instant);
                        assertThat(row.uuid("u")).isEqualTo(uuid);
                        assertThat(row.inet("a")).isEqualTo(v6);
                        assertThat(row.uidSet("r")).isEqualTo(uids);
                        assertThat(row.longs("la")).containsExactly(1, -2, 3);
                        assertThat(row.texts("sa")).containsExactly("a", "b,\"c");
                        assertThat(row.doubleValue("d")).isEqualTo(0.5);
                        assertThat(row.bytes("st")).hasSize(100_000);
                        assertThat(row.optionalText("no")).isEmpty();
                        assertThat(row.optionalLong("nol")).isEmpty();
                        assertThat(row.isNull("no")).isTrue();
                        assertThat(row.text("ats")).contains("2026-02-28 23:59:59.123456+00");
                        return true;
                    },
                    Long.MAX_VALUE,
                    -5,
                    "ığüşİ 🙂",
                    new byte[] {0, 1, -1},
                    true,
                    instant,
                    uuid,
                    v6,
                    Multirange.of(uids),
                    new long[] {1, -2, 3},
                    new String[] {"a", "b,\"c"},
                    0.5,
                    new ByteStream(new ByteArrayInputStream(new byte[100_000]), 100_000),
                    Optional.empty(),
                    OptionalLong.empty(),
                    new Instant[] {instant}));
            assertThat(same).isTrue();
        }
    }

    @Test
    void nullWhereNoneIsExpectedIsABug() {
        assertThatExceptionOfType(DatabaseFailure.class)
                .isThrownBy(() -> database.once(tx -> tx.one("SELECT NULL::bigint AS n", row -> row.longValue("n"))))
                .withMessageContaining("NULL in column n");
    }

    @Test
    void oneMeansOne() {
        assertThatExceptionOfType(DatabaseFailure.class)
                .isThrownBy(() -> database.once(tx -> tx.one("SELECT 1 WHERE false", row -> row.intValue(1))));
        assertThatExceptionOfType(DatabaseFailure.class)
                .isThrownBy(() -> database.once(tx -> tx.first("VALUES (1), (2)", row -> row.intValue(1))));
    }

    @Test
    void streamsAndBatches() {
        var rows = new ArrayList<Object[]>();
        for (int i = 10; i < 5_010; i++) {
            rows.add(new Object[] {i, (long) i});
        }
        int[] counts = database.transact(tx -> tx.batch("INSERT INTO counter (id, n) VALUES (?, ?)", rows));
        assertThat(counts).hasSize(5_000);
        var sum = new AtomicInteger();
        var seen = new AtomicInteger();
        boolean done = database.read(tx -> {
            tx.each(
                    "SELECT n FROM counter WHERE id >= ? ORDER BY id",
                    100,
                    row -> {
                        sum.addAndGet((int) row.longValue(1));
                        seen.incrementAndGet();
                    },
                    10);
            return true;
        });
        assertThat(done).isTrue();
        assertThat(seen).hasValue(5_000);
        assertThat(sum).hasValue((10 + 5_009) * 5_000 / 2);
        assertThatIllegalStateException()
                .isThrownBy(() -> database.once(tx -> {
                    tx.each("SELECT 1", 1, row -> {});
                    return 1;
                }));
    }

    @Test
    void readsOneSnapshotAndCannotWrite() {
        long twice = database.read(tx -> {
            long before = tx.one("SELECT n FROM counter WHERE id = 1", row -> row.longValue(1));
            inAnotherThread(() -> database.once(other -> other.update("UPDATE counter SET n = n + 1 WHERE id = 1")));
            return before + tx.one("SELECT n FROM counter WHERE id = 1", row -> row.longValue(1));
        });
        assertThat(twice).isZero();
        assertThat(counter(1)).isEqualTo(1);
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> database.read(tx -> tx.update("UPDATE counter SET n = 9")))
                .withMessageContaining("read-only");
        // Nothing of it stays on the connection.
        int changed = database.transact(tx -> tx.update("UPDATE counter SET n = 2"));
        assertThat(changed).isEqualTo(2);
    }

    private static void inAnotherThread(Runnable work) {
        try {
            Thread.ofVirtual().start(work).join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Test
    void failedWorkLeavesNothing() {
        assertThatIllegalStateException()
                .isThrownBy(() -> database.transact(tx -> {
                    tx.update("UPDATE counter SET n = 5");
                    throw new IllegalStateException("on purpose");
                }));
        assertThatExceptionOfType(DatabaseFailure.class)
                .isThrownBy(() -> database.transact(tx -> {
                    tx.update("UPDATE counter SET n = 5");
                    return tx.update("no such statement");
                }));
        assertThat(counter(1)).isZero();
    }

    @Test
    void aSwallowedErrorIsNotASuccess() {
        assertThatExceptionOfType(RuntimeException.class)
                .isThrownBy(() -> database.transact(tx -> {
                    tx.update("UPDATE counter SET n = 5");
                    try {
                        return tx.update("no such statement");
                    } catch (java.sql.SQLException e) {
                        return 0;
                    }
                }));
        assertThat(counter(1)).isZero();
    }

    @Test
    void noSecondConnectionOnOneThread() {
        assertThatIllegalStateException()
                .isThrownBy(() -> database.transact(tx -> database.once(inner -> inner.update("SELECT 1"))))
                .withMessageContaining("already inside a transaction");
        assertThat(counter(1)).isZero();
    }

    @Test
    void aTxDoesNotOutliveItsWork() {
        var escaped = new AtomicReference<Tx>();
        boolean done = database.transact(tx -> {
            escaped.set(tx);
            return true;
        });
        assertThat(done).isTrue();
        assertThatIllegalStateException().isThrownBy(() -> escaped.get().update("SELECT 1"));
    }

    @Test
    @DisplayName("a deadlock is broken and both sides commit")
    void deadlock() throws Exception {
        var bothHoldOne = new CyclicBarrier(2);
        var attempts = new AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var sides = List.of(
                    crossing(threads, bothHoldOne, attempts, 1, 2), crossing(threads, bothHoldOne, attempts, 2, 1));
            for (var side : sides) {
                side.get();
            }
        }
        assertThat(counter(1)).isEqualTo(2);
        assertThat(counter(2)).isEqualTo(2);
        assertThat(attempts.get()).isGreaterThan(2);
    }

    private Future<Integer> crossing(
            java.util.concurrent.ExecutorService threads, CyclicBarrier barrier, AtomicInteger attempts, int a, int b) {
        return threads.submit(() -> database.transact(tx -> {
            boolean first = attempts.incrementAndGet() <= 2;
            tx.update("UPDATE counter SET n = n + 1 WHERE id = ?", a);
            if (first) {
                try {
                    barrier.await();
                } catch (Exception e) {
                    throw new IllegalStateException(e);
                }
            }
            return tx.update("UPDATE counter SET n = n + 1 WHERE id = ?", b);
        }));
    }

    @Test
    void retriesAreBounded() {
        var attempts = new AtomicInteger();
        assertThatExceptionOfType(DatabaseUnavailable.class)
                .isThrownBy(() -> database.transact(tx -> {
                    attempts.incrementAndGet();
                    return tx.update("DO $$ BEGIN RAISE EXCEPTION 'lost' USING ERRCODE = '40001'; END $$");
                }))
                .satisfies(e -> assertThat(e.outcomeUnknown()).isFalse());
        assertThat(attempts).hasValue(Database.MAX_ATTEMPTS);
    }

    @Test
    @DisplayName("a connection that breaks while COMMIT is under way: outcome unknown, never run twice")
    void commitUnknown() {
        database.once(tx -> tx.update("""
                CREATE FUNCTION die() RETURNS trigger LANGUAGE plpgsql AS
                $$ BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END $$
                """));
        database.once(tx -> tx.update("""
                CREATE CONSTRAINT TRIGGER die AFTER UPDATE ON counter DEFERRABLE INITIALLY DEFERRED
                FOR EACH ROW WHEN (new.n = 13) EXECUTE FUNCTION die()
                """));
        var attempts = new AtomicInteger();
        var unavailable = catchThrowableOfType(
                DatabaseUnavailable.class,
                () -> database.transact(tx -> {
                    attempts.incrementAndGet();
                    return tx.update("UPDATE counter SET n = 13 WHERE id = 1");
                }));
        assertThat(unavailable.outcomeUnknown()).isTrue();
        assertThat(attempts).hasValue(1);
        assertThat(counter(1)).isZero();
    }

    @Test
    @DisplayName("a connection that breaks before COMMIT: the work is run again")
    void brokenBeforeCommit() {
        var attempts = new AtomicInteger();
        int changed = database.transact(tx -> {
            if (attempts.incrementAndGet() == 1) {
                tx.call("SELECT pg_terminate_backend(pg_backend_pid())");
            }
            return tx.update("UPDATE counter SET n = n + 1 WHERE id = 1");
        });
        assertThat(changed).isEqualTo(1);
        assertThat(counter(1)).isEqualTo(1);
        assertThat(attempts).hasValue(2);
    }

    @Test
    void onceIsNeverRunTwice() {
        var attempts = new AtomicInteger();
        var unavailable = catchThrowableOfType(
                DatabaseUnavailable.class,
                () -> database.once(tx -> {
                    attempts.incrementAndGet();
                    return tx.update("SELECT pg_terminate_backend(pg_backend_pid())");
                }));
        assertThat(unavailable.outcomeUnknown()).isTrue();
        assertThat(attempts).hasValue(1);
        assertThat(counter(1)).isZero();
    }

    @Test
    void slowStatementsAreCancelled() {
        var impatient = settings(Duration.ofMillis(200), Duration.ofSeconds(20), 2);
        try (var bounded = Database.attach(impatient)) {
            assertThatExceptionOfType(DatabaseUnavailable.class)
                    .isThrownBy(() -> bounded.once(tx -> tx.one("SELECT pg_sleep(30)", row -> 1)))
                    .withMessageContaining("57014");
            assertThatExceptionOfType(DatabaseUnavailable.class)
                    .as("many short statements in one long transaction")
                    .isThrownBy(() -> bounded.transact(tx -> {
                        for (int i = 0; i < 1_000; i++) {
                            tx.call("SELECT pg_sleep(0.1)");
                        }
                        return 1;
                    }));
        }
    }

    private DatabaseSettings settings(Duration statement, Duration checkout, int pool) {
        var s = database.settings();
        return new DatabaseSettings(s.url(), s.user(), s.password(), s.cell(), pool, statement, checkout);
    }

    @Test
    @DisplayName("an exhausted pool: unavailable after the checkout timeout, and works again when one is back")
    void exhausted() throws Exception {
        try (var small = Database.attach(settings(Duration.ofSeconds(60), Duration.ofSeconds(2), 1))) {
            var holding = new CountDownLatch(1);
            var release = new CountDownLatch(1);
            var holder = Thread.ofVirtual().start(() -> {
                int one = small.transact(tx -> {
                    tx.call("SELECT 1");
                    holding.countDown();
                    try {
                        release.await();
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                    return 1;
                });
                assertThat(one).isEqualTo(1);
            });
            holding.await();
            long begun = System.nanoTime();
            assertThatExceptionOfType(DatabaseUnavailable.class)
                    .isThrownBy(() -> small.once(tx -> tx.update("SELECT 1")));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
            release.countDown();
            holder.join();
            int works = small.once(tx -> tx.one("SELECT 1", row -> row.intValue(1)));
            assertThat(works).isEqualTo(1);
        }
    }

    @Test
    void thousandsOfVirtualThreadsShareAFewConnections() throws Exception {
        try (var patient = Database.attach(settings(Duration.ofSeconds(30), Duration.ofSeconds(60), 4));
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<Future<Integer>>();
            for (int i = 0; i < 2_000; i++) {
                all.add(threads.submit(
                        () -> patient.transact(tx -> tx.update("UPDATE counter SET n = n + 1 WHERE id = 1"))));
            }
            for (var one : all) {
                assertThat(one.get()).isEqualTo(1);
            }
        }
        assertThat(counter(1)).isEqualTo(2_000);
    }

    @Test
    void nobodyThere() {
        var s = settings(Duration.ofSeconds(5), Duration.ofMillis(300), 2);
        var nowhere = new DatabaseSettings(
                "jdbc:postgresql://127.0.0.1:1/postern",
                s.user(),
                s.password(),
                s.cell(),
                2,
                s.statementTimeout(),
                s.checkoutTimeout());
        assertThatExceptionOfType(DatabaseUnavailable.class).isThrownBy(() -> Database.open(nowhere));
        try (var away = Database.attach(nowhere)) {
            long begun = System.nanoTime();
            assertThatExceptionOfType(DatabaseUnavailable.class)
                    .isThrownBy(() -> away.transact(tx -> tx.update("SELECT 1")));
            assertThat(Duration.ofNanos(System.nanoTime() - begun)).isLessThan(Duration.ofSeconds(8));
        }
    }

    @Test
    void wrongPassword() {
        var s = database.settings();
        var wrong = DatabaseSettings.of(s.url(), s.user(), "wrong", s.cell());
        assertThatExceptionOfType(DatabaseFailure.class)
                .isThrownBy(() -> Database.open(wrong))
                .withMessageContaining("28P01");
    }

    @Test
    @DisplayName("a plan that a migration made stale heals by itself")
    void stalePlan() {
        for (int i = 0; i < 20; i++) {
            int n = database.transact(tx ->
                    tx.list("SELECT * FROM counter", row -> row.longValue("n")).size());
            assertThat(n).isEqualTo(2);
        }
        database.once(tx -> tx.update("ALTER TABLE counter ADD COLUMN more text"));
        for (int i = 0; i < 20; i++) {
            int n = database.transact(tx ->
                    tx.list("SELECT * FROM counter", row -> row.longValue("n")).size());
            assertThat(n).isEqualTo(2);
        }
    }

    @Test
    void showsItsPool() {
        var registry = new SimpleMeterRegistry();
        database.bindTo(registry);
        assertThat(counter(1)).isZero();
        assertThat(registry.get("hikaricp.connections.max").gauge().value()).isEqualTo(4);
        assertThat(registry.get("hikaricp.connections.acquire").timer().count()).isPositive();
        assertThat(registry.get("postern.database.retries").functionCounter().count())
                .isZero();
    }
}
