/**
 * What the process says about itself.
 *
 * <p>Nothing here ever sees a secret: types that hold one never show it ({@code LoginAttempt}, {@code NewToken}).
 */
@NullMarked
package org.postern.server.log;

import org.jspecify.annotations.NullMarked;
