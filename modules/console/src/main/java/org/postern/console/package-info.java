/** HTTP for operators: metrics, health, readiness. */
@NullMarked
package org.postern.console;

import org.jspecify.annotations.NullMarked;
