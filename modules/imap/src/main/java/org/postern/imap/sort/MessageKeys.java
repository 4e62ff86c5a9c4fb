package org.postern.imap.sort;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.postern.mime.Envelope;
import org.postern.mime.EnvelopeAddress;
import org.postern.mime.Headers;
import org.postern.mime.SearchText;

/**
 * What SORT and THREAD compare of one message: texts folded as i;unicode-casemap does, empty where there is nothing.
 *
 * @param sentAt seconds of the epoch; {@link #NEVER} when the header does not say
 * @param subject the base subject
 * @param isReplyOrForward whether the subject says so
 * @param from first mailbox of From; likewise {@code to}, {@code cc}
 * @param displayFrom RFC 5957 §3; likewise {@code displayTo}
 * @param id the message id; {@link #NO_ID} without
 * @param ancestors ids of References, oldest first; else the first one of In-Reply-To
 */
@SuppressWarnings("ArrayRecordComponent") // Never compared, never changed.
record MessageKeys(
        long sentAt,
        String subject,
        boolean isReplyOrForward,
        String from,
        String to,
        String cc,
        String displayFrom,
        String displayTo,
        long id,
        long[] ancestors) {
    static final long NEVER = Long.MIN_VALUE;
    static final long NO_ID = 0;

    static MessageKeys of(Envelope envelope) {
        var subject = BaseSubject.of(envelope.subject().orElse(""));
        return new MessageKeys(
                envelope.sentDate().map(Instant::getEpochSecond).orElse(NEVER),
                SearchText.fold(subject.text()),
                subject.isReplyOrForward(),
                mailbox(envelope.from()),
                mailbox(envelope.to()),
                mailbox(envelope.cc()),
                display(envelope.from()),
                display(envelope.to()),
                envelope.messageId().flatMap(MessageKeys::firstId).orElse(NO_ID),
                ancestors(envelope));
    }

    private static long[] ancestors(Envelope envelope) {
        if (!envelope.references().isEmpty()) {
            return envelope.references().stream().mapToLong(MessageKeys::hash).toArray();
        }
        return envelope.inReplyTo().flatMap(MessageKeys::firstId).stream()
                .mapToLong(Long::longValue)
                .toArray();
    }

    /** The first {@code msg-id} of wire text. */
    private static Optional<Long> firstId(String text) {
        int open = text.indexOf('<');
        int close = text.indexOf('>', open + 1);
        return open < 0 || close <= open + 1 ? Optional.empty() : Optional.of(hash(text.substring(open + 1, close)));
    }

    /**
     * An id as 64 bits that nobody can make collide cheaply: a table of ids would cost many times the memory. Quotes around
     * the left side make no difference (RFC 5256 §3, REFERENCES step 1).
     */
    private static long hash(String id) {
        int at = id.lastIndexOf('@');
        boolean quoted = at >= 2 && id.charAt(0) == '"' && id.charAt(at - 1) == '"';
        var plain = quoted ? id.substring(1, at - 1) + id.substring(at) : id;
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256").digest(plain.strip().getBytes(StandardCharsets.UTF_8));
            long hash = ByteBuffer.wrap(digest).getLong();
            return hash == NO_ID ? 1 : hash;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** {@code addr-mailbox} of the first address; of a group, its name (RFC 5256 §3 FROM). */
    private static String mailbox(List<EnvelopeAddress> addresses) {
        return addresses.isEmpty()
                ? ""
                : switch (addresses.getFirst()) {
                    case EnvelopeAddress.Mailbox mailbox -> SearchText.fold(mailbox.mailbox());
                    case EnvelopeAddress.GroupStart(var name) -> SearchText.fold(Headers.decode(name));
                    case EnvelopeAddress.GroupEnd _ -> "";
                };
    }

    /** The first address's display name, decoded; without one, the address itself (RFC 5957 §3). */
    private static String display(List<EnvelopeAddress> addresses) {
        return addresses.isEmpty()
                ? ""
                : switch (addresses.getFirst()) {
                    case EnvelopeAddress.Mailbox mailbox ->
                        SearchText.fold(mailbox.name()
                                .map(Headers::decode)
                                .filter(name -> !name.isEmpty())
                                .orElse(mailbox.mailbox() + '@' + mailbox.host()));
                    case EnvelopeAddress.GroupStart(var name) -> SearchText.fold(Headers.decode(name));
                    case EnvelopeAddress.GroupEnd _ -> "";
                };
    }
}
