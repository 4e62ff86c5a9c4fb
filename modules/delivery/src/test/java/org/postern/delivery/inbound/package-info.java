@NullMarked
package org.postern.delivery.inbound;

import org.jspecify.annotations.NullMarked;
