/**
 * SEARCH over what the session knows: flags, dates, sizes and numbers from the snapshot alone, headers and text by reading
 * only the messages that these leave undecided.
 */
@NullMarked
package org.postern.imap.search;

import org.jspecify.annotations.NullMarked;
