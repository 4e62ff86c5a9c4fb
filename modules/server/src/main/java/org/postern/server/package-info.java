/** Main, config files, command line; wiring by plain constructors. */
@NullMarked
package org.postern.server;

import org.jspecify.annotations.NullMarked;
