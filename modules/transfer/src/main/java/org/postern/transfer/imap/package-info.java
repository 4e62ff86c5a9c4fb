/**
 * Any IMAP server as a source, over TLS, read with EXAMINE and PEEK: nothing is changed there. Messages are what UIDVALIDITY and
 * UID say (RFC 9051 §2.3.1.1), which never name another one.
 *
 * <p>Angus Mail keeps the connection, logs in and reads answers; what is asked for is said here, command by command, because its own
 * messages are made over when they are written.
 */
@NullMarked
package org.postern.transfer.imap;

import org.jspecify.annotations.NullMarked;
