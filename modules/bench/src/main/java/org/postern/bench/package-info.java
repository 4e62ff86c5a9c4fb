/** Benchmarks of whole servers: what a client meets, and what it costs the server. */
@NullMarked
package org.postern.bench;

import org.jspecify.annotations.NullMarked;
