/**
 * What one session's client has been told of the selected folder, and what it shall hear next.
 *
 * <p>Invariants: the client's sequence numbers are always those of the told snapshot; a message leaves it only together with
 * an EXPUNGE response, and such a response is only made where RFC 3501 §7.4.1 allows one. Session's thread only.
 */
@NullMarked
package org.postern.imap.view;

import org.jspecify.annotations.NullMarked;
