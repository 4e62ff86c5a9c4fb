package org.postern.delivery;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.postern.accounts.AbuseWatch;
import org.postern.accounts.Access;
import org.postern.accounts.SendQuotas;
import org.postern.accounts.TakeOutcome;
import org.postern.database.Database;
import org.postern.database.Tx;
import org.postern.delivery.Queue.Waiting;
import org.postern.delivery.dkim.MessageSigner;
import org.postern.mailstore.DeliverOutcome;
import org.postern.mailstore.DeliverOutcome.Fate;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.Parcel;
import org.postern.mailstore.PreparedParcels;
import org.postern.model.Address;
import org.postern.model.FolderName;
import org.postern.model.Refusal;

/** Accepts what logged-in clients submit: one transaction, in which every INBOX that is free gets the message at once. */
public final class Submissions {
    private final Database database;
    private final FolderStore store;
    private final SendQuotas quotas;
    private final AbuseWatch abuse;
    private final MailboxTerms terms;
    private final Runnable queued;
    private final DeliveryLimits limits;
    private final DeliveryMeter meter;
    private final MessageSigner signer;
    private final InstantSource clock;
    private final AtOnce atOnce;
    private final Queue queue = new Queue();

    /** @param queued is called when a message has come into the queue: whoever carries it on looks there then */
    public Submissions(
            Database database,
            FolderStore store,
            SendQuotas quotas,
            AbuseWatch abuse,
            MailboxTerms terms,
            Runnable queued,
            DeliveryLimits limits,
            DeliveryMeter meter,
            MessageSigner signer,
            InstantSource clock) {
        this.database = database;
        this.store = store;
        this.quotas = quotas;
        this.abuse = abuse;
        this.terms = terms;
        this.queued = queued;
        this.limits = limits;
        this.meter = meter;
        this.signer = signer;
        this.clock = clock;
        this.atOnce = new AtOnce(database, store, quotas);
    }

    /**
     * Takes the message for all its recipients, or for none: when this returns {@link SubmitOutcome.Accepted}, it is committed. A
     * mailbox that is reached by several of the recipients gets it once.
     *
     * @throws IOException when the message's bytes cannot be read
     * @throws org.postern.database.DatabaseUnavailable when the database is away; the message may then not be called accepted
     */
    public SubmitOutcome submit(Access access, Submission submission) throws IOException {
        var outcome = access.plan().sending().allowed()
                ? new Acceptance(access, submission).run()
                : new SubmitOutcome.Refused(
                        new Refusal.SendingNotInPlan(access.plan().name()));
        meter.submitted(outcome);
        return outcome;
    }

    /** The work of one submission. */
    private final class Acceptance {
        private final Access access;
        private final Submission submission;
        /** One recipient for each destination, those of other hosts last. */
        private final List<Recipient> recipients;

        /** How long nobody may have it. */
        private final Duration held;

        /** Where the sender's own copy goes, where there is to be one. */
        private final Optional<FolderName> sentFolder;

        private final int immediate;
        /** Our signatures, where another host gets the message. */
        private String front = "";

        private final ContentAhead content;

        Acceptance(Access access, Submission submission) {
            this.access = access;
            this.submission = submission;
            this.content = new ContentAhead(database, queue, submission.bytes());
            this.recipients = Recipient.distinct(submission.recipients());
            recipients.sort(Comparator.comparing(this::isForTheQueue)); // Stable; false first.
            int local = (int)
                    recipients.stream().filter(each -> !isForTheQueue(each)).count();
            this.held = held(submission);
            this.sentFolder = terms.of(access.mailbox()).copiesSent()
                    ? Optional.of(terms.folder(access.mailbox(), Place.SENT))
                    : Optional.empty();
            int copies = sentFolder.isPresent() ? 1 : 0;
            this.immediate = held.isPositive()
                    ? 0
                    : Math.max(
                            0,
                            limits.immediate(local + copies, submission.bytes().size()) - copies);
        }

        /** What is relayed, reported or passed on is the queue's work. */
        private boolean isForTheQueue(Recipient recipient) {
            return recipient.asksForSuccess()
                    || switch (recipient.destination()) {
                        case Destination.Mailbox(var mailbox) ->
                            terms.of(mailbox).forwards();
                        case Destination.Group group -> true;
                        case Destination.Elsewhere elsewhere -> true;
                    };
        }

        private Duration held(Submission what) {
            return what.options()
                    .holdUntil()
                    .map(until -> Duration.between(clock.instant(), until))
                    .filter(Duration::isPositive)
                    .orElse(Duration.ZERO);
        }

        SubmitOutcome run() throws IOException {
            var parcels = store.prepare(parcels());
            if (recipients.stream().anyMatch(recipient -> recipient.mailbox().isEmpty())) {
                front = signer.sign(submission.bytes(), submission.parsed());
            }
            try {
                var taken = takenAtOnce(parcels);
                return publish(
                        taken.isPresent()
                                ? taken.get()
                                : content.accept(immediate < recipients.size(), tx -> accept(tx, parcels)));
            } catch (NotTaken refused) {
                content.drop();
                return new SubmitOutcome.Refused(refused.refusal);
            }
        }

        private Optional<Taken> takenAtOnce(PreparedParcels parcels) {
            return immediate < recipients.size()
                    ? Optional.empty()
                    : atOnce.take(access, addresses(), parcels)
                            .map(taken -> new Taken(taken.delivery(), 0, false, taken.newRecipients()));
        }

