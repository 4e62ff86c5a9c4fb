package org.postern.mime;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;

/**
 * The header fields that message lists show, parsed (RFC 9051 §7.5.2, "ENVELOPE"). Strings are wire text; absent fields are empty
 * Optionals (NIL), present but empty ones are "".
 *
 * @param date the Date field's text, unfolded, as written
 * @param sender as {@code from} when the field is absent or empty; likewise {@code replyTo}
 * @param inReplyTo the field's text, unfolded
 * @param messageId the field's text, unfolded
 * @param references the message ids of References, angle brackets off, oldest first
 * @param sentAt what {@code date} means, where that can be made out at all
 */
public record Envelope(
        Optional<String> date,
        Optional<String> subject,
        List<EnvelopeAddress> from,
        List<EnvelopeAddress> sender,
        List<EnvelopeAddress> replyTo,
        List<EnvelopeAddress> to,
        List<EnvelopeAddress> cc,
        List<EnvelopeAddress> bcc,
        Optional<String> inReplyTo,
        Optional<String> messageId,
        List<String> references,
        Optional<OffsetDateTime> sentAt) {

    public static final Envelope EMPTY = new Envelope(
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Optional.empty());

    public Envelope {
        from = List.copyOf(from);
        sender = List.copyOf(sender);
        replyTo = List.copyOf(replyTo);
        to = List.copyOf(to);
        cc = List.copyOf(cc);
        bcc = List.copyOf(bcc);
        references = List.copyOf(references);
    }

    /** The moment of sending: what SORT DATE compares (RFC 5256 §2.2). */
    public Optional<Instant> sentDate() {
        return sentAt.map(OffsetDateTime::toInstant);
    }

    /** The day as the sender wrote it, time and zone left aside: what SENTBEFORE, SENTON, SENTSINCE compare (RFC 9051 §6.4.4). */
    public Optional<LocalDate> sentDay() {
        return sentAt.map(OffsetDateTime::toLocalDate);
    }
}
