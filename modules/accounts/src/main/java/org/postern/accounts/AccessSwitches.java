package org.postern.accounts;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.accounts.AccessSwitch.State;
import org.postern.accounts.event.Event;
import org.postern.accounts.event.Events;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.database.Tx;
import org.postern.model.AccountId;
import org.postern.model.Address;
import org.postern.model.MailboxId;
import org.postern.model.OutsideAccess;
import org.postern.model.Protocol;
import org.postern.model.ProtocolRights;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The switches that decide whether mail apps may use a mailbox, one for each protocol; who has not touched one has the
 * plan's default. Every change is an event, and a notice in the mailbox.
 *
 * <p>Switched on, it works after the plan's activation delay. Switched off, logins fail from now on and live connections
 * over the protocol end at once, cluster-wide.
 */
public final class AccessSwitches {
    /** The stable names of what happens here, for events, notices and logs. */
    public static final String SWITCHED_ON = "access-on";

    public static final String SWITCHED_OFF = "access-off";

    private static final Logger LOG = LoggerFactory.getLogger(AccessSwitches.class);
    /** As if the plan had the protocol switched off. */
    private static final OutsideAccess NONE =
            new OutsideAccess(false, Duration.ZERO, Optional.empty(), Optional.empty());

    private final Database database;
    private final Entitlements entitlements;
    private final Events events;
    private final InstantSource clock;
    private final Notices notices = new Notices();

    /** Who changes a switch. */
    public enum By {
        OWNER,
        ADMIN,
        /** The server itself: unused, inactive, abuse. */
        SERVER;

        private String stored() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** What a change is about. */
    private record Wish(Protocol protocol, boolean on, boolean atOnce, By by, String why) {}

    private record Whose(MailboxId mailbox, Address address, AccountId account, Instant createdAt) {}

    private record Stored(boolean allowed, boolean effective, Instant effectiveAt, String changedBy, String why) {}

    public AccessSwitches(Database database, Entitlements entitlements, Events events, InstantSource clock) {
        this.database = database;
        this.entitlements = entitlements;
        this.events = events;
        this.clock = clock;
    }

    /** All protocols' switches, in the protocols' order. */
    public Outcome<List<AccessSwitch>> show(Address address) {
        return database.read(tx -> {
            var id = Addresses.mailbox(tx, address);
            return id.isPresent()
                    ? Outcome.done(switches(tx, new MailboxId(id.getAsLong())))
                    : Outcome.failed(new Problem.NoSuchMailbox(address));
        });
    }

    /**
     * Switches on: one step, whatever has switched it off. What is on, or coming on, stays as it is.
     *
     * @param atOnce without the plan's activation delay: an administrator's choice
     */
    public Outcome<List<AccessSwitch>> switchOn(Address address, Set<Protocol> protocols, By by, boolean atOnce) {
        return change(address, protocols, protocol -> new Wish(protocol, true, atOnce, by, ""));
    }

    /** @param why for the owner to read; may be empty */
    public Outcome<List<AccessSwitch>> switchOff(Address address, Set<Protocol> protocols, By by, String why) {
        return change(address, protocols, protocol -> new Wish(protocol, false, false, by, why));
    }

    @FunctionalInterface
    private interface Wishes {
        Wish about(Protocol protocol);
    }

    private Outcome<List<AccessSwitch>> change(Address address, Set<Protocol> protocols, Wishes wishes) {
        return database.transact(tx -> {
            var id = Addresses.mailbox(tx, address);
            if (id.isEmpty()) {
                return Outcome.failed(new Problem.NoSuchMailbox(address));
            }
            var mailbox = new MailboxId(id.getAsLong());
            lock(tx, mailbox);
            for (var protocol : protocols) {
                apply(tx, mailbox, wishes.about(protocol));
            }
            return Outcome.done(switches(tx, mailbox));
        });
    }

    /** Switches off in the caller's transaction, which has {@linkplain #lock locked} the mailbox; false when it was off. */
    boolean switchOff(Tx tx, MailboxId mailbox, Protocol protocol, String why) throws SQLException {
        return apply(tx, mailbox, new Wish(protocol, false, false, By.SERVER, why));
    }

    /** The mailbox's switches are changed by one at a time, and decided on in the statements after. */
    static void lock(Tx tx, MailboxId mailbox) throws SQLException {
        tx.call("SELECT FROM mailbox WHERE mailbox_id = ? FOR NO KEY UPDATE", mailbox.value());
    }

