package org.postern.smtp.submission;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import java.util.Optional;
import org.postern.accounts.Access;
import org.postern.accounts.Senders;
import org.postern.mime.Envelope;
import org.postern.mime.EnvelopeAddress;
import org.postern.model.Address;
import org.postern.model.Domain;
import org.postern.model.Refusal;
import org.postern.smtp.message.MessageHeader;

/** Whether a message says in its own header that it is from its sender's addresses (RFC 6409 §6.1, RFC 5322 §3.6.2). */
final class SenderCheck {
    private final Senders senders;

    SenderCheck(Senders senders) {
        this.senders = senders;
    }

    sealed interface Problem {
        record NotOwn(Refusal.NotYourAddress refusal) implements Problem {}

        /** Mail apps could show somebody else than we check. */
        record Unclear(String why) implements Problem {}
    }

    Optional<Problem> problemOf(Access access, MessageHeader header, Envelope envelope) {
        if (header.count("from") > 1 || header.count("sender") > 1) {
            return Optional.of(new Problem.Unclear("More than one From or Sender field"));
        }
        if (envelope.from().isEmpty()) {
            return Optional.of(new Problem.Unclear("The From field names nobody"));
        }
        return problemOf(access, envelope.from())
                .or(() -> header.count("sender") == 0 ? Optional.empty() : problemOf(access, envelope.sender()));
    }

    /** Every address must be the mailbox's: of two, a mail app may show either. */
    private Optional<Problem> problemOf(Access access, List<EnvelopeAddress> named) {
        for (var one : named) {
            switch (one) {
                case EnvelopeAddress.Mailbox mailbox -> {
                    if (!isOwn(access, mailbox)) {
                        var shown = printable(mailbox.mailbox() + '@' + mailbox.host());
                        return Optional.of(new Problem.NotOwn(new Refusal.NotYourAddress(shown)));
                    }
                }
                case EnvelopeAddress.GroupStart start -> {
                    return Optional.of(new Problem.Unclear("A group cannot send"));
                }
                case EnvelopeAddress.GroupEnd close -> {
                    return Optional.of(new Problem.Unclear("A group cannot send"));
                }
            }
        }
        return Optional.empty();
    }

    private boolean isOwn(Access access, EnvelopeAddress.Mailbox mailbox) {
        var domain = Domain.parse(utf8(mailbox.host()));
        if (domain.isEmpty()) {
            return false;
        }
        try {
            var address = new Address(utf8(mailbox.mailbox()), domain.get());
            return address.equals(access.address()) || senders.mayUse(access.mailbox(), address);
        } catch (IllegalArgumentException e) {
            return false; // No address at all, so nobody's own.
        }
    }

    /** An envelope has one character for each byte of the wire. */
    private static String utf8(String wireText) {
        return new String(wireText.getBytes(ISO_8859_1), UTF_8);
    }

    /** What the client wrote goes back to it in ASCII, and not at any length. */
    private static String printable(String text) {
        var shown = new StringBuilder();
        text.chars().limit(Address.MAX_BYTES).forEach(c -> shown.append(c > ' ' && c < 0x7F ? (char) c : '?'));
        return shown.toString();
    }
}
