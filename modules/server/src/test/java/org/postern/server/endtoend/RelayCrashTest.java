package org.postern.server.endtoend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BooleanSupplier;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.server.ServerProcess;
import org.postern.testkit.SmtpSink;

/** Every message that was acknowledged reaches the other host or comes back, whatever was killed meanwhile. */
class RelayCrashTest {
    /** More for a trial by hand: {@code -Dpostern.relay.crash.messages=10000}. */
    private static final int MESSAGES = Integer.getInteger("postern.relay.crash.messages", 120);

    private static final int STREAMS = 4;
    private static final int REFUSED_OF = 10;
    private static final Pattern SENT = Pattern.compile("Message-ID: <(relay-[0-9-]+)@");

    @TempDir
    Path data;

    private final Set<String> acknowledged = ConcurrentHashMap.newKeySet();

    @Test
    @DisplayName(
            "kill -9 of the server and of PostgreSQL amid relaying: every message is relayed or returned, none twice returned")
    void killed() throws Exception {
        try (var remote = SmtpSink.start().answering("GREETING", "421 4.3.2 later");
                var server = ServerProcess.in(data)) {
            relayTo(remote, server);
            server.start();
            TestMailbox.prepare(server);
            var mailbox = TestMailbox.add(server, "ann");
            submit(mailbox, () -> acknowledged.size() > MESSAGES / 4, server::killDatabase);
            remote.answeringAll().answering("RCPT TO:<refused", "550 5.1.1 no such user");
            await().ignoreExceptions()
                    .until(() -> server.postern("queue", "retry", "--domain", "remote.example"), any -> true);
            relayed(remote, MESSAGES / 4);
            server.killDatabase();
            relayed(remote, MESSAGES / 2);
            server.kill();
            assertThat(remote.received()).as("killed amid relaying").hasSizeLessThan(MESSAGES - MESSAGES / REFUSED_OF);
            server.start();
            await("all is settled")
                    .atMost(Duration.ofMinutes(1).plusMillis(50L * MESSAGES))
                    .pollInterval(Duration.ofSeconds(1)) // Each look is a login.
                    .untilAsserted(() -> {
                        assertThat(settled(remote, mailbox)).containsAll(acknowledged);
                        assertThat(server.postern("queue", "list", "--json").strip())
                                .isEqualTo("[]");
                    });
            assertThat(returned(mailbox).values()).as("reports of one message").containsOnly(1);
            report(remote);
        }
    }

    private static void relayTo(SmtpSink remote, ServerProcess server) {
        var relay = "{smarthost: {host: 127.0.0.1, port: " + remote.port()
                + ", tls: plain}, first-retry: 1s, per-destination: 2, claim-lease: 6s}";
        server.relay(relay);
    }

    private static void relayed(SmtpSink remote, int messages) {
        await("relaying goes on")
                .atMost(Duration.ofMinutes(2))
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .until(() -> remote.received().size() > messages);
    }

    /** Streams of messages, one in ten to nobody; {@code kill} in their midst. Each stream begins again when it was cut. */
    private void submit(TestMailbox mailbox, BooleanSupplier when, Runnable kill) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var streams = new ArrayList<Future<?>>();
            for (int i = 0; i < STREAMS; i++) {
                int stream = i;
                streams.add(threads.submit(() -> submit(mailbox, stream)));
            }
            await().atMost(Duration.ofMinutes(5)).until(when::getAsBoolean);
            kill.run();
            for (var stream : streams) {
                stream.get();
            }
        }
        assertThat(acknowledged).hasSize(MESSAGES);
    }

    private void submit(TestMailbox mailbox, int stream) {
        int next = stream;
        for (int attempt = 0; next < MESSAGES; attempt++) {
            try (var smtp = mailbox.smtp()) {
                for (; next < MESSAGES; next += STREAMS) {
                    var to = (next % REFUSED_OF == 0 ? "refused" : "taken") + next + "@remote.example";
                    var reply = smtp.submit(mailbox.address(), to, message(mailbox, id(next, attempt)));
                    if (!reply.startsWith("250")) {
                        break; // The database is away: the same message again.
                    }
                    acknowledged.add(id(next, attempt));
                }
            } catch (UncheckedIOException | AssertionError cutOff) {
                assertThat(acknowledged).isNotEmpty(); // By the kill.
            }
        }
    }

    /** Another one for each attempt: what was taken without a word of it, and is sent again, is another message. */
    private static String id(int number, int attempt) {
        return "relay-" + number + '-' + attempt;
    }

    private static byte[] message(TestMailbox mailbox, String id) {
        return ("From: " + mailbox.address() + "\r\nTo: somebody@remote.example\r\nMessage-ID: <" + id
                        + "@e2e.example>\r\nSubject: " + id + "\r\n\r\n.\r\n..\r\ntext\r\n")
                .getBytes(US_ASCII);
    }

    private static Set<String> settled(SmtpSink remote, TestMailbox mailbox) {
        var ids = new TreeSet<String>(returned(mailbox).keySet());
        remote.received().forEach(each -> ids.add(idIn(each.data())));
        return ids;
    }

    private static String idIn(String message) {
        var found = SENT.matcher(message);
        assertThat(found.find()).isTrue();
        return found.group(1);
    }

    /** The messages that came back, each with how many reports tell of it. */
    private static Map<String, Integer> returned(TestMailbox mailbox) {
        try (var imap = mailbox.imap()) {
            imap.ok("SELECT INBOX");
            var reports = new TreeMap<String, Integer>();
            for (var line : imap.ok("FETCH 1:* BODY.PEEK[3.HEADER.FIELDS (MESSAGE-ID)]")) {
                var id = SENT.matcher(line);
                if (id.find()) {
                    reports.merge(id.group(1), 1, Integer::sum);
                }
            }
            return reports;
        }
    }

    /** A duplicate is allowed where the reply to the whole message was lost, and nowhere else. */
    private void report(SmtpSink remote) {
        var copies = new TreeMap<String, Integer>();
        remote.received().forEach(each -> copies.merge(idIn(each.data()), 1, Integer::sum));
        long twice = copies.values().stream().filter(count -> count > 1).count();
        System.getLogger(RelayCrashTest.class.getName())
                .log(
                        System.Logger.Level.INFO,
                        "{0} messages acknowledged, {1} relayed, of these {2} more than once",
                        acknowledged.size(),
                        copies.size(),
                        twice);
        assertThat(twice).as("duplicates").isLessThanOrEqualTo(2L * STREAMS + MESSAGES / 20);
    }
}
