package org.postern.accounts;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.postern.model.ConnectionCap;
import org.postern.model.PlanName;
import org.postern.model.Protocol;
import org.postern.model.SendQuota;

/** What this module counts, as {@code postern.*} meters. */
public final class AccountsMeters {
    private final MeterRegistry registry;
    private final ConcurrentMap<Group, AtomicInteger> connections = new ConcurrentHashMap<>();

    private record Group(PlanName plan, Protocol protocol) {}

    /** Kept: the registry would look for each by its tags anew. */
    private final ConcurrentMap<Login, Counter> logins = new ConcurrentHashMap<>();

    private record Login(Protocol protocol, String outcome) {}

    public AccountsMeters(MeterRegistry registry) {
        this.registry = registry;
    }

    /** @param outcome {@code logged-in}, or a refusal's case name */
    void login(Protocol protocol, String outcome) {
        logins.computeIfAbsent(
                        new Login(protocol, outcome),
                        login -> Counter.builder("postern.logins")
                                .description("Logins by protocol and outcome")
                                .tag("protocol", login.protocol.lowerCase())
                                .tag("outcome", login.outcome)
                                .register(registry))
                .increment();
    }

    void opened(PlanName plan, Protocol protocol) {
        open(plan, protocol).incrementAndGet();
    }

    void closed(PlanName plan, Protocol protocol) {
        open(plan, protocol).decrementAndGet();
    }

    void capHit(PlanName plan, Protocol protocol, ConnectionCap.Per per) {
        Counter.builder("postern.caps.hit")
                .description("Logins refused because a connection cap was reached")
                .tag("plan", plan.value())
                .tag("protocol", protocol.lowerCase())
                .tag("per", per.lowerCase())
                .register(registry)
                .increment();
    }

    void quotaHit(PlanName plan, SendQuota quota) {
        Counter.builder("postern.quotas.hit")
                .description("Messages refused because a send quota was reached")
                .tag("plan", plan.value())
                .tag("subject", quota.subject().lowerCase())
                .tag("window", quota.windowName())
                .register(registry)
                .increment();
    }

    void newRecipientsHit(PlanName plan) {
        Counter.builder("postern.newrecipients.hit")
                .description("Messages refused because the daily limit of new recipients was reached")
                .tag("plan", plan.value())
                .register(registry)
                .increment();
    }

    private AtomicInteger open(PlanName plan, Protocol protocol) {
        return connections.computeIfAbsent(new Group(plan, protocol), group -> {
            var count = new AtomicInteger();
            Gauge.builder("postern.connections", count, AtomicInteger::get)
                    .description("Admitted connections of this node")
                    .tag("plan", group.plan().value())
                    .tag("protocol", group.protocol().lowerCase())
                    .register(registry);
            return count;
        });
    }
}
