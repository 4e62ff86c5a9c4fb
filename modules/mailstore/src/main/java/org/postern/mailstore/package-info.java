/**
 * Folders, messages, contents, the change feed, snapshots.
 *
 * <p>Invariants, held by every operation and checked after each test by {@code StoreInvariants}:
 *
 * <ul>
 *   <li>Locks are taken in one order: mailbox row (only to change the folder tree), folder rows by (mailbox, folder),
 *       usage row last. They are taken in one statement, decisions are made in the next.
 *   <li>UIDs and modseqs come only from the locked folder row: they become visible in ascending order (RFC 9051
 *       §2.3.1.1, RFC 7162 §3.1). One modseq is one change, and one entry of the change log.
 *   <li>A folder's counters equal the sums over its messages, a mailbox's usage the sum over its folders.
 *   <li>A content is shared by the messages of one mailbox; it is deleted only by the sweep, after a grace.
 * </ul>
 *
 * <p>Every public type may be used by any number of threads. No method holds a connection of the pool while a caller's
 * code that may wait for a client runs; {@link org.postern.mailstore.FolderStore#deliver} alone runs in the caller's
 * transaction.
 */
@NullMarked
package org.postern.mailstore;

import org.jspecify.annotations.NullMarked;
