package org.postern.delivery.relay;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import org.postern.delivery.relay.client.Assurance;

/** What relaying counts: {@code postern.relay.*}. One for each node. */
final class RelayMeter {
    private final MeterRegistry registry;

    RelayMeter(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param outcome {@code relayed}, {@code deferred} or {@code failed} */
    void recipients(String outcome, int count) {
        Counter.builder("postern.relay.recipients")
                .description("Attempts at recipients of other hosts, by what became of them")
                .tag("outcome", outcome)
                .register(registry)
                .increment(count);
    }

    /** @param assurance of what has been opened: {@code tls}, such as {@code dane} */
    void connected(Assurance assurance) {
        connections("open", assurance.toString());
    }

    void notConnected() {
        connections("failed", "none");
    }

    private void connections(String outcome, String tls) {
        Counter.builder("postern.relay.connections")
                .description("Connections to other hosts, and how sure it is whom they lead to")
                .tag("outcome", outcome)
                .tag("tls", tls)
                .register(registry)
                .increment();
    }

    /** One message to one host, from MAIL to the last reply. */
    void took(Duration time) {
        Timer.builder("postern.relay.transaction")
                .description("Time of one message to one host")
                .register(registry)
                .record(time);
    }

    /** From acceptance to the other host's taking it. */
    void waited(Duration time) {
        Timer.builder("postern.relay.waited")
                .description("Time that relayed recipients were in the queue")
                .register(registry)
                .record(time);
    }
}
