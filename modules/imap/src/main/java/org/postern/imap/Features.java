package org.postern.imap;

import java.util.EnumSet;

/** What one client has switched on; read wherever an answer depends on it. Session's thread only. */
public final class Features {
    private final EnumSet<Feature> on = EnumSet.noneOf(Feature.class);

    public boolean has(Feature feature) {
        return on.contains(feature);
    }

    /** Whether folder names are UTF-8, and not in modified UTF-7 (RFC 9051 §5.1, RFC 9755 §3). */
    public boolean utf8Names() {
        return has(Feature.IMAP4REV2) || has(Feature.UTF8_ACCEPT);
    }

    void clear() {
        on.clear();
    }

    /** Switches it on, with what it includes. */
    public void enable(Feature feature) {
        on.add(feature);
        if (feature == Feature.QRESYNC) {
            on.add(Feature.CONDSTORE);
        }
    }
}
