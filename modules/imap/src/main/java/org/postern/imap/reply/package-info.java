/** What a client is answered, as values, and the one encoder that writes them (RFC 3501 §7, §9). */
@NullMarked
package org.postern.imap.reply;

import org.jspecify.annotations.NullMarked;
