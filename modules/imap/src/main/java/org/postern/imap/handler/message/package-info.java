/** Commands that read, store, change and remove messages (RFC 3501 §6.3.11, §6.4). */
@NullMarked
package org.postern.imap.handler.message;

import org.jspecify.annotations.NullMarked;
