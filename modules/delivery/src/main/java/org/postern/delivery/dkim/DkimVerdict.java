package org.postern.delivery.dkim;

import java.util.Optional;
import org.postern.model.Domain;

/**
 * What one signature is worth (RFC 6376 §3.9, RFC 8601 §2.7.1).
 *
 * @param domain who takes responsibility: the tag {@code d=}
 * @param beginning the first characters of the signature's value, which tell it from others of that domain (RFC 6008)
 * @param why for people; without quotes
 */
public record DkimVerdict(
        Result result, Optional<Domain> domain, Optional<String> selector, String beginning, String why) {
    /** As Authentication-Results writes them. */
    public enum Result {
        PASS,
        FAIL,
        NEUTRAL,
        POLICY,
        TEMPERROR,
        PERMERROR
    }

    public boolean passed() {
        return result == Result.PASS;
    }
}
