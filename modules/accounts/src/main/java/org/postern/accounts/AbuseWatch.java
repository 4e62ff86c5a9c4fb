package org.postern.accounts;

import java.util.List;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.database.DatabaseUnavailable;
import org.postern.model.AbuseThresholds;
import org.postern.model.AbuseThresholds.Threshold;
import org.postern.model.Address;
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
    private final SendingLocks locks;
    private final AccessSwitches switches;

    /** What may turn out to be abuse. */
    private enum Sign {
        REFUSED_RECIPIENT("refused-recipients", "recipients that do not exist"),
        CLIENT_ADDRESS("client-addresses", "different networks that sent");

        private final String kind;
        private final String words;

        Sign(String kind, String words) {
            this.kind = kind;
            this.words = words;
        }
    }

    private record Seen(int subjects, Optional<SendingLocks.Culprit> culprit) {}

    public AbuseWatch(Database database, SendingLocks locks, AccessSwitches switches) {
        this.database = database;
        this.locks = locks;
        this.switches = switches;
    }

    /** A recipient was refused because there is none. */
    public void refusedRecipient(Access access, Address recipient) {
        var thresholds = access.plan().abuse();
        thresholds
                .refusedRecipients()
                .ifPresent(max -> watch(access, thresholds, Sign.REFUSED_RECIPIENT, max, List.of(folded(recipient))));
    }

    /** A message was accepted. */
    public void sent(Access access) {
        var thresholds = access.plan().abuse();
        var network = access.client().network().toString();
        thresholds
                .clientAddresses()
                .ifPresent(max -> watch(access, thresholds, Sign.CLIENT_ADDRESS, max, List.of(network)));
    }

    private void watch(
            Access access, AbuseThresholds thresholds, Sign sign, Threshold threshold, List<String> subjects) {
        try {
            var seen = note(access, sign, threshold, subjects);
            if (seen.subjects() > threshold.max()) {
                punish(access, thresholds, sign, threshold, seen);
            }
        } catch (DatabaseUnavailable e) {
            LOG.atWarn()
                    .addKeyValue("session", access.sessionId())
                    .log("{} are not counted: {}", sign.kind, e.getMessage());
        }
    }

    private Seen note(Access access, Sign sign, Threshold threshold, List<String> subjects) {
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
                access.mailbox().value(),
                access.token().value(),
                sign.kind,
                subjects.toArray(String[]::new),
                threshold.window().toSeconds() + " seconds",
                threshold.max()));
    }

    private void punish(Access access, AbuseThresholds thresholds, Sign sign, Threshold threshold, Seen seen) {
        var why = "more than " + threshold.max() + ' ' + sign.words + " within "
                + threshold.window().toMinutes() + " minutes"
                + seen.culprit()
                        .map(by -> ", most of them with the client token " + by.name())
                        .orElse("");
        database.transact(tx -> {
            AccessSwitches.lock(tx, access.mailbox());
            boolean locked = locks.lock(tx, access.mailbox(), why, seen.culprit());
            if (locked) {
                for (var protocol : thresholds.switchOff()) {
                    switches.switchOff(tx, access.mailbox(), protocol, why);
                }
            }
            return locked;
        });
    }

    private static String folded(Address address) {
        return address.foldedLocalPart() + '@' + address.domain();
    }
}
