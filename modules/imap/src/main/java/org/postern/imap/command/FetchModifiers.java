package org.postern.imap.command;

import java.util.Optional;

/**
 * What narrows a FETCH (RFC 4466 §2.4 {@code fetch-modifier}).
 *
 * @param page RFC 9394 §3.3: only this page of the messages, UID FETCH only
 */
public record FetchModifiers(Optional<Page> page) {
    public static final FetchModifiers NONE = new FetchModifiers(Optional.empty());
}
