/**
 * mbox: many messages in one file, each after a line that begins with {@code From } (RFC 4155), its flags in header fields of
 * its own; folders are files of a folder, those below {@code Work} in {@code Work.sbd/} or {@code Work/}.
 *
 * <p>Written as mboxrd: a line of {@code From }, after any number of {@code >}, gets one more {@code >}, which is exact. Read
 * as mboxrd too, unless somebody says otherwise; a Content-Length that leads from one {@code From } line to the next, or to the
 * end, is believed, and nothing of such a message is changed.
 */
@NullMarked
package org.postern.transfer.mbox;

import org.jspecify.annotations.NullMarked;
