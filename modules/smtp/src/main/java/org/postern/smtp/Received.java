package org.postern.smtp;

import java.net.Inet6Address;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.postern.model.Domain;
import org.postern.net.TlsDetails;

/** The Received field that we put in front of a message (RFC 5321 §4.4); nothing is looked up for it. */
public final class Received {
    /** As header fields have it (RFC 5322 §3.3). */
    public static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final SmtpSession session;
    private final Transaction transaction;
    private final String traceId;

    private Received(SmtpSession session, Transaction transaction, String traceId) {
        this.session = session;
        this.transaction = transaction;
        this.traceId = traceId;
    }

    /**
     * The field with its line end.
     *
     * @param showClient whether it tells where the client sits and what it calls itself
     * @param protocol the "with" name without its UTF8 (RFC 6531 §3.7.3): {@code ESMTPSA}
     */
    public static String field(
            SmtpSession session,
            Transaction transaction,
            String traceId,
            Domain host,
            boolean showClient,
            String protocol,
            Instant now) {
        return new Received(session, transaction, traceId).field(host, showClient, protocol, now);
    }

    private String field(Domain host, boolean showClient, String protocol, Instant now) {
        var field = new StringBuilder("Received: ");
        if (showClient) {
            field.append("from ")
                    .append(session.clientName().orElse("unknown"))
                    .append(" (")
                    .append(literal())
                    .append(")\r\n\t");
        }
        field.append("by ")
                .append(host)
                .append(" (Postern) with ")
                .append(transaction.options().smtpUtf8() ? "UTF8" + protocol.replace("ESMTP", "SMTP") : protocol)
                .append(" id ")
                .append(traceId);
        session.transport().connection().tls().map(Received::comment).ifPresent(field::append);
        if (transaction.size() == 1) {
            // Of several recipients none learns of the others (RFC 5321 §7.2).
            field.append("\r\n\tfor <")
                    .append(transaction.recipients().getFirst().address())
                    .append('>');
        }
        return field.append(";\r\n\t").append(DATE.format(now)).append("\r\n").toString();
    }

    private static String comment(TlsDetails tls) {
        return "\r\n\t(" + tls.version() + ' ' + tls.cipher() + ')';
    }

    private String literal() {
        var client = session.transport().connection().client();
        return client.inet() instanceof Inet6Address ? "[IPv6:" + client + ']' : "[" + client + ']';
    }
}
