@NullMarked
package org.postern.smtp;

import org.jspecify.annotations.NullMarked;
