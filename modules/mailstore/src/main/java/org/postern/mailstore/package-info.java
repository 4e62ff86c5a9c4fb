/** Folders, messages, contents, the change feed, snapshots. */
@NullMarked
package org.postern.mailstore;

import org.jspecify.annotations.NullMarked;
