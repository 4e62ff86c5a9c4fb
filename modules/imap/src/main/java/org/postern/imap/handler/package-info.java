/**
 * One file per command, in a folder for what it is about: arguments, checks, one call of the store, one reply (RFC 3501 §6).
 * Handlers keep no state.
 */
@NullMarked
package org.postern.imap.handler;

import org.jspecify.annotations.NullMarked;
