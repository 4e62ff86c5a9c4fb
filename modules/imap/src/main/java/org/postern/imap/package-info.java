/** The IMAP session. */
@NullMarked
package org.postern.imap;

import org.jspecify.annotations.NullMarked;
