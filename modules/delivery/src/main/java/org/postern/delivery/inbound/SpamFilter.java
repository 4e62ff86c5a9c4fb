package org.postern.delivery.inbound;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.postern.delivery.Letter;
import org.postern.mime.bytes.MessageBytes;
import org.postern.model.Address;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Rspamd about messages, by {@code /checkv2} of its HTTP protocol, and puts what it says in front of them:
 * {@code X-Spam-Status: Yes|No, score=… required=…}, or {@code Unknown}; {@code X-Spam: Yes} beside the first. Any number of threads.
 */
public final class SpamFilter implements AutoCloseable {
    /** Questions of one node at once; more wait for their turn, within the timeout. */
    static final int AT_ONCE = 64;

    /** The longest answer: Rspamd lists every rule that fired. */
    static final int MAX_ANSWER_BYTES = 1 << 20;

    /** Recipients that the filter is told; a message to more is to the first of them. */
    static final int MAX_RECIPIENTS = 100;

    /** Of what the filter says to clients. */
    static final int MAX_SAID = 200;

    private static final int OK = 200;
    private static final Logger LOG = LoggerFactory.getLogger(SpamFilter.class);

    private final SpamSettings settings;
    private final MeterRegistry registry;
    private final HttpClient client;
    private final Semaphore turns = new Semaphore(AT_ONCE);

    public SpamFilter(SpamSettings settings, MeterRegistry registry) {
        this.settings = settings;
        this.registry = registry;
        this.client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(settings.timeout())
                .executor(Executors.newVirtualThreadPerTaskExecutor())
                .build();
    }

    /**
     * Never fails: a filter that does not answer is what the settings have for it.
     *
     * @param most how long it may take, where its own timeout is longer
     */
    Judged judge(Letter letter, Inquiry inquiry, Duration most) {
        if (letter.bytes().size() > settings.maxBytes()) {
            count("too-big");
            return new Judged(letter.behind("X-Spam-Status: Unknown\r\n"), new Judgement.Welcome());
        }
        var time = settings.timeout().compareTo(most) < 0 ? settings.timeout() : most;
        var answer = ask(letter.bytes(), inquiry, time);
        count(answer.map(RspamdAnswer::action).orElse("unreachable"));
        return answer.map(said -> judged(letter, said)).orElseGet(() -> unasked(letter));
    }

    private Judged unasked(Letter letter) {
        return switch (settings.unreachable()) {
            case ACCEPT -> new Judged(letter.behind("X-Spam-Status: Unknown\r\n"), new Judgement.Welcome());
            case DEFER -> new Judged(letter, new Judgement.NotNow("The spam filter does not answer. Try again later."));
        };
    }

    private Judged judged(Letter letter, RspamdAnswer answer) {
        return switch (answer.action()) {
            case "reject" ->
                switch (settings.certain()) {
                    case REFUSE -> new Judged(letter, new Judgement.Spam(said(answer, "")));
                    case JUNK -> new Judged(marked(letter, answer, true), new Judgement.Junk());
                };
            case "greylist", "soft reject" ->
                new Judged(letter, new Judgement.NotNow(said(answer, "Try again in some minutes")));
            case "add header", "rewrite subject", "quarantine", "discard" ->
                switch (settings.probable()) {
                    case JUNK -> new Judged(marked(letter, answer, true), new Judgement.Junk());
                    case MARK -> new Judged(marked(letter, answer, true), new Judgement.Welcome());
                };
            default -> new Judged(marked(letter, answer, false), new Judgement.Welcome()); // "no action".
        };
    }

    private static Letter marked(Letter letter, RspamdAnswer answer, boolean isSpam) {
        var status = String.format(
                Locale.ROOT,
                "X-Spam-Status: %s, score=%.2f required=%.2f\r\n",
                isSpam ? "Yes" : "No",
                answer.score(),
                answer.required());
        return letter.behind(isSpam ? "X-Spam: Yes\r\n" + status : status);
    }

    /** Printable, and not long: it goes to a stranger, on one line. */
    private static String said(RspamdAnswer answer, String otherwise) {
        var text = new StringBuilder();
        answer.said()
                .orElse(otherwise)
                .chars()
                .limit(MAX_SAID)
                .forEach(c -> text.append(c >= ' ' && c < 0x7F ? (char) c : '?'));
        return text.toString();
    }

    private Optional<RspamdAnswer> ask(MessageBytes message, Inquiry inquiry, Duration time) {
        long start = System.nanoTime();
        try {
            if (!turns.tryAcquire(time.toNanos(), TimeUnit.NANOSECONDS)) {
                return failed(inquiry, "too many questions wait for it");
            }
            try {
                var left = time.minusNanos(System.nanoTime() - start);
                if (!left.isPositive()) {
                    return failed(inquiry, "no time is left to ask it");
                }
                return answer(request(message, inquiry), inquiry, left);
            } finally {
                turns.release();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // The connection ends, and with it the question.
            return failed(inquiry, "interrupted");
        }
    }

    /** The whole answer has to be there in time: the client's own timeout ends with its header. */
    private Optional<RspamdAnswer> answer(HttpRequest request, Inquiry inquiry, Duration time)
            throws InterruptedException {
        var asked = client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES));
        try {
            var answer = asked.get(time.toNanos(), TimeUnit.NANOSECONDS);
            if (answer.statusCode() != OK) {
                return failed(inquiry, "it answered " + answer.statusCode());
            }
            var parsed = RspamdAnswer.parse(answer.body());
            return parsed.isPresent() ? parsed : failed(inquiry, "its answer makes no sense");
        } catch (TimeoutException e) {
            return failed(inquiry, "no answer within " + time);
        } catch (ExecutionException e) {
            return failed(inquiry, String.valueOf(e.getCause()));
        } finally {
            asked.cancel(true);
        }
    }

    private HttpRequest request(MessageBytes message, Inquiry inquiry) {
        var request = HttpRequest.newBuilder(settings.url().resolve("/checkv2"))
                .header("IP", inquiry.client().getHostAddress())
                .header("Helo", printable(inquiry.helo()))
                .header(
                        "From",
                        printable(inquiry.returnPath().map(Address::toString).orElse("")))
                .header("Queue-Id", inquiry.traceId())
                .POST(body(message));
        inquiry.recipients().stream()
                .limit(MAX_RECIPIENTS)
                .forEach(recipient -> request.header("Rcpt", printable(recipient.toString())));
        settings.password().ifPresent(password -> request.header("Password", password));
        return request.build();
    }

    /** Of known length, and never in memory whole. */
    private static BodyPublisher body(MessageBytes message) {
        return BodyPublishers.fromPublisher(BodyPublishers.ofInputStream(() -> open(message)), message.size());
    }

    private static InputStream open(MessageBytes message) {
        try {
            return message.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** HTTP's fields are ASCII. */
    private static String printable(String text) {
        var shown = new StringBuilder();
        text.chars().forEach(c -> shown.append(c >= ' ' && c < 0x7F ? (char) c : '?'));
        return shown.toString();
    }

    private Optional<RspamdAnswer> failed(Inquiry inquiry, String why) {
        LOG.atWarn()
                .addKeyValue("case", "spam-filter-failed")
                .addKeyValue("message", inquiry.traceId())
                .addKeyValue("url", settings.url())
                .log("{} was not looked at by the spam filter: {}", inquiry.traceId(), why);
        return Optional.empty();
    }

    private void count(String action) {
        Counter.builder("postern.spam")
                .description("Messages from outside, by what the spam filter says of them")
                .tag("action", action)
                .register(registry)
                .increment();
    }

    @Override
    public void close() {
        client.shutdownNow();
    }
}
