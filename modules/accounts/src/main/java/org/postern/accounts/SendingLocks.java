package org.postern.accounts;

import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.postern.accounts.event.Event;
import org.postern.accounts.event.Events;
import org.postern.database.Database;
import org.postern.database.Tx;
import org.postern.model.AccountId;
import org.postern.model.Address;
import org.postern.model.MailboxId;
import org.postern.model.TokenId;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Locks a mailbox's sending, for abuse or at an administrator's word, until an administrator unlocks it. Reading goes on. Owner
 * and administrators are told: by a notice, and by an event.
 */
public final class SendingLocks {
    /** The stable names of what happens here; {@code sending-locked} is what a refused message hears. */
    public static final String LOCKED = "sending-lock";

    public static final String UNLOCKED = "sending-unlock";

    private static final Logger LOG = LoggerFactory.getLogger(SendingLocks.class);

    private final Database database;
    private final Events events;
    private final InstantSource clock;
    private final Notices notices = new Notices();

    /** Who did it: a client token, and its name. */
    record Culprit(TokenId token, String name) {}

    /**
     * Whether a mailbox may send, as far as locks go.
     *
     * @param lockedAt empty when it may
     * @param why empty when it may, or when no reason was given
     */
    public record State(Address mailbox, Optional<Instant> lockedAt, String why) {}

    public SendingLocks(Database database, Events events, InstantSource clock) {
        this.database = database;
        this.events = events;
        this.clock = clock;
    }

    public Outcome<State> show(Address address) {
        return with(address, (tx, mailbox) -> {});
    }

    /** @param why for the owner to read */
    public Outcome<State> lock(Address address, String why) {
        return with(address, (tx, mailbox) -> lock(tx, mailbox, why, Optional.empty()));
    }

    /** Counting of what may be abuse begins anew. */
    public Outcome<State> unlock(Address address) {
        return with(address, (tx, mailbox) -> {
            int unlocked = tx.update("""
                    UPDATE mailbox SET sending_locked_at = NULL, sending_lock_why = NULL
                     WHERE mailbox_id = ? AND sending_locked_at IS NOT NULL
                    """, mailbox.value());
            if (unlocked > 0) {
                tx.update("DELETE FROM abuse_sign WHERE mailbox_id = ?", mailbox.value());
                tell(tx, mailbox, UNLOCKED, Map.of(), Optional.empty());
            }
        });
    }

    /** In the caller's transaction; false when it was locked already, and nothing is told again. */
    boolean lock(Tx tx, MailboxId mailbox, String why, Optional<Culprit> culprit) throws SQLException {
        int locked = tx.update("""
                UPDATE mailbox SET sending_locked_at = clock_timestamp(), sending_lock_why = ?
                 WHERE mailbox_id = ? AND sending_locked_at IS NULL
                """, why, mailbox.value());
        if (locked == 0) {
            return false;
        }
        var detail = new LinkedHashMap<String, String>();
        detail.put("why", why);
        culprit.ifPresent(by -> detail.put("token", by.name()));
        tell(tx, mailbox, LOCKED, detail, culprit.map(Culprit::token));
        return true;
    }

    private void tell(Tx tx, MailboxId mailbox, String caseName, Map<String, String> detail, Optional<TokenId> token)
            throws SQLException {
        var account = tx.one(
                "SELECT account_id FROM mailbox WHERE mailbox_id = ?",
                row -> new AccountId(row.longValue(1)),
                mailbox.value());
        var event = Event.of(caseName, clock.instant()).of(account, mailbox);
        event = token.map(event::token).orElse(event);
        for (var entry : detail.entrySet()) {
            event = event.with(entry.getKey(), entry.getValue());
        }
        events.write(tx, event);
        notices.add(tx, mailbox, caseName, detail);
        LOG.atWarn()
                .addKeyValue("case", caseName)
                .addKeyValue("mailbox", mailbox)
                .addKeyValue("token", detail.getOrDefault("token", ""))
                .addKeyValue("reason", detail.getOrDefault("why", ""))
                .log("sending lock changed");
    }

    @FunctionalInterface
    private interface Change {
        void on(Tx tx, MailboxId mailbox) throws SQLException;
    }

    private Outcome<State> with(Address address, Change change) {
        return database.transact(tx -> {
            var id = Addresses.mailbox(tx, address);
            if (id.isEmpty()) {
                return Outcome.failed(new Problem.NoSuchMailbox(address));
            }
            var mailbox = new MailboxId(id.getAsLong());
            change.on(tx, mailbox);
            return Outcome.done(state(tx, mailbox));
        });
    }

    private static State state(Tx tx, MailboxId mailbox) throws SQLException {
        return tx.one(
                "SELECT address, sending_locked_at, sending_lock_why FROM mailbox WHERE mailbox_id = ?",
                row -> new State(
                        Addresses.stored(row.text(1)),
                        row.optionalInstant(2),
                        row.optionalText(3).orElse("")),
                mailbox.value());
    }
}
