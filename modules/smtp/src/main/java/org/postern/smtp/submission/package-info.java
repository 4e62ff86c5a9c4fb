/** What people send: submission sessions (RFC 6409, RFC 8314), whose every message is its sender's own. */
@NullMarked
package org.postern.smtp.submission;

import org.jspecify.annotations.NullMarked;
