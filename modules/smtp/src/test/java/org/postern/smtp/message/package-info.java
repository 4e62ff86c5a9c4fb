@NullMarked
package org.postern.smtp.message;

import org.jspecify.annotations.NullMarked;
