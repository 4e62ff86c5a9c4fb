package org.postern.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Instant;
import java.util.Map;
import org.postern.mailstore.NewMessage;
import org.postern.mime.MessageParser;
import org.postern.mime.bytes.MessageBytes;
import org.postern.model.Address;
import org.postern.model.Flags;
import org.postern.model.MailboxId;
import org.postern.model.SystemFlag;

/**
 * A submitted message as its sender's folder of sent mail keeps it: what was sent, behind the Bcc fields that nobody else gets
 * (RFC 5322 §3.6.3), for whoever wrote it wants to see whom it went to; {@code \Seen}. Its Message-ID, and its body byte for byte, are
 * those of the message as the client wrote it: so it can be told when the client appends its own copy too.
 */
final class SentCopy {
    /** Nobody is told when it cannot be filed: what was sent is sent. */
    private static final Map<String, String> UNREPORTED = Map.of("NOTIFY", "NEVER");

    private SentCopy() {}

    /** @param blindCopies the Bcc fields; most often none */
    static NewMessage of(Letter sent, String blindCopies, Instant at) throws IOException {
        var copy = blindCopies.isEmpty() ? sent : parsed(new PrefixedBytes(blindCopies.getBytes(UTF_8), sent.bytes()));
        return new NewMessage(copy.parsed(), copy.bytes(), Flags.of(SystemFlag.SEEN), at);
    }

    /** Anew, for its envelope names more people. */
    private static Letter parsed(MessageBytes bytes) throws IOException {
        return new Letter(bytes, MessageParser.parse(bytes));
    }

    /** Who waits for it where it cannot be filed at once. */
    static Recipient recipient(Address own, MailboxId mailbox) {
        return new Recipient(own, new Destination.Mailbox(mailbox), UNREPORTED);
    }
}
