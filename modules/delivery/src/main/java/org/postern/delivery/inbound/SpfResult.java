package org.postern.delivery.inbound;

import java.util.Locale;

/** What SPF says (RFC 7208 §2.6). */
public enum SpfResult {
    NONE,
    NEUTRAL,
    PASS,
    FAIL,
    SOFTFAIL,
    TEMPERROR,
    PERMERROR;

    /** As Authentication-Results writes it. */
    public String lowerCase() {
        return name().toLowerCase(Locale.ROOT);
    }
}
