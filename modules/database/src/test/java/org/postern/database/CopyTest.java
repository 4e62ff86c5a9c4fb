package org.postern.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.SQLException;
import java.util.Random;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Tx.copy")
final class CopyTest {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    private Database database;

    @BeforeEach
    void open() {
        database = Database.attach(SERVER.newDatabase());
        database.once(tx -> tx.update("CREATE SCHEMA cell1"));
        database.once(tx -> tx.update("CREATE TABLE sample (no int PRIMARY KEY, id bigint, bytes bytea)"));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static byte[] random(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    private long copy(CopySource source) {
        return database.transact(tx -> {
            try {
                return tx.copy("sample (no, id, bytes)", source);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
    }

    private long rows() {
        return database.once(tx -> tx.one("SELECT count(*) FROM sample", row -> row.longValue(1)));
    }

    @Test
    @DisplayName("values of every length come back as they were, wherever the buffer ends among them")
    void lengths() {
        int[] lengths = {0, 1, 30_000, 65_495, 65_496, 65_497, 65_536, 200_000, 3};
        assertThat(copy(rows -> {
                    for (int no = 0; no < lengths.length; no++) {
                        var bytes = random(lengths[no]);
                        rows.row(3).int4(no).int8(-no).bytea(new ByteArrayInputStream(bytes), bytes.length);
                    }
                }))
                .isEqualTo(lengths.length);
        for (int no = 0; no < lengths.length; no++) {
            int number = no;
            var stored = database.once(tx -> tx.one(
                    "SELECT bytes FROM sample WHERE no = ? AND id = ?", row -> row.bytes(1), number, (long) -number));
            assertThat(stored).isEqualTo(random(lengths[no]));
        }
    }

    @Test
    @DisplayName("many small rows, whose headers meet the buffer's end in every way")
    void many() {
        assertThat(copy(rows -> {
                    for (int no = 0; no < 20_000; no++) {
                        int length = no % 7;
                        rows.row(3).int4(no).int8(no).bytea(new ByteArrayInputStream(random(length)), length);
                    }
                }))
                .isEqualTo(20_000);
        assertThat(rows()).isEqualTo(20_000);
    }

    @Test
    @DisplayName("no rows at all are fine")
    void none() {
        assertThat(copy(_ -> {})).isZero();
    }

    @Test
    @DisplayName("a source that ends too early stores nothing, and the connection goes on")
    void tooShort() {
        assertThatThrownBy(() -> copy(rows -> {
                    rows.row(3).int4(1).int8(1).bytea(new ByteArrayInputStream(random(10)), 10);
                    rows.row(3).int4(2).int8(2).bytea(new ByteArrayInputStream(random(100_000)), 100_001);
                }))
                .hasCauseInstanceOf(EOFException.class);
        assertThat(rows()).isZero();
        assertThat(database.<Boolean>once(tx -> tx.one("SELECT true", row -> row.bool(1))))
                .isTrue();
    }

    /** Ends all COPYs of the database, as a crash of it would. */
    private void endCopies() {
        try (var other = Database.attach(database.settings())) {
            other.once(tx -> tx.list(
                    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity"
                            + " WHERE datname = current_database() AND query LIKE 'COPY %'",
                    row -> row.bool(1)));
        }
    }

    private static void done(Future<?> other) {
        try {
            other.get();
        } catch (InterruptedException | ExecutionException e) {
            throw new IllegalStateException(e);
        }
    }

    private void large(CopyRows rows) throws SQLException, IOException {
        for (int no = 0; no < 20; no++) {
            rows.row(3).int4(no).int8(no).bytea(new ByteArrayInputStream(random(100_000)), 100_000);
        }
    }

    @Test
    @DisplayName("one whose connection breaks amid its rows is made again, whole")
    void brokenOnce() throws Exception {
        var attempts = new AtomicInteger();
        try (var other = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThat(copy(rows -> {
                        large(rows);
                        if (attempts.incrementAndGet() == 1) {
                            done(other.submit(this::endCopies));
                        }
                        rows.row(3).int4(20).int8(20).bytea(new ByteArrayInputStream(random(100_000)), 100_000);
                    }))
                    .isEqualTo(21);
        }
        assertThat(attempts).hasValue(2);
        assertThat(rows()).isEqualTo(21);
    }

    @Test
    @DisplayName("whose connection breaks each time hears that the database is away, and nothing is stored")
    void brokenAlways() {
        try (var other = Executors.newVirtualThreadPerTaskExecutor()) {
            assertThatThrownBy(() -> copy(rows -> {
                        large(rows);
                        done(other.submit(this::endCopies));
                        large(rows);
                    }))
                    .isInstanceOf(DatabaseUnavailable.class);
        }
        assertThat(rows()).isZero();
    }

    @Test
    @DisplayName("what PostgreSQL refuses is a failure of the statement, and stores nothing")
    void refused() {
        assertThatThrownBy(() -> copy(rows -> {
                    for (int twice = 0; twice < 2; twice++) {
                        rows.row(3).int4(1).int8(1).bytea(new ByteArrayInputStream(random(100_000)), 100_000);
                    }
                }))
                .isInstanceOf(DatabaseFailure.class);
        assertThat(rows()).isZero();
    }
}
