package org.postern.imap.command;

import java.util.Optional;

/**
 * What a search asks: its return options, and the key (RFC 4466 §2.6.1 {@code search-program}).
 *
 * @param options empty for the response of RFC 3501 §7.2.5
 * @param key empty when the client's charset is unknown: its strings cannot be read
 */
public record SearchProgram(Optional<ReturnOptions> options, Optional<SearchKey> key) {
    /** Whether it asks how well messages match. */
    public boolean ranks() {
        return options.filter(some -> some.has(ReturnOptions.Item.RELEVANCY)).isPresent();
    }

    /** Whether {@code $} shall be what is found. */
    public boolean saves() {
        return options.filter(some -> some.has(ReturnOptions.Item.SAVE)).isPresent();
    }
}
