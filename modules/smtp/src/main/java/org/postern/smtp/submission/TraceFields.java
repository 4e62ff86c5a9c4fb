package org.postern.smtp.submission;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.Base64;
import java.util.Set;
import org.postern.model.Address;
import org.postern.smtp.Received;
import org.postern.smtp.Transaction;
import org.postern.smtp.message.HeaderEdit;
import org.postern.smtp.message.MessageHeader;

/**
 * The fields that we put in front of a submitted message: Received (RFC 5321 §4.4), and what is missing (RFC 6409 §8).
 *
 * <p>Deviates from RFC 5321 §4.4: Received is without a FROM clause unless config asks for it. It would tell every recipient the
 * network address, and often the device's name, of the person who wrote.
 */
final class TraceFields {
    private static final int ID_BYTES = 16;

    private final SubmissionSettings settings;
    private final InstantSource clock;
    private final SecureRandom random;

    TraceFields(SubmissionSettings settings, InstantSource clock, SecureRandom random) {
        this.settings = settings;
        this.clock = clock;
        this.random = random;
    }

    /** The sender's secrets (RFC 5322 §3.6.3). */
    static final Set<String> BLIND_COPIES = Set.of("bcc", "resent-bcc");

    /** @param own the mailbox's own address: who a message is from that does not say */
    HeaderEdit edit(SubmissionSession session, Transaction transaction, String traceId, Address own) {
        return new HeaderEdit() {
            @Override
            public byte[] front(MessageHeader header) {
                return inFrontOf(header, session, transaction, traceId, own);
            }

            @Override
            public boolean withholds(String name, String field) {
                return BLIND_COPIES.contains(name) || name.equals("return-path"); // Final delivery's (RFC 5321 §4.4).
            }
        };
    }

    private byte[] inFrontOf(
            MessageHeader header, SubmissionSession session, Transaction transaction, String traceId, Address own) {
        var now = clock.instant();
        var fields = new StringBuilder(Received.field(
                session, transaction, traceId, settings.host(), settings.showClientAddress(), "ESMTPSA", now));
        if (header.count("date") == 0) {
            fields.append("Date: ").append(Received.DATE.format(now)).append("\r\n");
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

    private String newId() {
        var bytes = new byte[ID_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
