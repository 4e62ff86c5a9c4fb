/** POP3 beside a peer. */
@NullMarked
package org.postern.bench.pop3;

import org.jspecify.annotations.NullMarked;
