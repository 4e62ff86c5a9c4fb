/** Commands that look for messages and answer with numbers (RFC 3501 §6.4.4, RFC 5256). */
@NullMarked
package org.postern.imap.handler.search;

import org.jspecify.annotations.NullMarked;
