package org.postern.imap.command;

import java.util.Optional;
import org.postern.model.Address;

/**
 * Whom rights are given to, or taken from (RFC 4314 §2).
 *
 * @param text as the client wrote it
 * @param negative whether it had a dash before it: the rights are taken, whatever other entries give
 * @param address of a mailbox; empty for {@code anyone}
 */
public record Identifier(String text, boolean negative, Optional<Address> address) {}
