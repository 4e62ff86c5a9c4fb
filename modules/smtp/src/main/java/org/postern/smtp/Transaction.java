package org.postern.smtp;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.delivery.BodyType;
import org.postern.delivery.MailOptions;
import org.postern.delivery.Recipient;
import org.postern.model.Address;
import org.postern.smtp.message.ChunkReader;
import org.postern.smtp.message.IncomingMessage;

/** One mail transaction, from MAIL to the end of the message (RFC 5321 §3.3). */
public final class Transaction {
    private final Optional<Address> returnPath;
    private final MailOptions options;
    private final Map<Address, Recipient> recipients = new LinkedHashMap<>();
    private final List<Recipient> named = new ArrayList<>();
    private Optional<Chunked> chunked = Optional.empty();

    /** A message of which chunks have come in, and not the last. */
    private record Chunked(IncomingMessage message, ChunkReader reader) {}

    /** @param returnPath empty for {@code MAIL FROM:<>} */
    public Transaction(Optional<Address> returnPath, MailOptions options) {
        this.returnPath = returnPath;
        this.options = options;
    }

    public Optional<Address> returnPath() {
        return returnPath;
    }

    public MailOptions options() {
        return options;
    }

    /** Whether parts of the message may be no text (RFC 3030 §3). */
    public boolean isBinary() {
        return options.bodyType() == BodyType.BINARY;
    }

    /** Named twice, a recipient still is one; the first naming's wishes stand. */
    public void add(Recipient recipient) {
        named.add(recipient);
        recipients.putIfAbsent(recipient.address(), recipient);
    }

    public boolean names(Address address) {
        return recipients.containsKey(address);
    }

    public int size() {
        return recipients.size();
    }

    public List<Recipient> recipients() {
        return new ArrayList<>(recipients.values());
    }

    /** Every one that was taken, as often as it was named (RFC 2033 §4.2). */
    public List<Recipient> named() {
        return List.copyOf(named);
    }

    /** The first chunk is about to be read. */
    public void comesInChunks(IncomingMessage message) {
        chunked = Optional.of(new Chunked(message, new ChunkReader(message.sink())));
    }

    /** What has come in by BDAT; whoever ends the transaction closes it. */
    public Optional<IncomingMessage> message() {
        return chunked.map(Chunked::message);
    }

    /** @throws java.util.NoSuchElementException before {@link #comesInChunks} */
    public ChunkReader chunks() {
        return chunked.orElseThrow().reader();
    }
}
