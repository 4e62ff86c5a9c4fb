package org.postern.delivery.relay;

import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.postern.accounts.AbuseWatch;
import org.postern.database.Database;
import org.postern.database.DatabaseUnavailable;
import org.postern.delivery.Bell;
import org.postern.delivery.Reports;
import org.postern.delivery.dns.Dns;
import org.postern.delivery.relay.RelayQueue.Claim;
import org.postern.delivery.relay.RelayQueue.Found;
import org.postern.delivery.relay.client.Connector;
import org.postern.delivery.relay.client.Watch;
import org.postern.delivery.relay.dane.Dane;
import org.postern.delivery.relay.mtasts.Policies;
import org.postern.delivery.relay.route.Router;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Relays queued messages, this node's and any other's: gives due destinations to agents, as many as there may be. */
public final class Relay implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Relay.class);
    private static final Duration STOP = Duration.ofSeconds(10);

    private final Database database;
    private final RelayLimits limits;
    private final Runnable reported;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final RelayQueue queue;
    private final RelayMeter meter;
    private final Dialer dialer;
    private final Settlement settlement;

    private final Watch watch = new Watch();
    private final Bell bell = new Bell();
    private final int most;
    private final Semaphore agents;
    private final Claims claims;
    private @Nullable Thread foreman;

    /** @param reported is called when senders may have been sent reports: local delivery looks at the queue then */
    public Relay(
            Database database,
            RelaySettings settings,
            Reports reports,
            AbuseWatch abuse,
            Runnable reported,
            MeterRegistry registry,
            RandomGenerator random,
            InstantSource clock) {
        this.database = database;
        this.limits = settings.limits();
        this.reported = reported;
        this.random = random;
        this.clock = clock;
        this.queue = new RelayQueue(limits);
        this.meter = new RelayMeter(registry);
        var dns = new Dns(limits.dns());
        var router = new Router(dns, settings.own(), settings.loopback(), random);
        var policies = Policies.over(database, dns, router, settings.tls(), watch, settings.policyPort());
        var connector = new Connector(settings.hostname(), settings.tls(), limits.client(), watch);
        var demands = new HostDemands(settings, policies, new Dane(dns));
        this.dialer = new Dialer(settings, router, demands, connector, meter);
        this.settlement = new Settlement(database, queue, reports, abuse, meter, limits, bell, random, clock);
        this.most = settings.agents();
        this.agents = new Semaphore(most);
        this.claims = new Claims(database, queue, limits);
    }

    /** Begins to work; once. */
    public void start() {
        foreman = Thread.ofVirtual().name("relay").start(this::work);
    }

    /** Something has come into the queue: look now. Any thread, never waits for the work. */
    public void wake() {
        bell.ring();
    }

    /** Lets each agent finish the message that it is at. */
    @Override
    public void close() {
        bell.silence();
        try {
            if (foreman != null) {
                foreman.join(STOP);
            }
            if (agents.tryAcquire(most, STOP.toSeconds(), TimeUnit.SECONDS)) {
                agents.release(most); // A second close finds them stopped, too.
            } else {
                LOG.warn("agents have not stopped; their claims come due again after their lease");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Whoever stops us is in a hurry: leases take care of the rest.
        }
        dialer.close();
        claims.close();
        watch.close();
    }

    private void work() {
        while (!bell.isSilenced()) {
            long heard = bell.rings();
            var wait = limits.pace().poll();
            try {
                wait = handOut();
            } catch (DatabaseUnavailable e) {
                LOG.warn("the relay waits: {}", e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("the relay stumbled", e);
            }
            bell.await(heard, wait);
        }
    }

    /** @return how long until there may be more to do */
    private Duration handOut() {
        int told;
        do {
            told = database.transact(queue::dispatch);
        } while (told == limits.portions().dispatch());
        database.transact(queue::upkeep);
        dialer.sweep();
        while (!bell.isSilenced() && agents.tryAcquire()) {
            if (!startAgent()) {
                agents.release();
                return next();
            }
        }
        return limits.pace().poll(); // All agents are busy: one that is done rings.
    }

    private Duration next() {
        var next = database.<Optional<Duration>>once(queue::untilNext)
                .orElse(limits.pace().poll());
        return next.compareTo(limits.pace().poll()) < 0 ? next : limits.pace().poll();
    }

    private boolean startAgent() {
        long before = System.nanoTime();
        var claim = database.<Optional<Claim>>transact(queue::claim);
        if (claim.isEmpty()) {
            return false;
        }
        claims.add(claim.get(), before);
        Thread.ofVirtual().name("relay-" + claim.get().domain()).start(() -> run(claim.get()));
        return true;
    }

    private void run(Claim claim) {
        try {
            release(claim, deliver(claim));
        } catch (DatabaseUnavailable e) {
            LOG.warn("the claim on {} is left to its lease: {}", claim.domain(), e.getMessage());
        } catch (RuntimeException e) {
            LOG.error("the release of {} failed", claim.domain(), e);
        } finally {
            claims.remove(claim);
            agents.release();
            reported.run();
            bell.ring();
        }
    }

    private Found deliver(Claim claim) {
        try (var agent = new DeliveryAgent(
                claim,
                database,
                queue,
                claims,
                dialer,
                settlement,
                meter,
                limits.portions(),
                clock,
                bell::isSilenced)) {
            return agent.run();
        } catch (DatabaseUnavailable e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.error("delivery to {} failed", claim.domain(), e);
            return Found.UNREACHABLE; // Not at once again.
        }
    }

    private void release(Claim claim, Found found) {
        var quiet = limits.pace().quiet().after(claim.failures() + 1, random);
        database.transact(tx -> {
            queue.release(tx, claim, found, quiet);
            return true;
        });
    }
}
