package org.postern.accounts;

import java.time.Instant;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;
import org.postern.model.Protocol;

/**
 * The wish for a client token.
 *
 * @param name of the mail app, unique among the mailbox's live tokens without regard to case
 * @param scope the protocols it may be used for, at least one
 * @param cramMd5 whether it also answers CRAM-MD5's challenges, for mail apps that know nothing better: what is stored for it
 *     is as good as the secret, where CRAM-MD5 is offered
 */
public record TokenRequest(String name, Set<Protocol> scope, Optional<Instant> expiresAt, boolean cramMd5) {
    public TokenRequest {
        name = name.strip();
        scope = Set.copyOf(scope);
    }

    public TokenRequest(String name, Set<Protocol> scope, Optional<Instant> expiresAt) {
        this(name, scope, expiresAt, false);
    }

    /** A token for everything that never expires. */
    public static TokenRequest named(String name) {
        return new TokenRequest(name, EnumSet.allOf(Protocol.class), Optional.empty());
    }

    public TokenRequest withCramMd5() {
        return new TokenRequest(name, scope, expiresAt, true);
    }
}
