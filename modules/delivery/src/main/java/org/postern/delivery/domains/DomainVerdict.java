package org.postern.delivery.domains;

import java.time.Instant;
import java.util.List;
import org.postern.model.Domain;

/**
 * How far a domain's records were there.
 *
 * @param problems the names of required records that were not there as they should be; empty for a verified domain
 */
public record DomainVerdict(Domain domain, Instant checkedAt, boolean verified, List<String> problems) {
    public DomainVerdict {
        problems = List.copyOf(problems);
    }
}
