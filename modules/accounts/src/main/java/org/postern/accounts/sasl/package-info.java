/**
 * The SASL mechanisms (RFC 4422), once for IMAP, POP3 and SMTP: each protocol only carries {@link
 * org.postern.accounts.sasl.SaslStep}s to its client and back. What decides a login is {@link org.postern.accounts.Logins}.
 *
 * <p>A new mechanism is one class that implements {@link org.postern.accounts.sasl.Mechanism}, one line in {@link
 * org.postern.accounts.sasl.Sasl}, and, where it does not send the secret, one {@link org.postern.accounts.Proof} more.
 *
 * <p>All are offered under TLS only. Nothing here keeps or logs a secret.
 */
@NullMarked
package org.postern.accounts.sasl;

import org.jspecify.annotations.NullMarked;
