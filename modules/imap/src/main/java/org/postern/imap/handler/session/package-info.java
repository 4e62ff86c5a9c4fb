/** Commands about the connection itself: who it is, what it can and has switched on (RFC 3501 §6.1, §6.2). */
@NullMarked
package org.postern.imap.handler.session;

import org.jspecify.annotations.NullMarked;
