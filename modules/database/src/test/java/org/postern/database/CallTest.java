package org.postern.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

@DisplayName("Calls in one statement")
final class CallTest {
    @RegisterExtension
    static final TestServer SERVER = new TestServer();

    private Database database;

    @BeforeEach
    void open() {
        database = Database.attach(SERVER.newDatabase());
        database.once(tx -> tx.update("CREATE SCHEMA cell1"));
        database.once(tx -> tx.update("CREATE TABLE noted (at bigserial, what text)"));
        database.once(tx -> tx.update("""
                CREATE FUNCTION note(p_what text) RETURNS text[] LANGUAGE plpgsql AS $$
                BEGIN
                    IF p_what = 'nothing' THEN
                        RAISE EXCEPTION 'not now' USING ERRCODE = 'PN001';
                    END IF;
                    INSERT INTO noted (what) VALUES (p_what);
                    RETURN ARRAY(SELECT n.what FROM noted n ORDER BY n.at);
                END $$
                """));
    }

    @AfterEach
    void close() {
        database.close();
    }

    private static Call<String> note(String what) {
        return new Call<>("note", Row::texts, what).map(all -> String.join(" ", all));
    }

    private long noted() {
        return database.once(tx -> tx.one("SELECT count(*) FROM noted", row -> row.longValue(1)));
    }

    @Test
    @DisplayName("are made one after the other, and each gives its value")
    void inOrder() {
        // Often enough for the driver to prepare the statement on the server.
        for (int run = 0; run < 8; run++) {
            int before = run;
            var both = database.once(tx -> tx.inOrder(note("a" + before), note("b" + before)));
            assertThat(both.first()).endsWith("a" + run);
            assertThat(both.second()).endsWith("a" + run + " b" + run);
        }
        assertThat(noted()).isEqualTo(16);
        String last = database.once(tx -> tx.value(note("c")));
        assertThat(last).endsWith("b7 c");
    }

    @Test
    @DisplayName("are undone all where one of them cannot be done, with and without a transaction")
    void allOrNothing() {
        for (int run = 0; run < 8; run++) {
            assertThatExceptionOfType(Undone.class)
                    .isThrownBy(() -> database.once(tx -> tx.inOrder(note("a"), note("nothing"))));
            assertThatExceptionOfType(Undone.class)
                    .isThrownBy(() -> database.once(tx -> tx.inOrder(note("nothing"), note("b"))));
            assertThatExceptionOfType(Undone.class)
                    .isThrownBy(() -> database.transact(tx -> tx.inOrder(note("a"), note("nothing"))));
        }
        assertThat(noted()).isZero();
    }
}
