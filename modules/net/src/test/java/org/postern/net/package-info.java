@NullMarked
package org.postern.net;

import org.jspecify.annotations.NullMarked;
