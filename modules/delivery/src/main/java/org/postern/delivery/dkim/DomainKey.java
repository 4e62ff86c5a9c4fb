package org.postern.delivery.dkim;

import java.time.Instant;
import java.util.Optional;
import org.postern.model.Domain;

/**
 * A domain's key as administrators see it.
 *
 * @param record what its TXT record says
 */
public record DomainKey(
        Domain domain,
        String selector,
        KeyAlgorithm algorithm,
        KeyState state,
        String record,
        Instant preparedAt,
        Optional<Instant> activatedAt,
        Optional<Instant> retiredAt) {
    /** Where the record is published (RFC 6376 §3.6.2.1). */
    public String name() {
        return selector + "._domainkey." + domain;
    }

    /** Until when a retired key's record must stay: what it has signed may arrive until then. */
    public Optional<Instant> neededUntil() {
        return retiredAt.map(at -> at.plus(DkimKeys.OVERLAP));
    }
}
