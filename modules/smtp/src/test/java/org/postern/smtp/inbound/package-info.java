@NullMarked
package org.postern.smtp.inbound;

import org.jspecify.annotations.NullMarked;
