package org.postern.delivery;

import java.util.List;
import java.util.Optional;
import org.postern.mime.ParsedMessage;
import org.postern.mime.bytes.MessageBytes;
import org.postern.model.Address;

/**
 * One message that a logged-in client has handed over, complete.
 *
 * @param returnPath where bounces go; empty for the null return path of a notification
 * @param recipients at least one
 * @param bytes the message with our trace fields in front, line ends CRLF; the caller closes it afterwards
 * @param parsed of {@code bytes}
 * @param blindCopies the Bcc fields as the client wrote them, each with its line end: for the sender's own copy alone
 * @param traceId of the session and message, as in the Received field and the logs
 */
public record Submission(
        Optional<Address> returnPath,
        List<Recipient> recipients,
        MessageBytes bytes,
        ParsedMessage parsed,
        String blindCopies,
        MailOptions options,
        String traceId) {
    public Submission {
        recipients = List.copyOf(recipients);
        if (recipients.isEmpty()) {
            throw new IllegalArgumentException("a submission has at least one recipient");
        }
    }
}
