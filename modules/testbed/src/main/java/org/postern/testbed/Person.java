package org.postern.testbed;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.postern.mailstore.AppendOutcome.Appended;
import org.postern.mailstore.NewMessage;
import org.postern.mime.MessageParser;
import org.postern.mime.bytes.Spool;
import org.postern.model.Address;
import org.postern.model.Flags;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;
import org.postern.testkit.TlsClient;
import org.postern.testkit.Transcript;

/** Somebody with a mailbox and a client token. */
public record Person(ProtocolServer server, MailboxId mailbox, Address address, String secret) {
    /** Stores {@code count} small messages in INBOX, dated a minute apart from {@link TestNode#NOW} on. */
    public Person withMessages(int count) {
        for (int i = 1; i <= count; i++) {
            append("INBOX", "Subject: message " + i + "\r\n\r\nbody " + i + "\r\n", TestNode.NOW.plusSeconds(60L * i));
        }
        return this;
    }

    public Person append(String folder, String message) {
        return append(folder, message, TestNode.NOW);
    }

    public Person append(String folder, String message, Instant date) {
        try (var bytes = Spool.of(message.getBytes(StandardCharsets.UTF_8))) {
            var parsed = new NewMessage(MessageParser.parse(bytes), bytes, Flags.NONE, date);
            var outcome = server.node()
                    .messages()
                    .append(mailbox, new FolderName(folder), List.of(parsed), StorageLimit.NONE);
            if (!(outcome instanceof Appended)) {
                throw new AssertionError(outcome);
            }
            return this;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Clients with TLS from the first byte; the greeting is still to come. {@code $user} and {@code $secret} are known. */
    public Transcript clients() {
        return naming(Transcript.with(() -> TlsClient.to(server.port()).implicit()));
    }

    /** Clients on the port that begins in clear. */
    public Transcript inClear() {
        return naming(Transcript.with(() -> TlsClient.to(server.clearPort()).plain()));
    }

    private Transcript naming(Transcript transcript) {
        return transcript.let("user", address.toString()).let("secret", secret);
    }
}
