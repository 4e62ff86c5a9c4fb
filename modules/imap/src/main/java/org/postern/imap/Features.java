package org.postern.imap;

import java.util.EnumSet;

/** What one client has switched on; read wherever an answer depends on it. Session's thread only. */
public final class Features {
    private final EnumSet<Feature> on = EnumSet.noneOf(Feature.class);

    public boolean has(Feature feature) {
        return on.contains(feature);
    }

    /** Switches it on, with what it includes. */
    public void enable(Feature feature) {
        on.add(feature);
        if (feature == Feature.QRESYNC) {
            on.add(Feature.CONDSTORE);
        }
    }
}
