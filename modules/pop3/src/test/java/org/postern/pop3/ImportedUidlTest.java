package org.postern.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.mailstore.ImportKey;
import org.postern.mailstore.ImportOutcome;
import org.postern.mailstore.Imports;
import org.postern.mailstore.NewImport;
import org.postern.mailstore.NewMessage;
import org.postern.mime.MessageParser;
import org.postern.mime.bytes.Spool;
import org.postern.model.Flags;
import org.postern.model.FolderName;
import org.postern.model.StorageLimit;
import org.postern.testbed.Person;
import org.postern.testbed.ProtocolServer;
import org.postern.testbed.TestNode;

@DisplayName("Messages that came with UIDLs of another server")
class ImportedUidlTest {
    @RegisterExtension
    static final ProtocolServer POP3 = Pop3Server.standard();

    private static final String LOGIN = """
            S: +OK ...
            C: USER $user
            S: +OK ...
            C: PASS $secret
            S: +OK ...
            """;

    private static void bring(Person person, String uidl) throws IOException {
        var node = POP3.node();
        try (var bytes = Spool.of("Subject: x\r\n\r\nx\r\n".getBytes(StandardCharsets.US_ASCII))) {
            var message = new NewMessage(MessageParser.parse(bytes), bytes, Flags.NONE, TestNode.NOW);
            var brought = new NewImport(message, ImportKey.of(uidl), OptionalLong.empty(), Optional.of(uidl));
            assertThat(new Imports(node.database(), node.feed())
                            .append(
                                    person.mailbox(),
                                    FolderName.INBOX,
                                    Optional.empty(),
                                    List.of(brought),
                                    StorageLimit.NONE))
                    .isInstanceOf(ImportOutcome.Imported.class);
        }
    }

    @Test
    @DisplayName("RFC 1939 §7: UIDL says what the other server called them, in every session; new mail has our own ids")
    void uidl() throws IOException {
        var person = POP3.person();
        bring(person, "0000002a4f93a1b2");
        bring(person, "UID5-1234");
        person.withMessages(1);
        person.clients().plays(LOGIN).plays("""
                C: UIDL
                S: +OK 3 messages ...
                S: 1 0000002a4f93a1b2
                S: 2 UID5-1234
                S: 3 1.3
                S: .
                C: UIDL 2
                S: +OK 2 UID5-1234
                C: DELE 1
                S: +OK Message 1 deleted
                C: QUIT
                S: +OK Goodbye, 1 messages removed
                """);
        person.clients().plays(LOGIN).plays("""
                C: UIDL
                S: +OK 2 messages ...
                S: 1 UID5-1234
                S: 2 1.3
                S: .
                """);
    }
}
