package org.postern.delivery;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;

/** What delivery counts: {@code postern.submissions}, {@code postern.delivered}, {@code postern.queue}. One for each node. */
public final class DeliveryMeter {
    private final MeterRegistry registry;
    private volatile Queue.Depth depth = new Queue.Depth(0, 0, 0);

    public DeliveryMeter(MeterRegistry registry) {
        this.registry = registry;
        gauge("local", () -> depth.local());
        gauge("relay", () -> depth.relay());
        gauge("held", () -> depth.held());
    }

    /** How a message reached a mailbox. */
    enum Way {
        AT_ONCE,
        QUEUED;

        private String tag() {
            return switch (this) {
                case AT_ONCE -> "at-once";
                case QUEUED -> "queued";
            };
        }
    }

    private void gauge(String state, java.util.function.Supplier<Number> value) {
        Gauge.builder("postern.queue", value)
                .description("Recipients that wait, as last counted")
                .tag("state", state)
                .register(registry);
    }

    void submitted(SubmitOutcome outcome) {
        var name = switch (outcome) {
            case SubmitOutcome.Accepted accepted -> "accepted";
            case SubmitOutcome.Refused(var refusal) -> refusal.caseName();
        };
        Counter.builder("postern.submissions")
                .description("Complete messages handed over by clients, by what became of them")
                .tag("outcome", name)
                .register(registry)
                .increment();
    }

    void delivered(int mailboxes, long bytes, Way way) {
        if (mailboxes == 0) {
            return;
        }
        Counter.builder("postern.delivered")
                .description("Messages put into an INBOX or a folder of junk")
                .tag("way", way.tag())
                .register(registry)
                .increment(mailboxes);
        Counter.builder("postern.delivered.bytes")
                .description("Bytes put into them")
                .baseUnit("bytes")
                .tag("way", way.tag())
                .register(registry)
                .increment((double) bytes * mailboxes);
    }

    void counted(Queue.Depth now) {
        depth = now;
    }
}
