package org.postern.imap.command;

import java.util.Optional;
import org.postern.model.Modseq;

/**
 * What narrows a FETCH (RFC 4466 §2.4 {@code fetch-modifier}).
 *
 * @param page only this page of the messages, UID FETCH only (RFC 9394 §3.3)
 * @param changedSince only messages changed after it (RFC 7162 §3.1.4.1)
 * @param vanished which of the UIDs asked for were expunged since then too, UID FETCH only (RFC 7162 §3.2.6)
 */
public record FetchModifiers(Optional<Page> page, Optional<Modseq> changedSince, boolean vanished) {
    public static final FetchModifiers NONE = new FetchModifiers(Optional.empty(), Optional.empty(), false);
}
