/** Clients that do as little as a client can, and the mail that they send. */
@NullMarked
package org.postern.bench.client;

import org.jspecify.annotations.NullMarked;
