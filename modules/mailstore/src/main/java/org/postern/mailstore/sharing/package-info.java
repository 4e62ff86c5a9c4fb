/**
 * Folders shared between the mailboxes of one account: who may do what (RFC 4314), and what a mailbox sees besides its own.
 *
 * <p>A mailbox is shared with by name of its address, or with all of its account as {@code anyone}; negative entries take away
 * what others give. An owner may always do everything. Flags are the folder's, {@code \Seen} too: one counter and one
 * mod-sequence tell everybody the same, and a team sees what is dealt with. Nothing of a paused mailbox is shared.
 *
 * <p>Rights are asked for whenever they are needed, and never kept. That they may have changed is told as a change of the
 * owner's tree and of those who gain or lose by it, on all nodes: it wakes whoever waits in a folder.
 */
@NullMarked
package org.postern.mailstore.sharing;

import org.jspecify.annotations.NullMarked;
