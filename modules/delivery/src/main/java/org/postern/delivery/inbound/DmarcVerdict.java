package org.postern.delivery.inbound;

import java.util.Locale;
import java.util.Optional;
import org.postern.model.Domain;

/**
 * What DMARC says of a message (RFC 7489 §6.6.2).
 *
 * @param from whose name it shows; empty when that is nobody's, or several people's
 * @param asked what the domain asks for, should it fail
 */
record DmarcVerdict(Result result, Optional<Domain> from, DmarcPolicy.Disposition asked) {
    /** As Authentication-Results writes them. */
    enum Result {
        NONE,
        PASS,
        FAIL,
        TEMPERROR,
        PERMERROR;

        String lowerCase() {
            return name().toLowerCase(Locale.ROOT);
        }
    }
}
