/** The certificate that a first start makes for itself. */
@NullMarked
package org.postern.server.tls;

import org.jspecify.annotations.NullMarked;
