/**
 * What other servers bring: LMTP (RFC 2033) from a mail edge that has looked at it, and SMTP from the world on an MX.
 *
 * <p>Nobody logs in here and nothing is relayed: every recipient is one of ours. An LMTP client is trusted for the place that it
 * comes from, an MX client not at all.
 */
@NullMarked
package org.postern.smtp.inbound;

import org.jspecify.annotations.NullMarked;
