/**
 * The bytes of one message, as whoever reads them sees them, and the spool that holds them in bounded memory while the message
 * is on its way: on the heap, in shared memory, in a file.
 *
 * <p>Threading: a {@link org.postern.mime.bytes.Spool} is written by one thread and, once finished, read by any number.
 */
@NullMarked
package org.postern.mime.bytes;

import org.jspecify.annotations.NullMarked;
