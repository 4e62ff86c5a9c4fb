/** Apache James Protocols' command chains on our connections. */
@NullMarked
package org.postern.line;

import org.jspecify.annotations.NullMarked;
