@NullMarked
package org.postern.delivery.relay;

import org.jspecify.annotations.NullMarked;
