@NullMarked
package org.postern.delivery.dkim;

import org.jspecify.annotations.NullMarked;
