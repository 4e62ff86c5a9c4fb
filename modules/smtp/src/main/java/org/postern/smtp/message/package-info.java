/**
 * A message while it comes in.
 *
 * <p>{@code CRLF . CRLF} alone ends DATA, no byte is ever dropped from a message that is accepted, and a line end that two servers
 * could read differently ends the connection ({@link org.postern.smtp.message.DataReader}). Header edited as a whole, body
 * streamed into a spool.
 */
@NullMarked
package org.postern.smtp.message;

import org.jspecify.annotations.NullMarked;
