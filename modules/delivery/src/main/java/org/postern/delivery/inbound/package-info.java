/**
 * What is to be thought of a message from outside: SPF (RFC 7208), DMARC (RFC 7489) on DKIM's and SPF's verdicts, and what a spam
 * filter says; all of it told in Authentication-Results (RFC 8601).
 *
 * <p>Every look-up is counted and bounded; nothing that the DNS or a message says can make it fail.
 */
@NullMarked
package org.postern.delivery.inbound;

import org.jspecify.annotations.NullMarked;
