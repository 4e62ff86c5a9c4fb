/**
 * Apache James Protocols' command chains on our connections: what POP3 and SMTP sessions share.
 *
 * <p>A session is sequential code on its connection's virtual thread ({@link org.postern.line.LineSessions}). The chain is built
 * once and its handlers are shared by all sessions: they keep nothing, the {@link org.postern.line.LineSession} keeps it all.
 * Input is taken strictly in order; the replies to commands that came in one flight leave together. What James' dispatcher,
 * transport and sessions do otherwise (swallowed exceptions, trimmed control characters, US-ASCII, commands before TLS) is
 * replaced here, and each replacement has its regression test.
 */
@NullMarked
package org.postern.line;

import org.jspecify.annotations.NullMarked;
