package org.postern.delivery.dkim;

import java.util.Locale;

/** Where a key is in its life: published before it signs, and still published after it has. */
public enum KeyState {
    /** Its record is to be published; it does not sign yet. */
    PREPARED,
    /** Signs. */
    ACTIVE,
    /** Signs no more; its record is kept for what is still on its way. */
    RETIRED;

    /** The name in the command line and the database. */
    public String lowerCase() {
        return name().toLowerCase(Locale.ROOT);
    }

    static KeyState of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
