package org.postern.smtp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.delivery.MailOptions;
import org.postern.delivery.Recipient;
import org.postern.model.Address;

/** One mail transaction, from MAIL to the end of the message (RFC 5321 §3.3). */
final class Transaction {
    private final Optional<Address> returnPath;
    private final MailOptions options;
    private final Map<Address, Recipient> recipients = new LinkedHashMap<>();
    private Optional<Chunked> chunked = Optional.empty();

    /** A message of which chunks have come in, and not the last. */
    private record Chunked(IncomingMessage message, ChunkReader reader) {}

    /** @param returnPath empty for {@code MAIL FROM:<>} */
    Transaction(Optional<Address> returnPath, MailOptions options) {
        this.returnPath = returnPath;
        this.options = options;
    }

    Optional<Address> returnPath() {
        return returnPath;
    }

    MailOptions options() {
        return options;
    }

    /** Named twice, a recipient still is one; the first naming's wishes stand. */
    void add(Recipient recipient) {
        recipients.putIfAbsent(recipient.address(), recipient);
    }

    boolean names(Address address) {
        return recipients.containsKey(address);
    }

    int size() {
        return recipients.size();
    }

    List<Recipient> recipients() {
        return new ArrayList<>(recipients.values());
    }

    /** The first chunk is about to be read. */
    void comesInChunks(IncomingMessage message) {
        chunked = Optional.of(new Chunked(message, new ChunkReader(message.sink())));
    }

    /** What has come in by BDAT; whoever ends the transaction closes it. */
    Optional<IncomingMessage> message() {
        return chunked.map(Chunked::message);
    }

    /** @throws java.util.NoSuchElementException before {@link #comesInChunks} */
    ChunkReader chunks() {
        return chunked.orElseThrow().reader();
    }
}
