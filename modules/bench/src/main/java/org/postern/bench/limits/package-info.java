/** What caps and quotas cost. */
@NullMarked
package org.postern.bench.limits;

import org.jspecify.annotations.NullMarked;
