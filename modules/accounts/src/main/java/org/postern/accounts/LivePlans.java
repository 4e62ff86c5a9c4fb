package org.postern.accounts;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.postern.database.NotificationHandler;
import org.postern.database.Notifications;
import org.postern.database.Rhythm;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the live sessions of this node follow when an administrator changes an account's plan or its overrides. A change of
 * the config needs nothing here: {@link LivePlan} looks at the plans in force each time.
 */
final class LivePlans implements NotificationHandler, AutoCloseable {
    /** How long a change waits that could not be read because the database was away. */
    private static final Duration AGAIN = Duration.ofSeconds(5);

    private static final int BATCH = 1_000;
    private static final Logger LOG = LoggerFactory.getLogger(LivePlans.class);

    private final Entitlements entitlements;
    private final ConnectionRegistry registry;
    private final Set<PlanChange> pending = ConcurrentHashMap.newKeySet();
    private final AtomicLong heard = new AtomicLong();
    private volatile boolean missed;
    private final Rhythm rhythm;

    private LivePlans(Entitlements entitlements, ConnectionRegistry registry) {
        this.entitlements = entitlements;
        this.registry = registry;
        this.rhythm = Rhythm.start("live-plans", AGAIN, this::follow);
    }

    static LivePlans start(
            Entitlements entitlements, ConnectionRegistry registry, Notifications notifications, String cell) {
        var plans = new LivePlans(entitlements, registry);
        notifications.on(PlanChange.channel(cell), plans);
        return plans;
    }

    /** From when on a login must hear of changes that happen while it is decided. */
    long mark() {
        return heard.get();
    }

    /** Reads the plan of a session again if anything has changed since the mark: it was not live then. */
    void admitted(long mark, Access access) {
        if (heard.get() != mark) {
            ask(new PlanChange(PlanOverride.Kind.MAILBOX, access.mailbox().value()));
        }
    }

    /** Hears on the listener's thread: reads nothing there. */
    @Override
    public void notified(String payload) {
        heard.incrementAndGet();
        PlanChange.parse(payload).ifPresentOrElse(this::ask, () -> LOG.warn("not understood: {}", payload));
    }

    @Override
    public void missed() {
        heard.incrementAndGet();
        missed = true;
        rhythm.ask();
    }

    private void ask(PlanChange change) {
        pending.add(change);
        rhythm.ask();
    }

    /** What fails is still pending, and comes again. */
    private void follow() {
        boolean all = missed;
        var changes = Set.copyOf(pending);
        if (!all && changes.isEmpty()) {
            return;
        }
        missed = false;
        pending.removeAll(changes); // Before reading: what is heard meanwhile is read again.
        try {
            follow(registry.live().stream()
                    .filter(access -> all || changes.stream().anyMatch(change -> change.concerns(access)))
                    .toList());
        } catch (RuntimeException e) {
            pending.addAll(changes);
            missed |= all;
            throw e;
        }
    }

    private void follow(List<Access> concerned) {
        for (int from = 0; from < concerned.size(); from += BATCH) {
            var some = concerned.subList(from, Math.min(concerned.size(), from + BATCH));
            var terms = entitlements.terms(some.stream().map(Access::mailbox).toList());
            some.forEach(access -> Optional.ofNullable(terms.get(access.mailbox()))
                    .ifPresent(now -> access.livePlan().become(now)));
        }
    }

    @Override
    public void close() {
        rhythm.close();
    }
}
