/**
 * The IMAP session (RFC 3501 and the extensions that CAPABILITY names).
 *
 * <p>From bytes to bytes: {@code grammar} reads a command, {@link org.postern.imap.CommandTable} says what is allowed, a
 * {@code handler} answers with a {@code reply}, its encoder writes it. {@code view} knows what the client has been told of the
 * selected folder; {@code fetch} and {@code search} find what it asks for.
 *
 * <p>Invariants: each session runs on its own virtual thread and shares nothing but the backend; no bytes go to a client and
 * no client is waited for inside a transaction; failures become replies in one place, {@link org.postern.imap.ImapSession}.
 */
@NullMarked
package org.postern.imap;

import org.jspecify.annotations.NullMarked;
