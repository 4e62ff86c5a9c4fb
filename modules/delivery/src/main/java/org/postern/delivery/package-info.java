/** One accepted message into local folders or the outbound queue. */
@NullMarked
package org.postern.delivery;

import org.jspecify.annotations.NullMarked;
