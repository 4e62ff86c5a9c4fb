/**
 * Maildir: one file a message, its flags in its name; Maildir++ folders ({@code .Work.2026}) and nested ones, and what Dovecot and
 * Courier put beside them. Read while it is in use, and never changed.
 */
@NullMarked
package org.postern.transfer.maildir;

import org.jspecify.annotations.NullMarked;
