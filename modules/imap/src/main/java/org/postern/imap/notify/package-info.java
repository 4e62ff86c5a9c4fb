/**
 * NOTIFY: what a client wants to hear although it did not ask just now (RFC 5465).
 *
 * <p>Nobody writes down what happened: the session knows what it has told of names, subscriptions, annotations and counters,
 * and tells the difference to what they are now. So a burst of changes is one answer, whatever its length, and nothing of it is
 * queued. Sessions without NOTIFY hold nothing of this. Session's thread only.
 */
@NullMarked
package org.postern.imap.notify;

import org.jspecify.annotations.NullMarked;
