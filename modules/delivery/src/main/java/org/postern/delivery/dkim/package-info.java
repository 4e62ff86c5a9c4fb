/**
 * DKIM (RFC 6376, RFC 8301, RFC 8463): the keys of our domains, signatures on what goes out, verdicts on what comes in.
 *
 * <p>Bodies are hashed as they stream; nothing but the header is ever in heap. Private keys are kept sealed by the cluster's secret
 * and only while they may sign.
 */
@NullMarked
package org.postern.delivery.dkim;

import org.jspecify.annotations.NullMarked;
