@NullMarked
package org.postern.delivery.relay.dane;

import org.jspecify.annotations.NullMarked;
