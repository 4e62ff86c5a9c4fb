package org.postern.delivery;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.database.Tx;
import org.postern.delivery.Queue.Waiting;
import org.postern.mailstore.DeliverOutcome;
import org.postern.mailstore.DeliverOutcome.Fate;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.Parcel;
import org.postern.mailstore.PreparedParcels;
import org.postern.model.Refusal;

/**
 * Accepts what other servers bring: one transaction, in which every INBOX that is free gets the message, and those that are locked
 * get it from the queue. Each recipient has its own fate.
 */
public final class Arrivals {
    private final Database database;
    private final FolderStore store;
    private final MailboxTerms terms;
    private final Runnable queued;
    private final DeliveryLimits limits;
    private final DeliveryMeter meter;
    private final InstantSource clock;
    private final Queue queue = new Queue();

    /** @param queued called when something has come into the queue */
    public Arrivals(
            Database database,
            FolderStore store,
            MailboxTerms terms,
            Runnable queued,
            DeliveryLimits limits,
            DeliveryMeter meter,
            InstantSource clock) {
        this.database = database;
        this.store = store;
        this.terms = terms;
        this.queued = queued;
        this.limits = limits;
        this.meter = meter;
        this.clock = clock;
    }

    /**
     * Takes the message for as many recipients as can have it: when this returns, it is committed for those. A mailbox that is
     * reached by several of them gets it once.
     *
     * @return the fates in the order of the recipients
     * @throws IOException when the message's bytes cannot be read
     * @throws org.postern.database.DatabaseUnavailable when the database is away; nobody may be told that it was accepted
     */
    public List<ArrivalFate> deliver(Arrival arrival) throws IOException {
        return new Acceptance(arrival, false).run();
    }

    /**
     * The same for a protocol that has one reply for all recipients: where anybody can have the message, nobody is refused; who cannot
     * have it now gets it from the queue, or the sender gets a report.
     */
    public List<ArrivalFate> deliverForOneReply(Arrival arrival) throws IOException {
        return new Acceptance(arrival, true).run();
    }

    /** The work of one arrival. */
    private final class Acceptance {
        private final Arrival arrival;
        private final boolean oneReply;
        /** One for each destination. */
        private final List<Recipient> recipients;

        private final int immediate;
        private final ContentAhead content;

        Acceptance(Arrival arrival, boolean oneReply) {
            this.arrival = arrival;
            this.oneReply = oneReply;
            this.content = new ContentAhead(database, queue, arrival.letter().bytes());
            this.recipients = Recipient.distinct(arrival.recipients());
            recipients.sort(Comparator.comparing(this::isPassedOn)); // Stable; false first.
            int local =
                    (int) recipients.stream().filter(each -> !isPassedOn(each)).count();
            this.immediate = limits.immediate(local, size());
        }

        /** That is the queue's work. */
        private boolean isPassedOn(Recipient recipient) {
            return !arrival.junk()
                    && switch (recipient.destination()) {
                        case Destination.Mailbox(var mailbox) ->
                            terms.of(mailbox).forwards();
                        case Destination.Group group -> true;
                        case Destination.Elsewhere elsewhere -> true;
                    };
        }

        private long size() {
            return arrival.letter().bytes().size();
        }

        List<ArrivalFate> run() throws IOException {
            var prepared = store.prepare(parcels());
            return publish(content.accept(immediate < recipients.size(), tx -> accept(tx, prepared)));
        }

        private List<Parcel> parcels() {
            var parcels = new ArrayList<Parcel>();
            for (var recipient : recipients.subList(0, immediate)) {
                var mailbox = recipient.mailbox().orElseThrow();
                var message =
                        FinalDelivery.of(arrival.letter(), arrival.returnPath(), recipient.address(), clock.instant());
                parcels.add(new Parcel(
                        mailbox,
                        terms.folder(mailbox, arrival.place()),
                        message,
                        terms.of(mailbox).storage()));
            }
            return parcels;
        }

        /** Folders, then the queue: the order of all locks. */
        private Taken accept(Tx tx, PreparedParcels prepared) throws SQLException {
            var delivery = store.deliver(tx, prepared);
            var fates = new LinkedHashMap<Destination, ArrivalFate>();
            var waiting = new ArrayList<Waiting>();
            for (int i = 0; i < recipients.size(); i++) {
                var recipient = recipients.get(i);
                var fate = i < immediate
                        ? fate(recipient, delivery.fates().get(i), waiting)
                        : later(recipient, Duration.ZERO, Optional.empty(), waiting);
                fates.put(recipient.destination(), fate);
            }
            if (oneReply && !fates.values().stream().allMatch(ArrivalFate.Refused.class::isInstance)) {
                for (var recipient : recipients) {
                    fates.computeIfPresent(
                            recipient.destination(), (destination, fate) -> notRefused(recipient, fate, waiting));
                }
            }
            if (!waiting.isEmpty()) {
                enqueue(tx, waiting);
            }
            return new Taken(delivery, fates);
        }

        private ArrivalFate notRefused(Recipient recipient, ArrivalFate fate, List<Waiting> waiting) {
            return switch (fate) {
                case ArrivalFate.Refused(Refusal.MailboxFull full) ->
                    later(recipient, limits.full().first(), Optional.of(Reasons.FULL), waiting);
                case ArrivalFate.Refused refused ->
                    later(recipient, limits.failed().first(), Optional.of(Reasons.NO_FOLDER), waiting);
                case ArrivalFate.Delivered delivered -> delivered;
                case ArrivalFate.Queued queued -> queued;
            };
        }

        private ArrivalFate fate(Recipient recipient, Fate fate, List<Waiting> waiting) {
            return switch (fate) {
                case Fate.Delivered in -> new ArrivalFate.Delivered();
                case Fate.Busy busy -> later(recipient, limits.busy().first(), Optional.of(Reasons.BUSY), waiting);
                case Fate.Full full ->
                    new ArrivalFate.Refused(new Refusal.MailboxFull(full.resource(), full.used(), full.max()));
                case Fate.NoFolder none -> new ArrivalFate.Refused(new Refusal.NoSuchRecipient(recipient.address()));
            };
        }

        private ArrivalFate later(Recipient recipient, Duration pause, Optional<String> why, List<Waiting> waiting) {
            waiting.add(new Waiting(recipient, arrival.place(), "", pause, why));
            return new ArrivalFate.Queued();
        }

        private void enqueue(Tx tx, List<Waiting> waiting) throws SQLException {
            long id = content.queued(tx);
            queue.add(tx, id, arrival, limits);
            queue.addRecipients(tx, id, waiting);
        }

        private List<ArrivalFate> publish(Taken taken) {
            taken.delivery().committed();
            var fates = taken.fates();
            long delivered = fates.values().stream()
                    .filter(ArrivalFate.Delivered.class::isInstance)
                    .count();
            meter.delivered((int) delivered, size(), DeliveryMeter.Way.AT_ONCE);
            if (fates.values().stream().anyMatch(ArrivalFate.Queued.class::isInstance)) {
                queued.run();
            } else {
                content.drop();
            }
            return arrival.recipients().stream()
                    .map(recipient -> Optional.ofNullable(fates.get(recipient.destination()))
                            .orElseThrow())
                    .toList();
        }
    }

    private record Taken(DeliverOutcome delivery, Map<Destination, ArrivalFate> fates) {}
}
