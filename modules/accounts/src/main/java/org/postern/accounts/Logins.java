package org.postern.accounts;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.postern.accounts.LoginQuery.Holder;
import org.postern.database.Database;
import org.postern.database.DatabaseUnavailable;
import org.postern.model.Address;
import org.postern.model.ClientAddress;
import org.postern.model.ConnectionCap;
import org.postern.model.MailboxId;
import org.postern.model.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;
import org.slf4j.spi.LoggingEventBuilder;

/**
 * Decides every login, in two round trips: what is known of address and secret; then the slot.
 *
 * <p>An alias may log in to its mailbox, a {@code +detail} or a local part alone may not. Whatever lacks the right secret,
 * or whose mailbox may not be used, gets the same answer after the same statements and the same kind of delay. The
 * account password is never tested here: it is a wrong secret like any other.
 */
public final class Logins {
    private static final Logger LOG = LoggerFactory.getLogger(Logins.class);
    private static final Refusal AUTH_FAILED = new Refusal.AuthFailed();
    private static final Refusal UNAVAILABLE = new Refusal.Unavailable();
    private static final int MAX_TYPED = 320;

    private final LoginQuery query;
    private final CurrentPlans plans;
    private final ConnectionRegistry registry;
    private final LoginDefence defence;
    private final TokenUses uses;
    private final Events events;
    private final AccountsMeters meters;
    private final Predicate<ClientAddress> exempt;
    private final InstantSource clock;

    /** @param exempt the client addresses that count against no cap: webmail, offices behind one address */
    public Logins(
            Database database,
            CurrentPlans plans,
            ConnectionRegistry registry,
            ClusterSecrets secrets,
            PenaltySettings penalties,
            TokenUses uses,
            Events events,
            AccountsMeters meters,
            Predicate<ClientAddress> exempt,
            InstantSource clock) {
        this.query = new LoginQuery(database);
        this.plans = plans;
        this.registry = registry;
        this.defence = new LoginDefence(database, secrets, penalties);
        this.uses = uses;
        this.events = events;
        this.meters = meters;
        this.exempt = exempt;
        this.clock = clock;
    }

    /** Never throws for a database that is away: that is a refusal too. */
    public LoginOutcome logIn(LoginAttempt attempt) {
        try {
            return decide(attempt);
        } catch (DatabaseUnavailable e) {
            LOG.atWarn()
                    .addKeyValue("case", UNAVAILABLE.caseName())
                    .addKeyValue("session", attempt.sessionId())
                    .log("login not decided: {}", e.getMessage());
            return refused(attempt, UNAVAILABLE);
        }
    }

    private LoginOutcome decide(LoginAttempt attempt) {
        var typed = attempt.user().strip();
        var address = typed.length() > MAX_TYPED ? Optional.<Address>empty() : Address.parse(typed);
        var secret = TokenSecret.typed(attempt.secret());
        long mark = registry.mark();
        var found = query.find(address, secret, attempt.protocol());
        var reason = whyNot(address, found);
        if (reason.isPresent()) {
            return authFailed(attempt, address, secret, found, reason.get());
        }
        var holder = found.holder().orElseThrow();
        if (!holder.scope().contains(attempt.protocol())) {
            return scopeMissing(attempt, holder);
        }
        LivePlan plan;
        try {
            plan = LivePlan.of(plans, holder.plan(), holder.overrides());
        } catch (IllegalArgumentException e) {
            return planUnusable(attempt, holder, e);
        }
        var cap = plan.get().connections().get(attempt.protocol());
        if (!holder.switchedOn() || cap == null) {
            return authFailed(attempt, address, secret, found, cap == null ? "not-in-plan" : "switched-off");
        }
        return admit(mark, attempt, address, secret, found, plan, cap);
    }

    /** Why the secret does not open this mailbox, in words for support; empty when it does. */
    private static Optional<String> whyNot(Optional<Address> address, LoginQuery.Found found) {
        if (address.isEmpty()) {
            return Optional.of("not-an-address");
        }
        if (found.addressee().isEmpty()) {
            return Optional.of("unknown-address");
        }
        if (found.holder().isEmpty()) {
            return Optional.of("unknown-secret");
        }
        var holder = found.holder().get();
        if (holder.who().mailbox().value() != found.addressee().getAsLong()) {
            return Optional.of("secret-of-another-mailbox");
        }
        if (holder.revoked()) {
            return Optional.of("revoked");
        }
        if (holder.expired()) {
            return Optional.of("expired");
        }
        if (holder.paused()) {
            return Optional.of("paused");
        }
        return holder.suspended() ? Optional.of("suspended") : Optional.empty();
    }

    private LoginOutcome admit(
            long mark,
            LoginAttempt attempt,
            Optional<Address> address,
            TokenSecret secret,
            LoginQuery.Found found,
            LivePlan plan,
            ConnectionCap cap) {
        var who = found.holder().orElseThrow().who();
        return switch (registry.open(mark, who, attempt, exempt.test(attempt.client()), cap, plan)) {
            case Admission.Admitted(var access) -> loggedIn(attempt, access);
            case Admission.CapReached(var open, var perClientAddress) ->
                capReached(
                        attempt,
                        who,
                        plan,
                        open,
                        perClientAddress ? cap.perClientAddress() : cap.perMailbox(),
                        perClientAddress);
            case Admission.Ended ended -> authFailed(attempt, address, secret, found, "ended");
            case Admission.NotReady notReady -> {
                log(Level.WARN, attempt, UNAVAILABLE)
                        .addKeyValue("reason", "not-ready")
                        .log("login refused");
                yield refused(attempt, UNAVAILABLE);
            }
        };
    }

