@NullMarked
package org.postern.line;

import org.jspecify.annotations.NullMarked;
