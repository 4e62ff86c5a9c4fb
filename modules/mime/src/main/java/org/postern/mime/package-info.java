/**
 * Message bytes to header, envelope, body structure and decoded text.
 *
 * <p>Invariants: no bytes make the parser fail; every part's extent is ordered and lies inside its parent's; memory is bounded by
 * {@link org.postern.mime.MimeLimits} whatever the message's size. Text taken from a header for the wire is kept as <i>wire text</i>:
 * a String with one char (0–255) for each byte, so that ISO-8859-1 writes back exactly what arrived, encoded words and raw 8-bit bytes
 * included. {@link org.postern.mime.Headers#decode} makes it readable. No type here depends on the default locale.
 *
 * <p>Threading: records are immutable.
 */
@NullMarked
package org.postern.mime;

import org.jspecify.annotations.NullMarked;
