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
 */
public record TokenRequest(String name, Set<Protocol> scope, Optional<Instant> expiresAt) {
    public TokenRequest {
        name = name.strip();
        scope = Set.copyOf(scope);
    }

    /** A token for everything that never expires. */
    public static TokenRequest named(String name) {
        return new TokenRequest(name, EnumSet.allOf(Protocol.class), Optional.empty());
    }
}
