package org.postern.delivery.domains;

import java.util.List;

/**
 * What the DNS has where a record should be.
 *
 * @param found what is there of that name and type
 */
public record Finding(DnsRecord record, State state, List<String> found) {
    /** How it compares. */
    public enum State {
        PRESENT,
        MISSING,
        DIFFERENT,
        /** The DNS could not be asked. */
        UNKNOWN
    }

    public Finding {
        found = List.copyOf(found);
    }
}
