/** What a client asks, as immutable values: the parser makes them, handlers answer them. */
@NullMarked
package org.postern.imap.command;

import org.jspecify.annotations.NullMarked;
