/** The servers that are measured, each started in a folder of its own. */
@NullMarked
package org.postern.bench.peer;

import org.jspecify.annotations.NullMarked;
