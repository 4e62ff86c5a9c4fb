/**
 * Whole mailboxes in and out, for an administrator who moves them: {@link org.postern.transfer.Importer} brings what a
 * {@link org.postern.transfer.MailSource} has, {@link org.postern.transfer.Exporter} writes to a
 * {@link org.postern.transfer.MailSink}. Each kind of source and sink has its package.
 *
 * <p>A message has an {@link org.postern.mailstore.ImportKey} by which its source tells it from all others; what has been
 * brought is never brought again, so a run may be killed and started anew. Memory is bounded whatever the size of a message or
 * a folder: names and numbers of a folder's messages are held, their bytes are not.
 */
@NullMarked
package org.postern.transfer;

import org.jspecify.annotations.NullMarked;
