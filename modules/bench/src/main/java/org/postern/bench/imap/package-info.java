/** IMAP as a client meets it. */
@NullMarked
package org.postern.bench.imap;

import org.jspecify.annotations.NullMarked;
