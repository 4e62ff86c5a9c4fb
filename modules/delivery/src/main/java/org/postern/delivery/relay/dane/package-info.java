/**
 * DANE for SMTP (RFC 7672): a mail host's TLSA records, where DNSSEC proves them, say which certificate it has; whoever strips TLS from the
 * connection or puts another certificate there gets no mail.
 *
 * <p>{@link org.postern.delivery.relay.dane.Dane} finds the records, {@link org.postern.delivery.relay.dane.DanePolicy} holds a certificate
 * against them. Any number of threads.
 */
@NullMarked
package org.postern.delivery.relay.dane;

import org.jspecify.annotations.NullMarked;
