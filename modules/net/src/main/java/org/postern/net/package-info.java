/** Netty: listeners, TLS, PROXY protocol, connections on virtual threads. */
@NullMarked
package org.postern.net;

import org.jspecify.annotations.NullMarked;
