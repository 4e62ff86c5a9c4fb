package org.postern.accounts;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Objects;
import java.util.Optional;
import org.postern.accounts.LoginQuery.Found;
import org.postern.model.Address;
import org.postern.model.Protocol;

/**
 * The logins that this node has let in, and what was found of each. That alone lets nobody in: it is what the database has to say
 * again ({@link LoginQuery#unchanged}).
 */
final class KnownLogins {
    /** So many, some 600 bytes each; those used least go first. */
    static final int MAX_KNOWN = 50_000;
    /** Whoever does not come back for so long is forgotten. */
    private static final Duration UNUSED = Duration.ofHours(1);

    private final Cache<Key, Found> known;

    /**
     * The secret by its hash, as the database keeps it. Being part of the key, a wrong one is as unknown at an address that has
     * logged in as at any other.
     */
    @SuppressWarnings("ArrayRecordComponent") // Compared by equals below, in constant time.
    private record Key(String localPart, String domain, Protocol protocol, byte[] secretSha256) {
        /** None where the secret is not said: a computed proof has to be answered before anybody is let in. */
        static Optional<Key> of(LoginAttempt attempt, Optional<Address> address) {
            return address.flatMap(typed -> attempt.proof()
                    .secretSha256()
                    .map(secret ->
                            new Key(typed.foldedLocalPart(), typed.domain().name(), attempt.protocol(), secret)));
        }

        @Override
        public boolean equals(Object other) {
            return other instanceof Key key
                    && localPart.equals(key.localPart)
                    && domain.equals(key.domain)
                    && protocol == key.protocol
                    && MessageDigest.isEqual(secretSha256, key.secretSha256);
        }

        @Override
        public int hashCode() {
            return Objects.hash(localPart, domain, protocol, Arrays.hashCode(secretSha256));
        }
    }

    KnownLogins(int most) {
        this.known = Caffeine.newBuilder()
                .maximumSize(most)
                .expireAfterAccess(UNUSED)
                .executor(Runnable::run) // What there is to tidy is done sooner than another thread is woken.
                .build();
    }

    /** What was found when the same login was let in. */
    Optional<Found> find(LoginAttempt attempt, Optional<Address> address) {
        return Key.of(attempt, address).map(known::getIfPresent);
    }

    /** @param claim that was let in */
    void remember(LoginClaim claim) {
        Key.of(claim.attempt(), claim.address()).ifPresent(key -> known.put(key, claim.found()));
    }

    /** @param claim of which something has changed */
    void forget(LoginClaim claim) {
        Key.of(claim.attempt(), claim.address()).ifPresent(known::invalidate);
    }

    /** How many are remembered, those that are to go not counted. */
    long size() {
        known.cleanUp();
        return known.estimatedSize();
    }
}
