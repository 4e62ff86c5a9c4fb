package org.postern.smtp;

import java.time.Duration;
import java.util.Optional;
import org.apache.james.protocols.api.Response;
import org.postern.smtp.message.IncomingMessage;
import org.postern.smtp.message.MessageLimits;

/** What DATA and BDAT do with a message: the part of them that differs between submission, LMTP and MX. */
public interface MessageTaker<S extends SmtpSession> {
    /** Why this client may send no message at all, if so. */
    Optional<Response> refusal(S session);

    MessageLimits limits(S session);

    /** The longest silence between 354, or a chunk's command, and the first byte (RFC 5321 §4.5.3.2.5). */
    Duration dataPause();

    /** The recipients are complete. Whoever ends the transaction closes the message. */
    IncomingMessage begin(S session, Transaction transaction);

    /** The reply to a message that is refused as a whole; LMTP says it once for each recipient. */
    default Response forAll(S session, Transaction transaction, Response reply) {
        return reply;
    }

    /**
     * Takes the message, or says why not; a reply of success means that it is committed.
     *
     * @param message finished, without a flaw
     */
    Response accept(S session, Transaction transaction, IncomingMessage message);
}
