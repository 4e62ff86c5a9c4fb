@NullMarked
package org.postern.delivery;

import org.jspecify.annotations.NullMarked;