        /** The recipients' in their order, then the sender's own copy. */
        private List<Parcel> parcels() throws IOException {
            var letter = new Letter(submission.bytes(), submission.parsed());
            var parcels = new ArrayList<Parcel>();
            var now = clock.instant();
            for (var recipient : recipients.subList(0, immediate)) {
                var mailbox = recipient.mailbox().orElseThrow();
                var message = FinalDelivery.of(letter, submission.returnPath(), recipient.address(), now);
                parcels.add(new Parcel(
                        mailbox, FolderName.INBOX, message, terms.of(mailbox).storage()));
            }
            if (sentFolder.isPresent()) {
                var mailbox = access.mailbox();
                var copy = SentCopy.of(letter, submission.blindCopies(), now);
                parcels.add(new Parcel(
                        mailbox, sentFolder.get(), copy, terms.of(mailbox).storage()));
            }
            return parcels;
        }

        /** Folders, then the queue, then usage: the order of all locks. Runs again from the start when it loses a race. */
        private Taken accept(Tx tx, PreparedParcels parcels) throws SQLException {
            var delivery = store.deliver(tx, parcels);
            var waiting = waiting(delivery.fates().subList(0, immediate));
            var queued = new ArrayList<>(waiting);
            if (sentFolder.isPresent()) {
                waitingCopy(delivery.fates().getLast()).ifPresent(queued::add);
            }
            if (!queued.isEmpty()) {
                enqueue(tx, queued);
            }
            return new Taken(delivery, waiting.size(), !queued.isEmpty(), takeQuota(tx));
        }

        /** Who does not have the message yet. */
        private List<Waiting> waiting(List<Fate> fates) {
            var waiting = new ArrayList<Waiting>();
            Refusal hopeless = null;
            for (int i = 0; i < recipients.size(); i++) {
                var recipient = recipients.get(i);
                var fate = i < fates.size() ? Optional.of(fates.get(i)) : Optional.<Fate>empty();
                if (fate.isEmpty()) {
                    waiting.add(new Waiting(recipient, held, Optional.empty()));
                    continue;
                }
                switch (fate.get()) {
                    case Fate.Delivered delivered -> {}
                    case Fate.Busy busy ->
                        waiting.add(new Waiting(recipient, limits.busy().first(), Optional.of(Reasons.BUSY)));
                    case Fate.Full full -> {
                        recipient.mailbox().ifPresent(atOnce::hinders);
                        hopeless = new Refusal.MailboxFull(full.resource(), full.used(), full.max());
                        waiting.add(new Waiting(recipient, limits.full().first(), Optional.of(Reasons.FULL)));
                    }
                    case Fate.NoFolder none -> {
                        recipient.mailbox().ifPresent(atOnce::hinders);
                        hopeless = new Refusal.NoSuchRecipient(recipient.address());
                        waiting.add(new Waiting(recipient, limits.failed().first(), Optional.of(Reasons.NO_FOLDER)));
                    }
                }
            }
            // With nobody else to get it, the sender can be told now what a bounce would say later.
            if (hopeless != null && recipients.size() == 1) {
                throw new NotTaken(hopeless);
            }
            return waiting;
        }

        /** The sender's own copy, which stops nothing: where it has no room it follows when there is. */
        private Optional<Waiting> waitingCopy(Fate fate) {
            return switch (fate) {
                case Fate.Delivered filed -> Optional.empty();
                case Fate.Busy busy -> Optional.of(waitingCopy(limits.busy(), Reasons.BUSY));
                case Fate.Full full -> Optional.of(waitingCopy(limits.full(), Reasons.FULL));
                case Fate.NoFolder none -> Optional.of(waitingCopy(limits.failed(), Reasons.NO_FOLDER));
            };
        }

        private Waiting waitingCopy(Backoff pause, String why) {
            var recipient = SentCopy.recipient(access.address(), access.mailbox());
            return new Waiting(recipient, Place.SENT, submission.blindCopies(), pause.first(), Optional.of(why));
        }

        private void enqueue(Tx tx, List<Waiting> waiting) throws SQLException {
            long id = content.queued(tx);
            queue.add(tx, id, access, submission, front, limits);
            queue.addRecipients(tx, id, waiting);
        }

        private List<Address> addresses() {
            return submission.recipients().stream().map(Recipient::address).toList();
        }

        private List<String> takeQuota(Tx tx) throws SQLException {
            return switch (quotas.take(tx, access, addresses())) {
                case TakeOutcome.Taken(var newRecipients) -> newRecipients;
                case TakeOutcome.QuotaReached(var refusal) -> throw overQuota(refusal);
                case TakeOutcome.NeverFits(var refusal) -> throw overQuota(refusal);
                case TakeOutcome.Locked(var refusal) -> throw overQuota(refusal);
            };
        }

        private NotTaken overQuota(Refusal refusal) {
            atOnce.hinders(access.mailbox());
            return new NotTaken(refusal);
        }

        private SubmitOutcome publish(Taken taken) {
            taken.delivery().committed();
            int delivered = recipients.size() - taken.waiting();
            meter.delivered(delivered, submission.bytes().size(), DeliveryMeter.Way.AT_ONCE);
            if (taken.isQueued()) {
                queued.run();
            } else {
                content.drop();
            }
            abuse.sent(access, taken.newRecipients());
            return new SubmitOutcome.Accepted(delivered, taken.waiting());
        }
    }

    /**
     * @param waiting recipients that do not have it yet
     * @param isQueued whether the queue has it, for them or for the sender's own copy
     */
    private record Taken(DeliverOutcome delivery, int waiting, boolean isQueued, List<String> newRecipients) {}

    /** Rolls the transaction back: nothing of the message is kept. */
    private static final class NotTaken extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private final transient Refusal refusal;

        NotTaken(Refusal refusal) {
            super(refusal.caseName(), null, false, false);
            this.refusal = refusal;
        }
    }
}
