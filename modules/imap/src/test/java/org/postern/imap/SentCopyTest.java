package org.postern.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.mailstore.DeliverOutcome.Fate;
import org.postern.mailstore.NewMessage;
import org.postern.mailstore.Parcel;
import org.postern.mime.MessageParser;
import org.postern.mime.bytes.Spool;
import org.postern.model.Flags;
import org.postern.model.FolderName;
import org.postern.model.StorageLimit;
import org.postern.model.SystemFlag;

/** A mail app appends to its folder of sent mail what the server has just filed there. */
class SentCopyTest {
    private static final String MESSAGE = """
            Received: from app by server␍␊Message-ID: <m1@example.org>␍␊Subject: Hello␍␊␍␊Hello, Bob.␍␊␍␊""".replace("␍␊", "\r\n");

    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    private static ImapServer.Person sender(String folder) {
        var person = IMAP.person();
        try (var bytes = Spool.of(MESSAGE.getBytes(StandardCharsets.UTF_8))) {
            var message = new NewMessage(MessageParser.parse(bytes), bytes, Flags.of(SystemFlag.SEEN), ImapServer.NOW);
            var prepared = IMAP.messages()
                    .prepare(List.of(new Parcel(person.mailbox(), new FolderName(folder), message, StorageLimit.NONE)));
            var outcome = IMAP.database().transact(tx -> IMAP.messages().deliver(tx, prepared));
            outcome.committed();
            assertThat(outcome.fates()).first().isInstanceOf(Fate.Delivered.class);
            return person;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("the same Message-ID and body are one message, however often; its flags are those of both")
    void same() {
        try (var imap = sender("Sent").clients()) {
            imap.plays("""
                    C: a1 APPEND Sent (\\Seen \\Answered $$Forwarded) {96+}
                    C- Bcc: eve@example.org␍␊Subject: Hello␊Message-ID:␍␊ <m1@example.org>␍␊X-App: mine␍␊␍␊Hello, Bob.␊
                    C:
                    S: a1 OK [APPENDUID $validity 1] APPEND completed, as the message was there already
                    C: a2 APPEND Sent {49+}
                    C- Message-ID: <m1@example.org>␍␊␍␊Hello, Bob.␍␊␍␊␍␊
                    C:
                    S: a2 OK [APPENDUID $validity 1] ...
                    C: a3 SELECT Sent
                    S: ...
                    S: a3 OK ...
                    C: a4 FETCH 1:* FLAGS
                    S: * 1 FETCH (FLAGS (\\Seen \\Answered $$Forwarded \\Recent))
                    S: a4 OK ...
                    """);
        }
    }

    @Test
    @DisplayName(
            "another body, another Message-ID or none, another folder, several at once: those are messages of their own")
    void others() {
        try (var imap = sender("Sent").clients()) {
            imap.plays("""
                    C: a1 APPEND Sent {45+}
                    C- Message-ID: <m1@example.org>␍␊␍␊Hello, Bob!␍␊
                    C:
                    S: a1 OK [APPENDUID $validity 2] APPEND completed
                    C: a2 APPEND Sent {45+}
                    C- Message-ID: <m2@example.org>␍␊␍␊Hello, Bob.␍␊
                    C:
                    S: a2 OK [APPENDUID $validity 3] APPEND completed
                    C: a3 APPEND Sent {29+}
                    C- Subject: Hello␍␊␍␊Hello, Bob.
                    C:
                    S: a3 OK [APPENDUID $validity 4] APPEND completed
                    C: a4 APPEND Drafts {45+}
                    C- Message-ID: <m1@example.org>␍␊␍␊Hello, Bob.␍␊
                    C:
                    S: a4 OK [APPENDUID $drafts 1] APPEND completed
                    C: a5 APPEND Sent {45+}
                    C- Message-ID: <m1@example.org>␍␊␍␊Hello, Bob.␍␊
                    C-  {1+}␍␊x
                    C:
                    S: a5 OK [APPENDUID $validity 5:6] APPEND completed
                    """);
        }
    }

    @Test
    @DisplayName("what was moved away, or filed longer ago than the window, is not known again")
    void window() {
        var person = sender("Sent");
        try (var imap = person.clients()) {
            IMAP.database()
                    .transact(tx -> tx.update(
                            "UPDATE sent_copy SET filed_at = filed_at - interval '15 minutes' WHERE mailbox_id = ?",
                            person.mailbox().value()));
            imap.plays("""
                    C: a1 APPEND Sent {45+}
                    C- Message-ID: <m1@example.org>␍␊␍␊Hello, Bob.␍␊
                    C:
                    S: a1 OK [APPENDUID $validity 2] APPEND completed
                    """);
        }
        try (var imap = sender("Sent").clients()) {
            imap.plays("""
                    C: a1 SELECT Sent
                    S: ...
                    S: a1 OK ...
                    C: a2 MOVE 1 Archive
                    S: ...
                    S: a2 OK ...
                    C: a3 APPEND Sent {45+}
                    C- Message-ID: <m1@example.org>␍␊␍␊Hello, Bob.␍␊
                    C:
                    S: * 1 EXISTS
                    S: * $n RECENT
                    S: a3 OK [APPENDUID $validity 2] APPEND completed
                    """);
        }
    }
}
