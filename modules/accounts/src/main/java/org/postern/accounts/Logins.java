package org.postern.accounts;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Predicate;
import org.postern.accounts.LoginQuery.Holder;
import org.postern.accounts.event.Event;
import org.postern.accounts.event.Events;
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
 * Decides every login, in two round trips: what is known of address and secret; then the slot. One that was let in before
 * takes one: the slot, if all is still as it was.
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
    private final KnownLogins known = new KnownLogins(KnownLogins.MAX_KNOWN);
    private final CurrentPlans plans;
    private final ConnectionRegistry registry;
    private final LivePlans livePlans;
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
            LivePlans livePlans,
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
        this.livePlans = livePlans;
        this.defence = new LoginDefence(database, secrets, penalties);
        this.uses = uses;
        this.events = events;
        this.meters = meters;
        this.exempt = exempt;
        this.clock = clock;
    }

    /** What plan and access switch say to whoever has shown a right secret. */
    private sealed interface Verdict {
        record Allowed(LivePlan plan, ConnectionCap cap) implements Verdict {}

        record ScopeMissing() implements Verdict {}

        record Forbidden(String reason) implements Verdict {}

        record PlanUnusable(IllegalArgumentException why) implements Verdict {}
    }

    /** Never throws for a database that is away: that is a refusal too. */
    public LoginOutcome logIn(LoginAttempt attempt) {
        var again = again(attempt);
        if (again.isPresent() && verdict(again.get()) instanceof Verdict.Allowed allowed) {
            try {
                return open(again.get(), LoginQuery.unchanged(again.get()), allowed);
            } catch (DatabaseUnavailable e) {
                return undecided(attempt, e);
            }
        }
        return logInAnew(attempt);
    }

    private LoginOutcome logInAnew(LoginAttempt attempt) {
        return switch (prove(attempt)) {
            case ProvenLogin proven -> admit(proven);
            case LoginOutcome.Refused refused -> refused;
        };
    }

    /** What is known if all is as it was when the same login was let in. */
    private Optional<LoginClaim> again(LoginAttempt attempt) {
        var address = address(attempt);
        long mark = registry.mark();
        long termsMark = livePlans.mark();
        return known.find(attempt, address).map(found -> new LoginClaim(attempt, address, mark, termsMark, found));
    }

    /**
     * The first half of a login: whether the secret is right and its mailbox in use. For mechanisms in which the server then
     * has to prove itself too; whoever is proven holds nothing until {@link #admit}. Throws as little as {@link #logIn}.
     */
    public ProofOutcome prove(LoginAttempt attempt) {
        var address = address(attempt);
        try {
            long mark = registry.mark();
            long termsMark = livePlans.mark();
            var found = query.find(address, attempt.proof(), attempt.protocol());
            var claim = new LoginClaim(attempt, address, mark, termsMark, found);
            var reason = whyNot(claim);
            return reason.isPresent() ? authFailed(claim, reason.get()) : new ProvenLogin(claim);
        } catch (DatabaseUnavailable e) {
            return undecided(attempt, e);
        }
    }

    private static Optional<Address> address(LoginAttempt attempt) {
        var typed = attempt.user().strip();
        return typed.length() > MAX_TYPED ? Optional.empty() : Address.parse(typed);
    }

    /** The second half: what the token and the plan allow, and the slot. Throws as little as {@link #logIn}. */
    public LoginOutcome admit(ProvenLogin proven) {
        try {
            return decide(proven.claim());
        } catch (DatabaseUnavailable e) {
            return undecided(proven.claim().attempt(), e);
        }
    }

    private LoginOutcome.Refused undecided(LoginAttempt attempt, DatabaseUnavailable why) {
        LOG.atWarn()
                .addKeyValue("case", UNAVAILABLE.caseName())
                .addKeyValue("session", attempt.sessionId())
                .log("login not decided: {}", why.getMessage());
        return refused(attempt, UNAVAILABLE);
    }

    private LoginOutcome decide(LoginClaim claim) {
        var attempt = claim.attempt();
        var holder = claim.holder();
        return switch (verdict(claim)) {
            case Verdict.Allowed allowed -> {
                var outcome = open(claim, SlotOwner.of(holder.who()), allowed);
                if (outcome instanceof LoginOutcome.LoggedIn) {
                    known.remember(claim);
                }
                yield outcome;
            }
            case Verdict.ScopeMissing missing -> scopeMissing(attempt, holder);
            case Verdict.Forbidden(var reason) -> authFailed(claim, reason);
            case Verdict.PlanUnusable(var why) -> planUnusable(attempt, holder, why);
        };
    }

    private Verdict verdict(LoginClaim claim) {
        var protocol = claim.attempt().protocol();
        var holder = claim.holder();
        if (!holder.scope().contains(protocol)) {
            return new Verdict.ScopeMissing();
        }
        LivePlan plan;
        try {
            plan = LivePlan.of(plans, holder.terms());
        } catch (IllegalArgumentException e) {
            return new Verdict.PlanUnusable(e);
        }
        var rights = plan.get().rights(protocol);
        if (rights.isEmpty()) {
            return new Verdict.Forbidden("not-in-plan");
        }
        return holder.switchedOn().orElse(rights.get().outsideAccess().onByDefault())
                ? new Verdict.Allowed(plan, rights.get().cap())
                : new Verdict.Forbidden("switched-off");
    }

    /** Why the secret does not open this mailbox, in words for support; empty when it does. */
    private static Optional<String> whyNot(LoginClaim claim) {
        var found = claim.found();
        if (claim.address().isEmpty()) {
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

    private LoginOutcome open(LoginClaim claim, SlotOwner owner, Verdict.Allowed allowed) {
        var attempt = claim.attempt();
        var who = owner.who();
        var plan = allowed.plan();
        var cap = allowed.cap();
        return switch (registry.open(claim.mark(), owner, attempt, exempt.test(attempt.client()), cap, plan)) {
            case Admission.Admitted(var access) -> {
                livePlans.admitted(claim.termsMark(), access);
                yield loggedIn(attempt, access);
            }
            case Admission.CapReached(var open, var per) -> capReached(attempt, who, plan, open, cap.max(per), per);
            case Admission.InUse inUse -> refused(attempt, who, new Refusal.MaildropInUse());
            case Admission.TooSoon(var left) -> refused(attempt, who, new Refusal.CheckedTooOften(left));
            case Admission.Changed changed -> {
                known.forget(claim);
                yield logInAnew(attempt);
            }
            case Admission.Ended ended -> authFailed(claim, "ended");
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

    private LoginOutcome.Refused authFailed(LoginClaim claim, String reason) {
        var attempt = claim.attempt();
        var found = claim.found();
        var known = claim.address().map(a -> a.foldedLocalPart() + '@' + a.domain());
        var typed = known.orElseGet(() -> Events.storable(attempt.user().strip().toLowerCase(Locale.ROOT)));
        var penalty = defence.failed(attempt.client(), attempt.proof(), typed);
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
        return new LoginOutcome.Refused(
                penalty.close() ? new Refusal.SlowDown() : AUTH_FAILED, penalty.delay(), penalty.close());
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
                .with("plan", holder.terms().plan()));
        log(Level.ERROR, attempt, UNAVAILABLE)
                .addKeyValue("reason", "plan-unusable")
                .addKeyValue("account", holder.who().account())
                .addKeyValue("plan", holder.terms().plan())
                .log("login refused: {}", why.getMessage());
        return refused(attempt, UNAVAILABLE);
    }

    private LoginOutcome capReached(
            LoginAttempt attempt, Identity who, LivePlan plan, int open, int max, ConnectionCap.Per per) {
        var name = plan.get().name();
        var refusal = new Refusal.CapReached(attempt.protocol(), open, max, per, name);
        events.write(about(event(attempt, refusal), who)
                .with("open", open)
                .with("max", max)
                .with("per", per.lowerCase())
                .with("plan", name));
        log(Level.INFO, attempt, refusal)
                .addKeyValue("address", who.address())
                .addKeyValue("token", who.tokenName())
                .addKeyValue("open", open)
                .addKeyValue("max", max)
                .addKeyValue("per", per.lowerCase())
                .addKeyValue("plan", name)
                .log("login refused");
        meters.capHit(name, attempt.protocol(), per);
        return refused(attempt, refusal);
    }

    /** The secret was right, and what it opens cannot be had now. */
    private LoginOutcome.Refused refused(LoginAttempt attempt, Identity who, Refusal refusal) {
        events.write(about(event(attempt, refusal), who));
        log(Level.INFO, attempt, refusal)
                .addKeyValue("address", who.address())
                .addKeyValue("token", who.tokenName())
                .log("login refused");
        return refused(attempt, refusal);
    }

    private LoginOutcome.Refused refused(LoginAttempt attempt, Refusal refusal) {
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
