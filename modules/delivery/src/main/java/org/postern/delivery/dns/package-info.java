/** Questions to the DNS, each bounded in time; what it says is a value. */
@NullMarked
package org.postern.delivery.dns;

import org.jspecify.annotations.NullMarked;
