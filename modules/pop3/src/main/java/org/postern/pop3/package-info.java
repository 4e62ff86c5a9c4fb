/** The POP3 session. */
@NullMarked
package org.postern.pop3;

import org.jspecify.annotations.NullMarked;
