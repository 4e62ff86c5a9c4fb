@NullMarked
package org.postern.delivery.dns;

import org.jspecify.annotations.NullMarked;
