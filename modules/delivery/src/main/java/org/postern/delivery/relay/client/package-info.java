/**
 * The SMTP client (RFC 5321 §3, §4): one blocking connection on its caller's virtual thread.
 *
 * <p>Ours, not Angus Mail's: that wants a parsed {@code MimeMessage} and writes its header anew, says nothing of single recipients
 * but by exceptions, does not pipeline, knows no REQUIRETLS, and bounds neither a line, nor a reply, nor a slow peer in all. Here the
 * bytes go out as they were accepted, in slices; each recipient has its reply; and a {@link Watch} ends every step in time.
 */
@NullMarked
package org.postern.delivery.relay.client;

import org.jspecify.annotations.NullMarked;
