/** FETCH: from data items to what must be read, and from what was read to values; no MIME is parsed here. */
@NullMarked
package org.postern.imap.fetch;

import org.jspecify.annotations.NullMarked;
