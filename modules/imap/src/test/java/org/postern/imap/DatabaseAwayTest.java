package org.postern.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class DatabaseAwayTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @Test
    @DisplayName("REPLIES: while the database is away commands are answered NO [UNAVAILABLE], and the session lives on")
    void away() throws SQLException {
        var person = IMAP.person().withMessages(2);
        // The pool waits for its checkout timeout before it says that the database is away.
        try (var client = person.loggedIn().timeout(Duration.ofMinutes(1))) {
            client.sendLine("a1 SELECT INBOX");
            client.readUntil("a1 OK");
            allowConnections(false);
            client.sendLine("a2 STATUS Sent (MESSAGES)");
            assertThat(client.readUntil("a2").getLast())
                    .isEqualTo("a2 NO [UNAVAILABLE] The server cannot do this right now. Try again later.");
            client.sendLine("a3 FETCH 1:2 BODY.PEEK[]");
            assertThat(client.readUntil("a3").getLast()).startsWith("a3 NO [UNAVAILABLE]");
            client.sendLine("a4 FETCH 1 UID");
            assertThat(client.readUntil("a4")).containsExactly("* 1 FETCH (UID 1)", "a4 OK FETCH completed");
            allowConnections(true);
            await().atMost(Duration.ofMinutes(1)).until(() -> {
                client.sendLine("a5 STATUS INBOX (MESSAGES)");
                return client.readUntil("a5").getLast().startsWith("a5 OK");
            });
            client.sendLine("a6 FETCH 2 RFC822.TEXT");
            assertThat(client.readUntil("a6").getLast()).isEqualTo("a6 OK FETCH completed");
        }
    }

    /** Whatever failed: what is opened with the class must be able to close. */
    @AfterEach
    void back() throws SQLException {
        allowConnections(true);
    }

    /** Ends all connections of the pool too. */
    private static void allowConnections(boolean allowed) throws SQLException {
        var settings = IMAP.scratch().settings();
        var name = settings.url().substring(settings.url().lastIndexOf('/') + 1);
        var server = settings.url().substring(0, settings.url().lastIndexOf('/') + 1) + "postgres";
        try (var connection = DriverManager.getConnection(server, settings.user(), settings.password());
                var statement = connection.createStatement()) {
            statement.execute("ALTER DATABASE " + name + " WITH ALLOW_CONNECTIONS " + allowed);
            if (!allowed) {
                statement.execute(
                        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
                // Terminating only asks: a backend may still answer one more statement.
                await().atMost(Duration.ofMinutes(1)).until(() -> {
                    try (var left =
                            statement.executeQuery("SELECT 1 FROM pg_stat_activity WHERE datname = '" + name + "'")) {
                        return !left.next();
                    }
                });
            }
        }
    }
}