    /** @return whether the switch says something else now */
    private boolean apply(Tx tx, MailboxId mailbox, Wish wish) throws SQLException {
        var rights = rights(tx, mailbox, wish.protocol()).orElse(NONE);
        var old = stored(tx, mailbox, wish.protocol());
        boolean was = old.map(Stored::allowed).orElse(rights.onByDefault());
        boolean sooner =
                wish.on() && wish.atOnce() && old.isPresent() && !old.get().effective();
        if (was == wish.on() && !sooner) {
            return false;
        }
        var delay = wish.on() && !wish.atOnce() ? rights.activationDelay() : Duration.ZERO;
        var effectiveAt = tx.one(
                """
                INSERT INTO access_switch (mailbox_id, protocol, allowed, effective_at, changed_by, why)
                VALUES (?, ?, ?, clock_timestamp() + ?::interval, ?, ?)
                ON CONFLICT (mailbox_id, protocol) DO UPDATE
                   SET allowed = excluded.allowed, effective_at = excluded.effective_at,
                       changed_by = excluded.changed_by, why = excluded.why
                RETURNING effective_at
                """,
                row -> row.instant(1),
                mailbox.value(),
                wish.protocol().lowerCase(),
                wish.on(),
                delay.toSeconds() + " seconds",
                wish.by().stored(),
                wish.why());
        if (!wish.on()) {
            AccessEnd.of(mailbox, wish.protocol())
                    .publish(tx, database.settings().cell());
        }
        tell(tx, mailbox, wish, effectiveAt);
        return true;
    }

    private void tell(Tx tx, MailboxId mailbox, Wish wish, Instant effectiveAt) throws SQLException {
        var caseName = wish.on() ? SWITCHED_ON : SWITCHED_OFF;
        var detail = Map.of(
                "protocol", wish.protocol().lowerCase(),
                "by", wish.by().stored(),
                "why", wish.why(),
                "from", effectiveAt.toString());
        var whose = whose(tx, mailbox);
        var event = Event.of(caseName, clock.instant()).of(whose.account(), mailbox);
        for (var entry : detail.entrySet()) {
            event = event.with(entry.getKey(), entry.getValue());
        }
        events.write(tx, event);
        notices.add(tx, mailbox, caseName, detail);
        LOG.atInfo()
                .addKeyValue("case", caseName)
                .addKeyValue("mailbox", mailbox)
                .addKeyValue("address", whose.address())
                .addKeyValue("protocol", wish.protocol().lowerCase())
                .addKeyValue("by", wish.by().stored())
                .addKeyValue("reason", wish.why())
                .log("access switch changed");
    }

    private List<AccessSwitch> switches(Tx tx, MailboxId mailbox) throws SQLException {
        var createdAt = whose(tx, mailbox).createdAt();
        var switches = new ArrayList<AccessSwitch>();
        for (var protocol : Protocol.values()) {
            var rights = rights(tx, mailbox, protocol);
            var old = stored(tx, mailbox, protocol);
            switches.add(
                    rights.isEmpty()
                            ? new AccessSwitch(protocol, State.NOT_IN_PLAN, createdAt, "plan", "")
                            : old.map(row -> new AccessSwitch(
                                            protocol, state(row), row.effectiveAt(), row.changedBy(), row.why()))
                                    .orElseGet(() -> byPlan(protocol, rights.get(), createdAt)));
        }
        return switches;
    }

    private static AccessSwitch byPlan(Protocol protocol, OutsideAccess rights, Instant createdAt) {
        return new AccessSwitch(protocol, rights.onByDefault() ? State.ON : State.OFF, createdAt, "plan", "");
    }

    private static State state(Stored row) {
        if (!row.allowed()) {
            return State.OFF;
        }
        return row.effective() ? State.ON : State.COMING_ON;
    }

    /** What the plan says of the switch; empty where it has not the protocol, or cannot be used. */
    private Optional<OutsideAccess> rights(Tx tx, MailboxId mailbox, Protocol protocol) throws SQLException {
        return switch (entitlements.planOf(tx, mailbox)) {
            case PlanLookup.Known(var account, var plan) ->
                plan.rights(protocol).map(ProtocolRights::outsideAccess);
            case PlanLookup.Unusable unusable -> Optional.empty();
            case PlanLookup.NoSuchMailbox gone -> Optional.empty();
        };
    }

    private static Whose whose(Tx tx, MailboxId mailbox) throws SQLException {
        return tx.one(
                "SELECT address, account_id, created_at FROM mailbox WHERE mailbox_id = ?",
                row -> new Whose(
                        mailbox, Addresses.stored(row.text(1)), new AccountId(row.longValue(2)), row.instant(3)),
                mailbox.value());
    }

    private static Optional<Stored> stored(Tx tx, MailboxId mailbox, Protocol protocol) throws SQLException {
        return tx.first("""
                SELECT allowed, effective_at <= clock_timestamp(), effective_at, changed_by, why
                  FROM access_switch WHERE mailbox_id = ? AND protocol = ?
                """, AccessSwitches::stored, mailbox.value(), protocol.lowerCase());
    }

    private static Stored stored(Row row) throws SQLException {
        return new Stored(row.bool(1), row.bool(2), row.instant(3), row.text(4), row.text(5));
    }
}
