package org.postern.imap;

import java.util.Optional;

/** What a client can switch on for its connection; it stays on until the end (RFC 5161 §3.1). */
public enum Feature {
    /** MODSEQ comes with every FETCH response; other commands switch it on too (RFC 7162 §3.1). */
    CONDSTORE("CONDSTORE"),
    /** VANISHED instead of EXPUNGE, and {@link #CONDSTORE} (RFC 7162 §3.2.3). */
    QRESYNC("QRESYNC"),
    /** No {@code \Recent}, folder names in UTF-8, and what else RFC 9051 appendix E lists. */
    IMAP4REV2("IMAP4rev2"),
    /** Folder names in UTF-8 (RFC 9755 §3). */
    UTF8_ACCEPT("UTF8=ACCEPT"),
    /** UIDs alone: UIDFETCH, VANISHED, and no command by sequence number (RFC 9586 §3). */
    UIDONLY("UIDONLY");

    private final String wire;

    Feature(String wire) {
        this.wire = wire;
    }

    /** @param name as ENABLE has it, in any case */
    public static Optional<Feature> of(String name) {
        for (var feature : values()) {
            if (feature.wire.equalsIgnoreCase(name)) {
                return Optional.of(feature);
            }
        }
        return Optional.empty();
    }

    public String wire() {
        return wire;
    }
}