    private LoginOutcome loggedIn(LoginAttempt attempt, Access access) {
        uses.note(access.token(), attempt.protocol(), attempt.client(), clock.instant());
        meters.login(attempt.protocol(), "logged-in");
        LOG.atInfo()
                .addKeyValue("case", "logged-in")
                .addKeyValue("session", attempt.sessionId())
                .addKeyValue("mailbox", access.mailbox())
                .addKeyValue("address", access.address())
                .addKeyValue("token", access.tokenName())
                .addKeyValue("protocol", attempt.protocol().lowerCase())
                .addKeyValue("client", attempt.client())
                .addKeyValue("connection", access.id())
                .log("logged in");
        return new LoginOutcome.LoggedIn(access);
    }

    private LoginOutcome authFailed(
            LoginAttempt attempt,
            Optional<Address> address,
            TokenSecret secret,
            LoginQuery.Found found,
            String reason) {
        var known = address.map(a -> a.foldedLocalPart() + '@' + a.domain());
        var typed = known.orElseGet(() -> Events.storable(attempt.user().strip().toLowerCase(Locale.ROOT)));
        var penalty = defence.failed(attempt, typed, secret);
        var event = event(attempt, AUTH_FAILED)
                .with("reason", reason)
                .with("delay_ms", penalty.delay().toMillis());
        // Whose token it is counts only where the address is right too: else a stranger's typing would name it.
        var holder = found.holder()
                .filter(h -> !reason.equals("secret-of-another-mailbox")
                        && found.addressee().isPresent());
        if (holder.isPresent()) {
            event = about(event, holder.get().who());
        } else if (found.addressee().isPresent()) {
            event = event.of(new MailboxId(found.addressee().getAsLong()));
        } else {
            event = event.address(typed);
        }
        events.write(event);
        log(Level.INFO, attempt, AUTH_FAILED)
                .addKeyValue("address", typed)
                .addKeyValue("reason", reason)
                .addKeyValue("token", holder.map(h -> h.who().tokenName()).orElse(""))
                .addKeyValue("delay_ms", penalty.delay().toMillis())
                .log("login refused");
        meters.login(attempt.protocol(), AUTH_FAILED.caseName());
        return new LoginOutcome.Refused(AUTH_FAILED, penalty.delay(), penalty.close());
    }

    private LoginOutcome scopeMissing(LoginAttempt attempt, Holder holder) {
        var refusal = new Refusal.ScopeMissing(attempt.protocol());
        events.write(about(event(attempt, refusal), holder.who()));
        log(Level.INFO, attempt, refusal)
                .addKeyValue("address", holder.who().address())
                .addKeyValue("token", holder.who().tokenName())
                .log("login refused");
        return refused(attempt, refusal);
    }

    /** Unknown is never unlimited: nobody gets in until the config is right. */
    private LoginOutcome planUnusable(LoginAttempt attempt, Holder holder, IllegalArgumentException why) {
        events.write(about(event(attempt, UNAVAILABLE), holder.who())
                .with("reason", "plan-unusable")
                .with("plan", holder.plan()));
        log(Level.ERROR, attempt, UNAVAILABLE)
                .addKeyValue("reason", "plan-unusable")
                .addKeyValue("account", holder.who().account())
                .addKeyValue("plan", holder.plan())
                .log("login refused: {}", why.getMessage());
        return refused(attempt, UNAVAILABLE);
    }

    private LoginOutcome capReached(
            LoginAttempt attempt, Identity who, LivePlan plan, int open, int max, boolean perClientAddress) {
        var name = plan.get().name();
        var refusal = new Refusal.CapReached(attempt.protocol(), open, max, perClientAddress, name);
        var per = perClientAddress ? "client-address" : "mailbox";
        events.write(about(event(attempt, refusal), who)
                .with("open", open)
                .with("max", max)
                .with("per", per)
                .with("plan", name));
        log(Level.INFO, attempt, refusal)
                .addKeyValue("address", who.address())
                .addKeyValue("token", who.tokenName())
                .addKeyValue("open", open)
                .addKeyValue("max", max)
                .addKeyValue("per", per)
                .addKeyValue("plan", name)
                .log("login refused");
        meters.capHit(name, attempt.protocol(), perClientAddress);
        return refused(attempt, refusal);
    }

    private LoginOutcome refused(LoginAttempt attempt, Refusal refusal) {
        meters.login(attempt.protocol(), refusal.caseName());
        return new LoginOutcome.Refused(refusal, Duration.ZERO, false);
    }

    private Event event(LoginAttempt attempt, Refusal refusal) {
        return Event.of(refusal.caseName(), clock.instant())
                .session(attempt.protocol(), attempt.client(), attempt.sessionId());
    }

    private static Event about(Event event, Identity who) {
        return event.of(who.account(), who.mailbox()).token(who.token()).with("token", who.tokenName());
    }

    private static LoggingEventBuilder log(Level level, LoginAttempt attempt, Refusal refusal) {
        return LOG.atLevel(level)
                .addKeyValue("case", refusal.caseName())
                .addKeyValue("session", attempt.sessionId())
                .addKeyValue("protocol", attempt.protocol().lowerCase())
                .addKeyValue("client", attempt.client());
    }
}
