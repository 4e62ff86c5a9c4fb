/**
 * One accepted message into local folders or the queue.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Accepting is one transaction: send quota, queue, recipients, and every local INBOX that can be locked at once. A message is
 *       taken for all its recipients or for none.
 *   <li>A queued recipient is delivered and its row removed in one transaction: exactly once, whenever a process dies.
 *   <li>Locks: queued recipients, by their keys, then folders, then usage (storage), then queue rows, then usage (sending).
 *       Folders, and queued recipients to be claimed, are only locked with SKIP LOCKED: nobody's busy mailbox is waited for.
 *   <li>Large bodies are written before, in transactions of their own.
 * </ul>
 *
 * <p>Every public type may be used by any number of threads.
 */
@NullMarked
package org.postern.delivery;

import org.jspecify.annotations.NullMarked;
