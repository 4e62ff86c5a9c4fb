package org.postern.line;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.postern.model.Protocol;
import org.postern.model.Refusal;

/** What the sessions of one protocol count: {@code postern.commands} and {@code postern.refusals}. */
public final class CommandMeter {
    private record Series(String command, String status) {}

    private final Protocol protocol;
    private final MeterRegistry registry;
    /** At most one for each command and status. */
    private final Map<Series, Timer> timers = new ConcurrentHashMap<>();

    public CommandMeter(Protocol protocol, MeterRegistry registry) {
        this.protocol = protocol;
        this.registry = registry;
    }

    /** @param verb of our own command table, so that clients cannot make tags */
    public void answered(String verb, String status, long nanos) {
        timers.computeIfAbsent(new Series(verb, status), this::timer).record(nanos, TimeUnit.NANOSECONDS);
    }

    private Timer timer(Series series) {
        return Timer.builder("postern.commands")
                .description("Commands and how long they took, without the time to send the reply")
                .tag("protocol", protocol.lowerCase())
                .tag("command", series.command())
                .tag("status", series.status())
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofNanos(100_000))
                .maximumExpectedValue(Duration.ofSeconds(30))
                .register(registry);
    }

    public void refused(Refusal refusal) {
        Counter.builder("postern.refusals")
                .description("Refusals by case")
                .tag("protocol", protocol.lowerCase())
                .tag("case", refusal.caseName())
                .register(registry)
                .increment();
    }
}
