package org.postern.accounts;

import java.util.List;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.database.DatabaseUnavailable;
import org.postern.model.AbuseThresholds;
import org.postern.model.AbuseThresholds.Threshold;
import org.postern.model.Address;
import org.postern.model.MailboxId;
import org.postern.model.TokenId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches what mailboxes do when they send. More of it than the plan's thresholds allow locks sending, and switches off what the
 * plan says, until an administrator unlocks it; the client token that did most of it is named.
 *
 * <p>Counted exactly, cluster-wide, each subject once in a rolling window. A mailbox without thresholds costs nothing.
 * Nothing here ever fails the work that it watches.
 */
public final class AbuseWatch {
    private static final Logger LOG = LoggerFactory.getLogger(AbuseWatch.class);

    private final Database database;
    private final Entitlements entitlements;
    private final SendingLocks locks;
    private final AccessSwitches switches;

    /** What may turn out to be abuse. */
    private enum Sign {
        REFUSED_RECIPIENT("refused-recipients", "recipients that do not exist"),
        NEW_RECIPIENT("new-recipients", "recipients that it had not written to before"),
        CLIENT_ADDRESS("client-addresses", "different networks that sent"),
        BOUNCE("bounces", "recipients whose mail came back");

        private final String kind;
        private final String words;

        Sign(String kind, String words) {
            this.kind = kind;
            this.words = words;
        }
    }

    /** Whose sending it is, and by which client token. */
    private record Sender(MailboxId mailbox, TokenId token) {
        static Sender of(Access access) {
            return new Sender(access.mailbox(), access.token());
        }
    }

    private record Seen(int subjects, Optional<SendingLocks.Culprit> culprit) {}

    AbuseWatch(Database database, Entitlements entitlements, SendingLocks locks, AccessSwitches switches) {
        this.database = database;
        this.entitlements = entitlements;
        this.locks = locks;
        this.switches = switches;
    }

    /** A recipient was refused because there is none. */
    public void refusedRecipient(Access access, Address recipient) {
        var thresholds = access.plan().abuse();
        watch(Sender.of(access), thresholds, Sign.REFUSED_RECIPIENT, thresholds.refusedRecipients(), folded(recipient));
    }

    /**
     * A message was accepted.
     *
     * @param newRecipients of {@link TakeOutcome.Taken}
     */
    public void sent(Access access, List<String> newRecipients) {
        var thresholds = access.plan().abuse();
        var sender = Sender.of(access);
        if (!newRecipients.isEmpty()) {
            watch(sender, thresholds, Sign.NEW_RECIPIENT, thresholds.newRecipients(), newRecipients);
        }
        var network = access.client().network().toString();
        watch(sender, thresholds, Sign.CLIENT_ADDRESS, thresholds.clientAddresses(), network);
    }

    /** What a mailbox had sent with that token came back for good from its recipient's host. */
    public void bounced(MailboxId mailbox, TokenId token, Address recipient) {
        try {
            if (entitlements.planOf(mailbox) instanceof PlanLookup.Known known) {
                var thresholds = known.plan().abuse();
                var sender = new Sender(mailbox, token);
                watch(sender, thresholds, Sign.BOUNCE, thresholds.bounces(), folded(recipient));
            }
        } catch (DatabaseUnavailable e) {
            notCounted(mailbox, Sign.BOUNCE, e);
        }
    }

    private void watch(
            Sender sender, AbuseThresholds thresholds, Sign sign, Optional<Threshold> threshold, String subject) {
        watch(sender, thresholds, sign, threshold, List.of(subject));
    }

    private void watch(
            Sender sender,
            AbuseThresholds thresholds,
            Sign sign,
            Optional<Threshold> threshold,
            List<String> subjects) {
        if (threshold.isEmpty()) {
            return;
        }
        try {
            var seen = note(sender, sign, threshold.get(), subjects);
            if (seen.subjects() > threshold.get().max()) {
                punish(sender.mailbox(), thresholds, sign, threshold.get(), seen);
            }
        } catch (DatabaseUnavailable e) {
            notCounted(sender.mailbox(), sign, e);
        }
    }

    private static void notCounted(MailboxId mailbox, Sign sign, DatabaseUnavailable why) {
        LOG.atWarn().addKeyValue("mailbox", mailbox).log("{} are not counted: {}", sign.kind, why.getMessage());
    }

    private Seen note(Sender sender, Sign sign, Threshold threshold, List<String> subjects) {
        return database.once(tx -> tx.one(
                "SELECT seen, culprit, culprit_name FROM note_abuse_signs(?, ?, ?, ?, ?::interval, ?)",
                row -> {
                    var name = row.optionalText(3);
                    return new Seen(
                            row.intValue(1),
                            name.isEmpty()
                                    ? Optional.empty()
                                    : Optional.of(new SendingLocks.Culprit(new TokenId(row.longValue(2)), name.get())));
                },
                sender.mailbox().value(),
                sender.token().value(),
                sign.kind,
                subjects.toArray(String[]::new),
                threshold.window().toSeconds() + " seconds",
                threshold.max()));
    }

    private void punish(MailboxId mailbox, AbuseThresholds thresholds, Sign sign, Threshold threshold, Seen seen) {
        var why = "more than " + threshold.max() + ' ' + sign.words + " within "
                + threshold.window().toMinutes() + " minutes"
                + seen.culprit()
                        .map(by -> ", most of them with the client token " + by.name())
                        .orElse("");
        database.transact(tx -> {
            AccessSwitches.lock(tx, mailbox);
            boolean locked = locks.lock(tx, mailbox, why, seen.culprit());
            if (locked) {
                for (var protocol : thresholds.switchOff()) {
                    switches.switchOff(tx, mailbox, protocol, why);
                }
            }
            return locked;
        });
    }

    private static String folded(Address address) {
        return address.foldedLocalPart() + '@' + address.domain();
    }
}
