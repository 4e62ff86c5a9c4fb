/**
 * Bytes of a command → typed command, production by production of RFC 3501 §9.
 *
 * <p>Invariants: a synchronising literal is invited only when the grammar wants one there and its size is within bounds;
 * whatever the client was promised or sends unasked is read to its end, so that the next line is the next command. Runs
 * on the session's own virtual thread; nothing here is shared.
 */
@NullMarked
package org.postern.imap.grammar;

import org.jspecify.annotations.NullMarked;
