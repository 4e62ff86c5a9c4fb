package org.postern.delivery.relay;

import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.postern.accounts.AbuseWatch;
import org.postern.database.Database;
import org.postern.database.DatabaseUnavailable;
import org.postern.database.Tx;
import org.postern.delivery.Bell;
import org.postern.delivery.Queue;
import org.postern.delivery.QueuedMail;
import org.postern.delivery.QueuedRecipient;
import org.postern.delivery.Reports;
import org.postern.delivery.Reports.Fate;
import org.postern.delivery.dsn.Action;
import org.postern.delivery.dsn.Notify;
import org.postern.delivery.relay.RelayQueue.Claim;
import org.postern.delivery.relay.RelayQueue.Deferral;
import org.postern.delivery.relay.client.Assurance;
import org.postern.delivery.relay.client.Reply;
import org.postern.delivery.relay.client.SmtpConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes down what became of recipients: removed, with the report to the sender where one is due, or put off. One transaction, and only
 * of recipients that the claim still has.
 */
final class Settlement {
    private static final Logger LOG = LoggerFactory.getLogger(Settlement.class);
    private static final Duration BETWEEN_TRIES = Duration.ofMillis(500);

    private final Database database;
    private final RelayQueue relayQueue;
    private final Reports reports;
    private final AbuseWatch abuse;
    private final RelayMeter meter;
    private final RelayLimits limits;
    private final Bell bell;
    private final RandomGenerator random;
    private final InstantSource clock;
    private final Queue queue = new Queue();

    /** @param bell is waited with; silenced, nothing is waited for */
    Settlement(
            Database database,
            RelayQueue relayQueue,
            Reports reports,
            AbuseWatch abuse,
            RelayMeter meter,
            RelayLimits limits,
            Bell bell,
            RandomGenerator random,
            InstantSource clock) {
        this.database = database;
        this.relayQueue = relayQueue;
        this.reports = reports;
        this.abuse = abuse;
        this.meter = meter;
        this.limits = limits;
        this.bell = bell;
        this.random = random;
        this.clock = clock;
    }

    /**
     * What a recipient was answered.
     *
     * @param host whose reply it is; empty: our own words
     * @param tls what the connection was worth; empty: there was none
     * @param reported the other host reports the delivery, when it is asked to
     */
    record Verdict(
            QueuedRecipient recipient, Reply reply, Optional<String> host, Optional<Assurance> tls, boolean reported) {
        /** Of a host that was spoken to. */
        static Verdict of(QueuedRecipient recipient, Reply reply, SmtpConnection with) {
            return new Verdict(
                    recipient,
                    reply,
                    Optional.of(with.host()),
                    Optional.of(with.assurance()),
                    with.reportsDeliveries());
        }

        /** Without a connection that would have been of use. */
        static Verdict without(QueuedRecipient recipient, Reply reply, Optional<String> host) {
            return new Verdict(recipient, reply, host, Optional.empty(), false);
        }

        String outcome() {
            return reply.isPositive() ? "relayed" : reply.isPermanent() ? "failed" : "deferred";
        }
    }

    /**
     * Settles recipients of one message. With the database away it tries again for a while: what the other host has taken must not be
     * sent again only because nobody could write that down.
     */
    void settle(Claim claim, QueuedMail mail, List<Verdict> verdicts) {
        long start = System.nanoTime();
        while (true) {
            try {
                var own = database.transact(tx -> settle(tx, claim, mail, verdicts));
                tell(mail, verdicts, own);
                return;
            } catch (DatabaseUnavailable e) {
                if (bell.isSilenced()
                        || System.nanoTime() - start > limits.pace().settle().toNanos()) {
                    throw e;
                }
                bell.await(Long.MAX_VALUE, BETWEEN_TRIES);
            }
        }
    }

    private Set<Integer> settle(Tx tx, Claim claim, QueuedMail mail, List<Verdict> verdicts) throws SQLException {
        var numbers =
                verdicts.stream().mapToInt(each -> each.recipient().number()).toArray();
        var own = relayQueue.lockOwn(tx, claim, mail.id(), numbers);
        var done = new ArrayList<Queue.Key>();
        var fates = new ArrayList<Fate>();
        var deferred = new ArrayList<Deferral>();
        for (var each : verdicts) {
            if (!own.contains(each.recipient().number())) {
                continue;
            }
            if (each.reply().isPositive()) {
                done.add(new Queue.Key(mail.id(), each.recipient().number()));
                if (!each.reported() && Notify.of(each.recipient().parameters()).wants(Action.RELAYED)) {
                    fates.add(fate(each, Action.RELAYED));
                }
            } else if (each.reply().isPermanent()) {
                done.add(new Queue.Key(mail.id(), each.recipient().number()));
                fates.add(fate(each, Action.FAILED));
            } else {
                var pause = limits.pace().retry().after(each.recipient().attempts() + 1, random);
                deferred.add(new Deferral(each.recipient(), pause, each.reply(), each.host()));
            }
        }
        relayQueue.defer(tx, deferred);
        reports.report(tx, mail.id(), fates);
        queue.remove(tx, done);
        return own;
    }

    private static Fate fate(Verdict verdict, Action action) {
        return new Fate(
                verdict.recipient().number(),
                action,
                verdict.reply().status(),
                verdict.host(),
                Optional.of(verdict.reply().toString()));
    }

    private void tell(QueuedMail mail, List<Verdict> verdicts, Set<Integer> own) {
        for (var each : verdicts) {
            boolean late = !own.contains(each.recipient().number());
            meter.recipients(each.outcome(), 1);
            if (!late && each.reply().isPermanent() && each.host().isPresent()) {
                var address = each.recipient().address();
                mail.sender().ifPresent(sender -> abuse.bounced(sender.mailbox(), sender.token(), address));
            }
            if (each.reply().isPositive()) {
                meter.waited(Duration.between(mail.acceptedAt(), clock.instant()));
            }
            LOG.atInfo()
                    .addKeyValue("case", late ? "relay-late" : "relay-" + each.outcome())
                    .addKeyValue("message", mail.traceId())
                    .addKeyValue(
                            "mailbox",
                            mail.sender()
                                    .map(sender -> sender.mailbox().toString())
                                    .orElse(""))
                    .addKeyValue("to", each.recipient().address())
                    .addKeyValue("attempt", each.recipient().attempts() + 1)
                    .addKeyValue("host", each.host().orElse(""))
                    .addKeyValue("tls", each.tls().map(Assurance::toString).orElse(""))
                    .addKeyValue("reply", each.reply())
                    .log(
                            "{} {} for {}",
                            mail.traceId(),
                            each.outcome(),
                            each.recipient().address());
        }
    }
}
