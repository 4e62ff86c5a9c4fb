package org.postern.delivery;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.postern.database.Database;
import org.postern.database.DatabaseUnavailable;
import org.postern.database.Tx;
import org.postern.delivery.Queue.Claimed;
import org.postern.delivery.dsn.Action;
import org.postern.mailstore.DeliverOutcome;
import org.postern.mailstore.DeliverOutcome.Fate;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.NewMessage;
import org.postern.mailstore.Parcel;
import org.postern.mailstore.PreparedParcels;
import org.postern.mime.bytes.SpoolSettings;
import org.postern.model.MailboxId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Delivers queued local recipients, this node's and any other's, and passes on what is forwarded or for a group.
 *
 * <p>Each worker claims a few due recipients for the length of a lease, then delivers them mailbox by mailbox. A delivery and the
 * removal of its row are one transaction, so that a process may die at any instant: what it had claimed comes due again and is
 * delivered exactly once. A locked or full mailbox only puts its own recipients off.
 */
public final class QueueRunner implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(QueueRunner.class);
    /** A large body is written again for each attempt: its folder is not tried as often. */
    private static final Duration LARGE_RETRY = Duration.ofSeconds(1);

    private static final Duration STOP = Duration.ofSeconds(10);

    private final Database database;
    private final FolderStore store;
    private final MailboxTerms terms;
    private final Forwarder forwarder;
    private final Reports reports;
    private final Overdue overdue;
    private final SpoolSettings spools;
    private final Carriers carriers;
    private final DeliveryLimits limits;
    private final DeliveryMeter meter;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final Queue queue = new Queue();

    private final List<Thread> workers = new ArrayList<>();
    private final Bell bell = new Bell();

    /** @param carriers are woken by what it queues itself: forwards, and reports to senders */
    public QueueRunner(
            Database database,
            FolderStore store,
            MailboxTerms terms,
            Forwarder forwarder,
            Reports reports,
            SpoolSettings spools,
            Carriers carriers,
            DeliveryLimits limits,
            DeliveryMeter meter,
            RandomGenerator random,
            InstantSource clock) {
        this.database = database;
        this.store = store;
        this.terms = terms;
        this.forwarder = forwarder;
        this.reports = reports;
        this.overdue = new Overdue(database, reports);
        this.spools = spools;
        this.carriers = carriers;
        this.limits = limits;
        this.meter = meter;
        this.random = random;
        this.clock = clock;
    }

    /** Begins to work; once. */
    public void start() {
        for (int i = 0; i < limits.workers(); i++) {
            workers.add(Thread.ofVirtual().name("queue-" + i).start(this::work));
        }
        workers.add(Thread.ofVirtual().name("queue-upkeep").start(this::keepUp));
    }

    /** Something has come into the queue: look now. Any thread, never waits for the work. */
    public void wake() {
        bell.ring();
    }

    /** Lets running deliveries finish. */
    @Override
    public void close() {
        bell.silence();
        try {
            for (var worker : workers) {
                if (!worker.join(STOP)) {
                    LOG.warn("{} has not stopped; its claims are delivered after their lease", worker.getName());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Whoever stops us is in a hurry: leases take care of the rest.
        }
    }

    private void work() {
        while (!bell.isSilenced()) {
            long heard = bell.rings();
            var wait = Duration.ZERO;
            try {
                if (runOnce() == 0) {
                    wait = waitForNext();
                }
            } catch (DatabaseUnavailable e) {
                LOG.warn("the queue waits: {}", e.getMessage());
                wait = limits.poll();
            } catch (RuntimeException e) {
                LOG.error("the queue stumbled", e);
                wait = limits.poll();
            }
            bell.await(heard, wait);
        }
    }

    private Duration waitForNext() {
        var next = database.once(queue::untilNext).orElse(limits.poll());
        return next.compareTo(limits.poll()) < 0 ? next : limits.poll();
    }

    /**
     * Claims once and tries what it got.
     *
     * @return how many recipients were claimed
     */
    int runOnce() {
        var claimed = database.transact(tx -> queue.claim(tx, limits.claim(), limits.lease()));
        var byMailbox = new LinkedHashMap<MailboxId, List<Claimed>>();
        for (var row : claimed) {
            byMailbox
                    .computeIfAbsent(row.mailbox(), mailbox -> new ArrayList<>())
                    .add(row);
        }
        try (var messages = new QueuedMessages(database, spools)) {
            for (var rows : byMailbox.values()) {
                deliverOrPutOff(rows, messages);
            }
        } catch (IOException e) {
            LOG.warn("a spool did not close: {}", e.toString());
        }
        return claimed.size();
    }

    private void deliverOrPutOff(List<Claimed> rows, QueuedMessages messages) {
        try {
            deliver(rows, messages);
        } catch (DatabaseUnavailable e) {
            throw e; // The lease puts them off.
        } catch (IOException | RuntimeException e) {
            LOG.error(
                    "delivery of {} to mailbox {} failed",
                    rows.getFirst().traceId(),
                    rows.getFirst().mailbox(),
                    e);
            database.transact(tx -> {
                for (var row : rows) {
                    putOff(tx, row, limits.failed().after(row.attempts(), random), Reasons.FAILED);
                }
                return true;
            });
        }
    }

    private void deliver(List<Claimed> rows, QueuedMessages messages) throws IOException {
        var mailbox = rows.getFirst().mailbox();
        var known = terms.of(mailbox);
        var forwards = forwarder.prepare(rows, known, messages);
        var kept = rows.stream()
                .filter(row -> !forwards.containsKey(row.key())
                        || forwards.get(row.key()).keepsCopy())
                .toList();
        var parcels = new ArrayList<Parcel>();
        for (var row : kept) {
            var message = messages.fetch(row.queueId(), row.size());
            var stored = stored(row, new Letter(message.bytes(), message.parsed()));
            parcels.add(new Parcel(mailbox, terms.folder(mailbox, row.place()), stored, known.storage()));
        }
        var prepared = store.prepare(parcels);
        var outcome = database.transact(tx -> deliver(tx, rows, forwards, kept, prepared));
        if (outcome.isEmpty()) {
            LOG.info("a lease on {} rows of mailbox {} had run out", rows.size(), mailbox);
            return;
        }
        outcome.get().committed();
        if (!forwards.isEmpty()) {
            carriers.wake();
        }
        count(kept, outcome.get().fates());
    }

    private NewMessage stored(Claimed row, Letter letter) throws IOException {
        return switch (row.place()) {
            case INBOX, JUNK -> FinalDelivery.of(letter, row.returnPath(), row.address(), clock.instant());
            case SENT -> SentCopy.of(letter, row.front(), clock.instant());
        };
    }

    /** Empty when a row is no longer this worker's: then none of them is touched, and all come due when their leases end. */
    private Optional<DeliverOutcome> deliver(
            Tx tx, List<Claimed> rows, Map<Queue.Key, Forward> forwards, List<Claimed> kept, PreparedParcels prepared)
            throws SQLException {
        if (queue.lockOwn(tx, rows).size() < rows.size()) {
            return Optional.empty();
        }
        var outcome = store.deliver(tx, prepared);
        var done = new ArrayList<Queue.Key>();
        for (var row : rows) {
            if (forwards.containsKey(row.key())) {
                forward(tx, row, forwards.get(row.key()), done);
            }
        }
        for (int i = 0; i < kept.size(); i++) {
            settle(tx, kept.get(i), outcome.fates().get(i), done);
        }
        queue.remove(tx, done);
        return Optional.of(outcome);
    }

    private void forward(Tx tx, Claimed row, Forward forward, List<Queue.Key> done) throws SQLException {
        forwarder.forward(tx, forward);
        if (forward.keepsCopy()) {
            queue.forwarded(tx, row);
            return;
        }
        if (row.asksForSuccess()) {
            // To have come to a list is to be delivered (RFC 3461 §5.2.7.3).
            var action = row.toGroup() ? Action.DELIVERED : Action.RELAYED;
            report(tx, row, action, Reasons.DELIVERED_STATUS, Reasons.FORWARDED);
        }
        done.add(row.key());
    }

    private void settle(Tx tx, Claimed row, Fate fate, List<Queue.Key> done) throws SQLException {
        switch (fate) {
            case Fate.Delivered in -> {
                if (row.asksForSuccess()) {
                    report(tx, row, Action.DELIVERED, Reasons.DELIVERED_STATUS, Reasons.DELIVERED);
                }
                done.add(row.key());
            }
            case Fate.Busy busy -> putOff(tx, row, busyWait(row), Reasons.BUSY);
            case Fate.Full full -> putOff(tx, row, limits.full().after(row.attempts(), random), Reasons.FULL);
            case Fate.NoFolder none -> putOff(tx, row, limits.full().after(row.attempts(), random), Reasons.NO_FOLDER);
        }
    }

    private Duration busyWait(Claimed row) {
        var wait = limits.busy().after(row.attempts(), random);
        return row.size() > FolderStore.LARGE_BYTES && wait.compareTo(LARGE_RETRY) < 0 ? LARGE_RETRY : wait;
    }

    /** What has waited longer than its expiry is given up, and its sender told. */
    private void putOff(Tx tx, Claimed row, Duration wait, String why) throws SQLException {
        if (row.expired()) {
            giveUp(tx, row, why);
            queue.remove(tx, List.of(row.key()));
        } else {
            queue.retry(tx, row, wait, why);
        }
    }

    private void giveUp(Tx tx, Claimed row, String why) throws SQLException {
        if (row.place() != Place.SENT && !row.forwarded()) {
            report(tx, row, Action.FAILED, Reasons.EXPIRED_STATUS, why);
            return;
        }
        // Only its owner's own copy, of what has been sent, or forwarded.
        LOG.atWarn()
                .addKeyValue("case", "own-copy-dropped")
                .addKeyValue("message", row.traceId())
                .addKeyValue("mailbox", row.address())
                .addKeyValue("reply", why)
                .log("{} has gone on, but the mailbox's own copy found no place", row.traceId());
    }

    private void report(Tx tx, Claimed row, Action action, String status, String reply) throws SQLException {
        var fate = new Reports.Fate(row.number(), action, status, Optional.empty(), Optional.of(reply));
        reports.report(tx, row.queueId(), List.of(fate));
    }

    private void count(List<Claimed> rows, List<Fate> fates) {
        for (int i = 0; i < rows.size(); i++) {
            if (fates.get(i) instanceof Fate.Delivered && rows.get(i).place() != Place.SENT) {
                meter.delivered(1, rows.get(i).size(), DeliveryMeter.Way.QUEUED);
            }
        }
    }

    /** Counts what waits, sees to what has waited too long, and sweeps contents that were written ahead for nothing. */
    private void keepUp() {
        var counting = new Thrift(System::nanoTime);
        var sweeping = new Thrift(System::nanoTime);
        while (!bell.isSilenced()) {
            try {
                counting.run(() -> meter.counted(database.once(queue::depth)));
                if (overdue.tellOfDelays() + overdue.expire() > 0) {
                    carriers.wake(); // There are reports to senders now.
                }
                sweeping.run(this::sweep);
            } catch (DatabaseUnavailable e) {
                LOG.debug("not counted: {}", e.getMessage());
            } catch (RuntimeException e) {
                LOG.error("the queue's upkeep failed", e);
            }
            bell.await(Long.MAX_VALUE, limits.poll());
        }
    }

    private void sweep() {
        int swept = database.once(tx -> queue.sweep(tx, limits.contentGrace()));
        if (swept > 0) {
            LOG.info("removed {} contents that no accepted message needs", swept);
        }
    }
}
