/**
 * SMTP sessions on James' command chain: what submission, LMTP and MX share.
 *
 * <p>One handler a command, each with its RFC; handlers keep nothing, {@link org.postern.smtp.SmtpSession} keeps it all. A session
 * runs on one virtual thread and is sequential code. Every reply's words are chosen in {@link org.postern.smtp.Replies}.
 */
@NullMarked
package org.postern.smtp;

import org.jspecify.annotations.NullMarked;
