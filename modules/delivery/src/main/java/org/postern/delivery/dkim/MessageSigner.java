package org.postern.delivery.dkim;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.InstantSource;
import java.util.Optional;
import org.postern.mime.EnvelopeAddress;
import org.postern.mime.ParsedMessage;
import org.postern.mime.bytes.MessageBytes;
import org.postern.model.Domain;

/** Signs what goes out in the name of the domain that its From shows (RFC 7489 §3.1.1 wants just that). */
public final class MessageSigner {
    private final DkimKeys keys;
    private final InstantSource clock;

    public MessageSigner(DkimKeys keys, InstantSource clock) {
        this.keys = keys;
        this.clock = clock;
    }

    /**
     * The DKIM-Signature fields to put in front of the message; empty for a domain without keys. Not inside a transaction.
     *
     * @throws IOException when the message's bytes cannot be read
     */
    public String sign(MessageBytes message, ParsedMessage parsed) throws IOException {
        var domain = author(parsed);
        return domain.isEmpty()
                ? ""
                : new DkimSigner(keys.signing(domain.get())).sign(message, parsed.headerSize(), clock.instant());
    }

    private static Optional<Domain> author(ParsedMessage parsed) {
        return parsed.envelope().from().stream()
                .filter(EnvelopeAddress.Mailbox.class::isInstance)
                .map(EnvelopeAddress.Mailbox.class::cast)
                .findFirst()
                .flatMap(mailbox -> Domain.parse(new String(mailbox.host().getBytes(ISO_8859_1), UTF_8)));
    }
}
