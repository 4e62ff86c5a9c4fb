/** Message bytes to header, envelope, body structure and decoded text; the spool that holds a message in bounded memory. */
@NullMarked
package org.postern.mime;

import org.jspecify.annotations.NullMarked;
