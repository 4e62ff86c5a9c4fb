/** The page on which a mailbox's owner sees its access switches and turns them, over HTTPS. */
@NullMarked
package org.postern.console.owner;

import org.jspecify.annotations.NullMarked;
