package org.postern.model;

import java.util.Locale;

/** What a client token may be used for and a cap counts by. */
public enum Protocol {
    IMAP,
    POP3,
    SMTP;

    /** The name in config, command line, logs and the database. */
    public String lowerCase() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws IllegalArgumentException for an unknown name */
    public static Protocol of(String name) {
        return valueOf(name.toUpperCase(Locale.ROOT));
    }
}
