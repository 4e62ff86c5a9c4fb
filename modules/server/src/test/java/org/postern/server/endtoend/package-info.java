/**
 * The whole server as its users meet it: a process of its own, TLS sockets, the command line, real mail apps, kill -9.
 */
@NullMarked
package org.postern.server.endtoend;

import org.jspecify.annotations.NullMarked;
