package org.postern.net;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import java.util.concurrent.atomic.AtomicInteger;

/** What one listener counts. Names end up in dashboards: they never change. */
final class NetMeters {
    private final MeterRegistry registry;
    private final Tags tags;
    private final AtomicInteger open = new AtomicInteger();
    private final Counter accepted;
    private final Counter received;
    private final Counter sent;

    NetMeters(MeterRegistry registry, ListenerSettings settings) {
        this.registry = registry;
        this.tags = Tags.of("listener", settings.name(), "protocol", settings.protocol());
        this.accepted = Counter.builder("postern.connections.accepted")
                .description("Connections accepted, refused ones included")
                .tags(tags)
                .register(registry);
        this.received = bytes("in");
        this.sent = bytes("out");
        Gauge.builder("postern.connections.open", open, AtomicInteger::get)
                .description("Connections open now")
                .tags(tags)
                .strongReference(true)
                .register(registry);
    }

    private Counter bytes(String direction) {
        return Counter.builder("postern.connections.bytes")
                .description("Bytes of the protocol, without TLS")
                .baseUnit(BaseUnits.BYTES)
                .tags(tags.and("direction", direction))
                .register(registry);
    }

    void opened() {
        accepted.increment();
        open.incrementAndGet();
    }

    void closed() {
        open.decrementAndGet();
    }

    void received(int bytes) {
        received.increment(bytes);
    }

    void sent(int bytes) {
        sent.increment(bytes);
    }

    /** @param reason a stable name, as {@link org.postern.model.Refusal#caseName} */
    void refused(String reason) {
        Counter.builder("postern.connections.refused")
                .description("Connections refused before their session, by case")
                .tags(tags.and("case", reason))
                .register(registry)
                .increment();
    }

    /** @param version {@code TLSv1.3}, or {@code none} for a handshake that has not come so far */
    void handshake(String version, String outcome) {
        Counter.builder("postern.tls.handshakes")
                .description("TLS handshakes by version and outcome")
                .tags(tags.and("version", version, "outcome", outcome))
                .register(registry)
                .increment();
    }
}
