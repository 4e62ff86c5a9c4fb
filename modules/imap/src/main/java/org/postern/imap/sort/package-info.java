/**
 * SORT and THREAD: messages in the order of what their headers say (RFC 5256).
 *
 * <p>What is compared of a message never changes, so a node keeps it for the folders that were sorted last, within a named
 * bound of messages, and with it each message's rank in every order that was asked for. Objects here are immutable or
 * confined to one command; {@link org.postern.imap.sort.KeyCache} alone is shared.
 */
@NullMarked
package org.postern.imap.sort;

import org.jspecify.annotations.NullMarked;
