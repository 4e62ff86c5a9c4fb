/**
 * Delivery status notifications as messages (RFC 3461, RFC 3464, RFC 6522; RFC 6533 where addresses are not ASCII). Only writes
 * them: when and to whom they go is decided by {@link org.postern.delivery.Reports}.
 *
 * <p>Everything here is immutable and may be used by any number of threads.
 */
@NullMarked
package org.postern.delivery.dsn;

import org.jspecify.annotations.NullMarked;
