package org.postern.accounts;

import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postern.model.AccountId;
import org.postern.model.Address;
import org.postern.model.ClientAddress;
import org.postern.model.ConnectionCap.AtCap;
import org.postern.model.ConnectionId;
import org.postern.model.MailboxId;
import org.postern.model.Plan;
import org.postern.model.Protocol;
import org.postern.model.Refusal;
import org.postern.model.TokenId;

/**
 * One admitted connection: who it is, and the slot that it holds until it is closed.
 *
 * <p>A session closes it <em>before</em> it writes its last reply, so that a client that logs out and in again finds its
 * slot free.
 */
public final class Access implements AutoCloseable {
    private final ConnectionId id;
    private final Identity who;
    private final LoginAttempt attempt;
    private final SlotHolder holder;
    private final LivePlan plan;
    private final ConnectionRegistry registry;

    private final Object lock = new Object();
    private @Nullable Refusal ended;
    private @Nullable Consumer<Refusal> listener;
    private boolean closed;
    private volatile Supplier<Duration> idle = () -> Duration.ZERO;

    /** {@link System#nanoTime} up to which {@link #wasActiveSinceAsked} has answered for. */
    private volatile long askedAt = System.nanoTime();

    Access(
            ConnectionId id,
            Identity who,
            LoginAttempt attempt,
            SlotHolder holder,
            LivePlan plan,
            ConnectionRegistry registry) {
        this.id = id;
        this.who = who;
        this.attempt = attempt.withoutSecret();
        this.holder = holder;
        this.plan = plan;
        this.registry = registry;
    }

    public ConnectionId id() {
        return id;
    }

    public MailboxId mailbox() {
        return who.mailbox();
    }

    public AccountId account() {
        return who.account();
    }

    /** The mailbox's own address, also when an alias logged in. */
    public Address address() {
        return who.address();
    }

    public TokenId token() {
        return who.token();
    }

    public String tokenName() {
        return who.tokenName();
    }

    public Protocol protocol() {
        return attempt.protocol();
    }

    public ClientAddress client() {
        return attempt.client();
    }

    public String sessionId() {
        return attempt.sessionId();
    }

    /** The plan in force now, overrides applied: a reload of the config is seen by the next call. */
    public Plan plan() {
        return plan.get();
    }

    /**
     * Why this access has ended, if it has: token revoked or expired, mailbox paused, kicked, lease lost. A session asks
     * before each command: a node that was frozen past its lease finds out here, before anything else runs.
     */
    public Optional<Refusal> ended() {
        if (registry.hasLapsed()) {
            end(new Refusal.Unavailable());
        }
        synchronized (lock) {
            return Optional.ofNullable(ended);
        }
    }

    /**
     * Calls {@code ending} once when the access ends from outside, at once if it already has; on any thread, so it must
     * not block. Not called by {@link #close}.
     */
    public void onEnd(Consumer<Refusal> ending) {
        Refusal already;
        synchronized (lock) {
            already = ended;
            if (already == null) {
                listener = ending;
            }
        }
        if (already != null) {
            ending.accept(already);
        }
    }

    /**
     * Has the session's connection say how long its client has been silent. Until then it counts as active.
     *
     * @param idle asked on any thread, must not block
     */
    public void idleIs(Supplier<Duration> idle) {
        this.idle = idle;
    }

    /**
     * Leaves the slot: the same client's next session may go on with it at once, and whoever finds his cap full has it then. With the
     * database away it is free soon after that is back. At most one round trip, never inside a transaction.
     */
    @Override
    public void close() {
        synchronized (lock) {
            if (closed) {
                return;
            }
            closed = true;
            listener = null;
        }
        registry.release(this);
    }

    /** Ends the access; the slot stays taken until the session closes it. */
    void end(Refusal why) {
        Consumer<Refusal> told;
        synchronized (lock) {
            if (ended != null || closed) {
                return;
            }
            ended = why;
            told = listener;
            listener = null;
        }
        if (told != null) {
            told.accept(why);
        }
    }

    /** What its slot counts as. */
    SlotHolder holder() {
        return holder;
    }

    /** Whether it has been ended from outside, which {@link #ended} would also look for. */
    boolean hasEnded() {
        synchronized (lock) {
            return ended != null;
        }
    }

    LivePlan livePlan() {
        return plan;
    }

    /** What the plan in force now has happen at the cap. */
    AtCap atCap() {
        return plan.get().rights(protocol()).map(rights -> rights.cap().atCap()).orElse(AtCap.REFUSE);
    }

    /** How long the client has been silent. */
    Duration idle() {
        return idle.get();
    }

    /** Whether the client was heard since this was asked last. */
    boolean wasActiveSinceAsked() {
        long now = System.nanoTime();
        boolean active = now - idle.get().toNanos() >= askedAt;
        askedAt = now;
        return active;
    }
}
