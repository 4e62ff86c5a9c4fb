/**
 * The profiles of {@code config/profiles}, each walked row by row through real sockets against a node that is started from the
 * profile's own files. A test is named by the row that it shows.
 */
@NullMarked
package org.postern.server.profiles;

import org.jspecify.annotations.NullMarked;
