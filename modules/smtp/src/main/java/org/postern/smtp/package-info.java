/**
 * Submission sessions (RFC 6409, RFC 8314) on James' command chain.
 *
 * <p>One handler a command, each with its RFC; handlers keep nothing, {@link org.postern.smtp.SubmissionSession} keeps it all. A
 * session runs on one virtual thread and is sequential code. The bytes of DATA are taken by {@link org.postern.smtp.DataReader}:
 * {@code CRLF . CRLF} alone ends them, no byte of them is ever dropped from a message that is accepted, and a line end that two
 * servers could read differently ends the connection. Every reply's words are chosen in {@link org.postern.smtp.Replies}.
 */
@NullMarked
package org.postern.smtp;

import org.jspecify.annotations.NullMarked;
