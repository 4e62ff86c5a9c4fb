package org.postern.accounts.event;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.postern.database.Database;
import org.postern.database.Rhythm;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells events to a URL, one signed POST each, as <a href="https://www.standardwebhooks.com">Standard Webhooks</a> has it: the
 * headers {@code webhook-id}, {@code webhook-timestamp} and {@code webhook-signature}, an HMAC-SHA256 of both and the body.
 *
 * <p>At least once: an event is owed from the transaction that wrote it until the receiver has answered 2xx, and the id
 * stays the same, so that a receiver knows what it has had. What fails is tried again, later and later, until the event
 * itself is forgotten. Traffic never waits for any of it.
 */
public final class Webhook implements AutoCloseable {
    static final Duration INTERVAL = Duration.ofSeconds(1);

    /** Requests under way at once. */
    static final int BATCH = 20;

    private static final Duration FIRST_RETRY = Duration.ofSeconds(5);
    private static final Duration LONGEST_RETRY = Duration.ofHours(1);
    private static final int MAX_DOUBLINGS = 10;

    /** The largest answer's status that means it was taken. */
    private static final int LAST_SUCCESS = 299;

    private static final Logger LOG = LoggerFactory.getLogger(Webhook.class);

    private final Database database;
    private final WebhookSettings settings;
    private final MeterRegistry meters;
    private final InstantSource clock;
    private final HttpClient client;
    private final Rhythm rhythm;

    private record Owed(long event, int attempts, String json) {}

    private record Told(Owed owed, String outcome) {
        boolean taken() {
            return outcome.isEmpty();
        }
    }

    private Webhook(Database database, WebhookSettings settings, MeterRegistry meters, InstantSource clock) {
        this.database = database;
        this.settings = settings;
        this.meters = meters;
        this.clock = clock;
        this.client = HttpClient.newBuilder()
                .connectTimeout(settings.timeout())
                .followRedirects(HttpClient.Redirect.NEVER)
                .build();
        this.rhythm = Rhythm.start("webhook", INTERVAL, this::tellAll);
    }

    public static Webhook start(
            Database database, WebhookSettings settings, MeterRegistry meters, InstantSource clock) {
        return new Webhook(database, settings, meters, clock);
    }

    /** While the receiver takes what it is told: one that does not is asked with the next batch only when that is due. */
    private void tellAll() {
        while (true) {
            var owed = claim();
            if (owed.isEmpty()) {
                return;
            }
            var told = tell(owed);
            settle(told);
            if (told.stream().noneMatch(Told::taken)) {
                return;
            }
        }
    }

    /** Some that are due, for this node alone until their lease ends: longer than any request. */
    private List<Owed> claim() {
        return database.transact(tx -> tx.list(
                """
                WITH claimed AS (
                    UPDATE webhook_event w
                       SET due_at = clock_timestamp() + ?::interval, attempts = attempts + 1
                     WHERE event_id IN (SELECT event_id FROM webhook_event WHERE due_at <= clock_timestamp()
                                         ORDER BY due_at, event_id LIMIT ? FOR NO KEY UPDATE SKIP LOCKED)
                    RETURNING w.event_id, w.attempts)
                SELECT c.event_id, c.attempts,
                       jsonb_strip_nulls(jsonb_build_object(
                           'type', e.case_name, 'timestamp', e.at, 'data', jsonb_build_object(
                               'account', e.account_id, 'mailbox', e.mailbox_id,
                               'address', coalesce(e.address, m.address), 'token', t.name, 'protocol', e.protocol,
                               'client', host(e.client_address), 'session', e.session_id,
                               'detail', e.detail)))::text AS json
                  FROM claimed c JOIN event e USING (event_id)
                  LEFT JOIN mailbox m ON m.mailbox_id = e.mailbox_id
                  LEFT JOIN client_token t ON t.token_id = e.token_id
                 ORDER BY c.event_id
                """,
                row -> new Owed(row.longValue(1), row.intValue(2), row.text(3)),
                settings.timeout().multipliedBy(3).toSeconds() + " seconds",
                BATCH));
    }

    private List<Told> tell(List<Owed> owed) {
        var told = new ArrayList<CompletableFuture<Told>>();
        for (var event : owed) {
            told.add(client.sendAsync(request(event), BodyHandlers.discarding()).handle((answer, failure) -> {
                if (failure != null) {
                    return new Told(event, String.valueOf(failure.getMessage()));
                }
                boolean taken = answer.statusCode() >= 200 && answer.statusCode() <= LAST_SUCCESS;
                return new Told(event, taken ? "" : "it answered " + answer.statusCode());
            }));
        }
        return told.stream().map(CompletableFuture::join).toList();
    }

    private HttpRequest request(Owed event) {
        var id = "event_" + event.event();
        var timestamp = Long.toString(clock.instant().getEpochSecond());
        return HttpRequest.newBuilder(settings.url())
                .timeout(settings.timeout())
                .header("content-type", "application/json")
                .header("user-agent", "Postern")
                .header("webhook-id", id)
                .header("webhook-timestamp", timestamp)
                .header("webhook-signature", signature(id, timestamp, event.json()))
                .POST(BodyPublishers.ofString(event.json(), UTF_8))
                .build();
    }

    private String signature(String id, String timestamp, String body) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(settings.secret().key(), "HmacSHA256"));
            var signed = mac.doFinal((id + '.' + timestamp + '.' + body).getBytes(UTF_8));
            return "v1," + Base64.getEncoder().encodeToString(signed);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has HmacSHA256", e);
        }
    }

    private void settle(List<Told> told) {
        var taken = told.stream().filter(Told::taken).map(Told::owed).toList();
        var failed = told.stream().filter(each -> !each.taken()).toList();
        database.transact(tx -> {
            tx.update(
                    "DELETE FROM webhook_event WHERE event_id = ANY (?)",
                    taken.stream().mapToLong(Owed::event).toArray());
            for (var each : failed) {
                tx.update(
                        "UPDATE webhook_event SET due_at = clock_timestamp() + ?::interval WHERE event_id = ?",
                        backoff(each.owed().attempts()).toSeconds() + " seconds",
                        each.owed().event());
            }
            return failed.size();
        });
        count("taken", taken.size());
        count("failed", failed.size());
        if (!failed.isEmpty()) {
            LOG.atWarn()
                    .addKeyValue("case", "webhook-failed")
                    .log(
                            "{} events are told again later: {}",
                            failed.size(),
                            failed.getFirst().outcome());
        }
    }

    /** After so many attempts. */
    static Duration backoff(int attempts) {
        var wait = FIRST_RETRY.multipliedBy(1L << Math.min(attempts - 1, MAX_DOUBLINGS));
        return wait.compareTo(LONGEST_RETRY) < 0 ? wait : LONGEST_RETRY;
    }

    private void count(String outcome, int events) {
        Counter.builder("postern.webhook")
                .description("Events told to the webhook, by what became of the request")
                .tag("outcome", outcome)
                .register(meters)
                .increment(events);
    }

    /** What is under way is told again by another node, or at the next start. */
    @Override
    public void close() {
        rhythm.close();
        client.shutdownNow();
    }
}
