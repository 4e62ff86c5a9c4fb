package org.postern.transfer;

import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;
import org.postern.mailstore.ImportKey;
import org.postern.model.Flags;

/**
 * What a source knows of a message without its bytes.
 *
 * @param name how a person finds it there: a file's name, a UID
 * @param date the internal date (RFC 9051 §2.3.3)
 * @param size bytes, about
 * @param uid of IMAP, where the source has one
 * @param uidl of POP3, where the source has one of its own; as it stands there
 */
public record MessageFacts(
        String name, ImportKey key, Flags flags, Instant date, long size, OptionalLong uid, Optional<String> uidl) {}
