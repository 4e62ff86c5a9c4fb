package org.postern.accounts;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.model.ClientAddress;
import org.postern.model.Protocol;
import org.postern.model.TokenId;

/** A client token as its owner sees it: everything but the secret. */
public record TokenInfo(
        TokenId id,
        String name,
        Set<Protocol> scope,
        boolean cramMd5,
        Instant createdAt,
        Optional<Instant> expiresAt,
        Optional<Instant> revokedAt,
        List<Use> uses) {
    /** The last login with one protocol; written in batches, so seconds late. */
    public record Use(Protocol protocol, Instant at, ClientAddress client) {}

    public TokenInfo {
        scope = Set.copyOf(scope);
        uses = List.copyOf(uses);
    }
}
