package org.postern.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.database.Database;
import org.postern.database.EmbeddedSettings;
import org.postern.database.RunningPostgres;
import org.postern.mailstore.StoreInvariants;
import org.postern.server.ServerProcess;

/** What was acknowledged is there once, whatever was killed: the server, or PostgreSQL under it. */
class CrashTest {
    private static final String CELL = "cell1"; // The default of config.
    private static final int STREAMS = 8;
    private static final Duration LEASE = Duration.ofSeconds(3);
    private static final int ACKNOWLEDGED_BEFORE_THE_KILL = 200;
    private static final Pattern ID = Pattern.compile("Message-ID: <([^@>]+)@", Pattern.CASE_INSENSITIVE);

    @TempDir
    Path data;

    /** Message ids whose OK or 250 was heard. */
    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean stopping = new AtomicBoolean();

    @BeforeEach
    void forget() {
        acknowledged.clear();
        stopping.set(false);
    }

    @Test
    @DisplayName("kill -9 of the server amid 8 APPEND and SMTP streams: every acknowledged message is there once")
    void serverKilled() throws Exception {
        try (var server = ServerProcess.in(data)
                .relay("{enabled: false, claim-lease: " + LEASE.toSeconds() + "s}")
                .start()) {
            TestMailbox.prepare(server);
            var mailbox = TestMailbox.add(server, "ann");
            load(mailbox, server::kill);
            server.start();
            check(mailbox);
        }
    }

    @Test
    @DisplayName("kill -9 of PostgreSQL amid 8 APPEND and SMTP streams: the server goes on, nothing is lost or doubled")
    void databaseKilled() throws Exception {
        try (var server = ServerProcess.in(data)
                .relay("{enabled: false, claim-lease: " + LEASE.toSeconds() + "s}")
                .start()) {
            TestMailbox.prepare(server);
            var mailbox = TestMailbox.add(server, "ann");
            load(mailbox, server::killDatabase);
            await("the server takes logins again")
                    .atMost(Duration.ofSeconds(60))
                    .ignoreExceptions()
                    .until(() -> {
                        mailbox.imap().close();
                        return true;
                    });
            check(mailbox);
        }
    }

    private void load(TestMailbox mailbox, Runnable kill) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var streams = new ArrayList<Future<?>>();
            for (int i = 0; i < STREAMS; i++) {
                int stream = i;
                streams.add(threads.submit(() -> {
                    if (stream % 2 == 0) {
                        append(mailbox, stream);
                    } else {
                        submit(mailbox, stream);
                    }
                }));
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> acknowledged.size() >= ACKNOWLEDGED_BEFORE_THE_KILL);
            kill.run();
            stopping.set(true);
            for (var stream : streams) {
                stream.get();
            }
        }
    }

    private void append(TestMailbox mailbox, int stream) {
        try (var imap = mailbox.imap()) {
            for (int n = 0; !stopping.get(); n++) {
                var id = "append-" + stream + '-' + n;
                if (!imap.append("INBOX", message(mailbox, id, n)).startsWith("OK")) {
                    return;
                }
                acknowledged.add(id);
            }
        } catch (UncheckedIOException cutOff) {
            assertThat(acknowledged).isNotEmpty(); // The kill cuts the stream: what had been acknowledged counts.
        }
    }

    private void submit(TestMailbox mailbox, int stream) {
        try (var smtp = mailbox.smtp()) {
            for (int n = 0; !stopping.get(); n++) {
                var id = "submit-" + stream + '-' + n;
                if (!smtp.submit(mailbox.address(), mailbox.address(), message(mailbox, id, n))
                        .startsWith("250")) {
                    return;
                }
                acknowledged.add(id);
            }
        } catch (UncheckedIOException cutOff) {
            assertThat(acknowledged).isNotEmpty(); // As above.
        }
    }

    /** Every tenth is large enough to be written before its folder is locked. */
    private static byte[] message(TestMailbox mailbox, String id, int n) {
        int lines = n % 10 == 9 ? 6_000 : 40;
        return ("From: " + mailbox.address() + "\r\nTo: " + mailbox.address() + "\r\nMessage-ID: <" + id
                        + "@e2e.example>\r\nSubject: " + id + "\r\n\r\n"
                        + "A line of a message that is counted.......\r\n".repeat(lines))
                .getBytes(StandardCharsets.US_ASCII);
    }

    private void check(TestMailbox mailbox) {
        await("what waited in the queue has arrived")
                // A delivery that the kill cut off comes due again when its lease has run out.
                .atMost(LEASE.multipliedBy(20))
                .pollInterval(Duration.ofSeconds(1)) // Each look is a login.
                .untilAsserted(() -> {
                    var copies = copiesById(mailbox);
                    assertThat(copies.keySet()).containsAll(acknowledged);
                });
        assertThat(copiesById(mailbox).values()).as("copies of one message").containsOnly(1);
        assertThat(statusCount(mailbox))
                .as("the folder's counter")
                .isEqualTo(copiesById(mailbox).size());
        checkStore(mailbox.server());
    }

    private static Map<String, Integer> copiesById(TestMailbox mailbox) {
        try (var imap = mailbox.imap()) {
            imap.ok("SELECT INBOX");
            var copies = new TreeMap<String, Integer>();
            for (var line : imap.ok("FETCH 1:* BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]")) {
                var id = ID.matcher(line);
                if (id.find()) {
                    copies.merge(id.group(1), 1, Integer::sum);
                }
            }
            return copies;
        }
    }

    private static void checkStore(ServerProcess server) {
        var postgres = EmbeddedSettings.in(server.data().resolve("postgres"));
        var settings = RunningPostgres.find(postgres, CELL).orElseThrow();
        try (var database = Database.attach(settings)) {
            assertThat(StoreInvariants.violations(database)).isEmpty();
        }
    }

    private static int statusCount(TestMailbox mailbox) {
        try (var imap = mailbox.imap()) {
            return imap.ok("STATUS INBOX (MESSAGES)").stream()
                    .map(Pattern.compile("MESSAGES (\\d+)")::matcher)
                    .filter(Matcher::find)
                    .mapToInt(found -> Integer.parseInt(found.group(1)))
                    .findFirst()
                    .orElseThrow();
        }
    }
}
