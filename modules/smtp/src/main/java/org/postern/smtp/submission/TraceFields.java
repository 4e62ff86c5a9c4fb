package org.postern.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.Inet6Address;
import java.security.SecureRandom;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Base64;
import java.util.Locale;
import org.postern.model.Address;
import org.postern.net.TlsDetails;

/** The fields that we put in front of a submitted message: Received (RFC 5321 §4.4), and what is missing (RFC 6409 §8). */
final class TraceFields {
    private static final int ID_BYTES = 16;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);

    private final SubmissionSettings settings;
    private final InstantSource clock;
    private final SecureRandom random;

    TraceFields(SubmissionSettings settings, InstantSource clock, SecureRandom random) {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
    }

    /** @param own the mailbox's own address: who a message is from that does not say */
    byte[] inFrontOf(
            SubmittedHeader header, SubmissionSession session, Transaction transaction, String traceId, Address own) {
        var now = clock.instant();
        var fields = new StringBuilder(received(session, transaction, traceId, now));
        if (header.count("date") == 0) {
            fields.append("Date: ").append(DATE.format(now)).append("\r\n");
        }
        if (header.count("message-id") == 0) {
            fields.append("Message-ID: <")
                    .append(newId())
                    .append('@')
                    .append(settings.host())
                    .append(">\r\n");
        }
        if (header.count("from") == 0) {
            fields.append("From: ").append(transaction.returnPath().orElse(own)).append("\r\n");
        }
        if (header.hasSeveralAuthors() && header.count("sender") == 0) {
            fields.append("Sender: ").append(own).append("\r\n"); // RFC 5322 §3.6.2, RFC 6409 §8.1.
        }
        return fields.toString().getBytes(UTF_8);
    }

    /**
     * Deviates from RFC 5321 §4.4: without a FROM clause unless config asks for it. It would tell every recipient the network
     * address, and often the device's name, of the person who wrote.
     */
    private String received(SubmissionSession session, Transaction transaction, String traceId, Instant now) {
        var field = new StringBuilder("Received: ");
        if (settings.showClientAddress()) {
            field.append("from ")
                    .append(session.clientName().orElse("unknown"))
                    .append(" (")
                    .append(literal(session))
                    .append(")\r\n\t");
        }
        field.append("by ")
                .append(settings.host())
                .append(" (Postern) with ")
                .append(transaction.options().smtpUtf8() ? "UTF8SMTPSA" : "ESMTPSA") // RFC 6531 §3.7.3.
                .append(" id ")
                .append(traceId);
        session.transport().connection().tls().map(TraceFields::comment).ifPresent(field::append);
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

    private static String literal(SubmissionSession session) {
        var client = session.transport().connection().client();
        return client.inet() instanceof Inet6Address ? "[IPv6:" + client + ']' : "[" + client + ']';
    }

    private String newId() {
        var bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
