package org.postern.accounts;

import java.time.Duration;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.postern.accounts.event.Event;
import org.postern.accounts.event.Events;
import org.postern.database.DatabaseUnavailable;
import org.postern.model.Address;
import org.postern.model.ClientAddress;
import org.postern.model.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether somebody may act as a mailbox's owner: by its account password, which no mail protocol tests.
 *
 * <p>What fails is counted and delayed together with what mail apps fail at; a right password is never delayed. Whatever is
 * wrong, the answer and the work are the same.
 */
public final class OwnerLogins {
    /** Passwords that a node tests at once: each takes 19 MiB and tens of milliseconds of a processor. */
    public static final int AT_ONCE = 4;

    /** How long one waits for its turn. */
    public static final Duration TURN = Duration.ofSeconds(5);

    private static final Logger LOG = LoggerFactory.getLogger(OwnerLogins.class);
    private static final String AUTH_FAILED = new Refusal.AuthFailed().caseName();
    private static final int MAX_TYPED = 320;

    /** Stands for what is no address: nobody can have it (RFC 2606 §2). */
    private static final Address NOBODY = Address.parse("nobody@nobody.invalid").orElseThrow();

    private final Mailboxes mailboxes;
    private final LoginDefence defence;
    private final Events events;
    private final InstantSource clock;
    private final Semaphore turns = new Semaphore(AT_ONCE, true);

    OwnerLogins(Mailboxes mailboxes, LoginDefence defence, Events events, InstantSource clock) {
        this.mailboxes = mailboxes;
        this.defence = defence;
        this.events = events;
        this.clock = clock;
    }

    /**
     * Never throws for a database that is away: that is an answer too.
     *
     * @param typed the mailbox's address or an alias; spaces around it are forgiven
     */
    public OwnerProof prove(String typed, String password, ClientAddress client) {
        var stripped = typed.strip();
        var address = stripped.length() > MAX_TYPED ? Optional.<Address>empty() : Address.parse(stripped);
        try {
            if (!turns.tryAcquire(TURN.toMillis(), TimeUnit.MILLISECONDS)) {
                return unavailable("too many passwords at once");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return unavailable("interrupted");
        }
        try {
            return mailboxes.passwordMatches(address.orElse(NOBODY), password)
                    ? new OwnerProof.Owner(address.orElseThrow())
                    : failed(stripped, address, password, client);
        } catch (DatabaseUnavailable e) {
            return unavailable(e.toString());
        } finally {
            turns.release();
        }
    }

    private OwnerProof failed(String stripped, Optional<Address> address, String password, ClientAddress client) {
        var name = address.map(a -> a.foldedLocalPart() + '@' + a.domain())
                .orElseGet(() -> Events.storable(stripped.toLowerCase(Locale.ROOT)));
        var penalty = defence.failed(client, new Proof.Secret(password), name);
        events.write(Event.of(AUTH_FAILED, clock.instant())
                .client(client)
                .address(name)
                .with("reason", "account-password")
                .with("delay_ms", penalty.delay().toMillis()));
        LOG.atInfo()
                .addKeyValue("case", AUTH_FAILED)
                .addKeyValue("address", name)
                .addKeyValue("client", client)
                .addKeyValue("delay_ms", penalty.delay().toMillis())
                .log("account password refused");
        return new OwnerProof.Wrong(penalty.delay(), penalty.close());
    }

    private static OwnerProof unavailable(String why) {
        LOG.atWarn().log("account password not tested: {}", why);
        return new OwnerProof.Unavailable();
    }
}
