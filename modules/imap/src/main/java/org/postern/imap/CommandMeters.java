package org.postern.imap;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.postern.imap.reply.Tagged;

/** Counts commands by name and outcome with their latency, and what was appended. Any thread. */
public final class CommandMeters {
    private record Series(String command, Tagged.Status status) {}

    private final MeterRegistry registry;
    /** At most one for each command and status. */
    private final Map<Series, Timer> timers = new ConcurrentHashMap<>();

    private final Counter unknown;
    private final DistributionSummary appended;

    public CommandMeters(MeterRegistry registry) {
        this.registry = registry;
        this.unknown = Counter.builder("postern.commands.unknown")
                .tag("protocol", "imap")
                .description("Lines that name no command")
                .register(registry);
        this.appended = DistributionSummary.builder("postern.messages.appended")
                .description("Messages stored by APPEND, and their bytes")
                .baseUnit("bytes")
                .register(registry);
    }

    /** From the command's first byte to its tagged reply; of IDLE, only its beginning and end count. */
    void ran(String command, Tagged.Status status, Duration took) {
        timers.computeIfAbsent(new Series(command, status), this::timer).record(took);
    }

    private Timer timer(Series series) {
        return Timer.builder("postern.commands")
                .tag("protocol", "imap")
                .tag("command", series.command())
                .tag("status", series.status().name())
                .description("Commands by name and outcome")
                .publishPercentileHistogram()
                .minimumExpectedValue(Duration.ofNanos(100_000))
                .maximumExpectedValue(Duration.ofSeconds(30))
                .register(registry);
    }

    void unknown() {
        unknown.increment();
    }

    public void appended(long bytes) {
        appended.record((double) bytes);
    }
}
