/**
 * The POP3 session: one file per command, on Apache James' command chain.
 *
 * <p>A session's maildrop is INBOX's snapshot at login and never changes; only QUIT removes anything. Handlers are shared
 * and keep nothing. James' own POP3 handlers are not used: they know no response codes, no SASL, and a maildrop of whole
 * messages by text ids.
 */
@NullMarked
package org.postern.pop3;

import org.jspecify.annotations.NullMarked;
