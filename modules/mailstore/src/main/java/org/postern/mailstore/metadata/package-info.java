/**
 * What clients note about folders and about the mailbox as a whole (RFC 5464): a few small values, found by name.
 *
 * <p>Invariants: a value belongs to a folder's id and so follows RENAME; every change locks the mailbox row first and takes the
 * next {@code tree_modseq} from it; what was removed is remembered by name, the latest few of each folder.
 */
@NullMarked
package org.postern.mailstore.metadata;

import org.jspecify.annotations.NullMarked;
