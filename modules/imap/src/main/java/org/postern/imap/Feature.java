package org.postern.imap;

import java.util.Optional;

/** What a client can switch on for its connection; it stays on until the end (RFC 5161 §3.1). */
public enum Feature {
    /** MODSEQ comes with every FETCH response; other commands switch it on too (RFC 7162 §3.1). */
    CONDSTORE,
    /** VANISHED instead of EXPUNGE, and {@link #CONDSTORE} (RFC 7162 §3.2.3). */
    QRESYNC;

    /** @param name in capitals, as ENABLE has it */
    public static Optional<Feature> of(String name) {
        for (var feature : values()) {
            if (feature.wire().equals(name)) {
                return Optional.of(feature);
            }
        }
        return Optional.empty();
    }

    public String wire() {
        return name();
    }
}
