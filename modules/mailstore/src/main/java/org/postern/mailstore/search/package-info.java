/**
 * The search index: which messages of a mailbox hold a piece of text.
 *
 * <p>Each content's readable text is extracted and folded in the background, and kept as one row. A thousand texts make a
 * block: bitmaps that tell, for three bytes in a row, which of them may hold these. A search reads a few bitmaps of each
 * block, then compares only the texts that are left; texts in no block yet are compared all. What is not extracted yet
 * is answered "unknown", and the caller reads the message itself: an answer is never incomplete. Everything is keyed by
 * mailbox, so nobody pays for a neighbour's mail.
 */
@NullMarked
package org.postern.mailstore.search;

import org.jspecify.annotations.NullMarked;
