/**
 * Test scope only: a scratch PostgreSQL, certificates, a settable clock, a socket client, wire transcripts.
 *
 * <p>Nothing here knows a session of ours: every client speaks over a real socket, as a stranger would.
 */
@NullMarked
package org.postern.testkit;

import org.jspecify.annotations.NullMarked;
