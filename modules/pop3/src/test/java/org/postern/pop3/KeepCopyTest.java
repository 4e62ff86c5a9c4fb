package org.postern.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.accounts.MailboxChoices;
import org.postern.model.FolderName;
import org.postern.testbed.Person;
import org.postern.testbed.ProtocolServer;
import org.postern.testbed.TestNode;

@DisplayName("A mailbox that keeps a copy of what POP3 removes")
class KeepCopyTest {
    @RegisterExtension
    static final ProtocolServer POP3 = Pop3Server.standard();

    private static final String LOGIN = """
            S: +OK ...
            C: USER $user
            S: +OK ...
            C: PASS $secret
            S: +OK ...
            """;

    private static void keep(Person person, boolean keeps) {
        TestNode.done(POP3.node().mailboxes().choose(person.address(), MailboxChoices.NONE.pop3KeepsCopy(keeps)));
    }

    private static long inInbox(Person person) {
        var folders = POP3.node().folders();
        var inbox = folders.find(person.mailbox(), FolderName.INBOX).orElseThrow();
        return folders.status(inbox.id()).orElseThrow().messages();
    }

    private static Person withoutItsSecond() {
        var person = POP3.person().withMessages(3);
        keep(person, true);
        person.clients().plays(LOGIN).plays("""
                C: DELE 2
                S: +OK Message 2 deleted
                C: QUIT
                S: +OK Goodbye, 1 messages removed
                """);
        return person;
    }

    @Test
    @DisplayName("DELE and QUIT take a message out of POP3's view for good; IMAP still has it")
    void kept() {
        var person = withoutItsSecond();
        assertThat(inInbox(person)).isEqualTo(3);
        person.clients().plays(LOGIN).plays("""
                C: STAT
                S: +OK 2 60
                C: LIST
                S: +OK 2 messages (60 octets)
                S: 1 30
                S: 2 30
                S: .
                C: RETR 2
                S: +OK 30 octets
                S: Subject: message 3
                S:
                S: body 3
                S: .
                C: RETR 3
                S: -ERR No such message
                """);
    }

    @Test
    @DisplayName("what comes later is seen, with the numbers that follow; UIDLs do not move")
    void newMail() {
        var person = withoutItsSecond();
        var before = person.clients().plays(LOGIN).plays("""
                C: UIDL 2
                S: +OK 2 $third
                """);
        person.withMessages(1)
                .clients()
                .let("third", before.value("third"))
                .plays(LOGIN)
                .plays("""
                C: UIDL
                S: +OK 3 messages ...
                S: 1 $first
                S: 2 $third
                S: 3 $fourth
                S: .
                """);
    }

    @Test
    @DisplayName("without the setting DELE removes for everybody; what was hidden before stays hidden")
    void gone() {
        var person = withoutItsSecond();
        keep(person, false);
        person.clients().plays(LOGIN).plays("""
                C: DELE 1
                S: +OK Message 1 deleted
                C: QUIT
                S: +OK Goodbye, 1 messages removed
                """);
        assertThat(inInbox(person)).isEqualTo(2);
        person.clients().plays(LOGIN).plays("""
                C: STAT
                S: +OK 1 30
                """);
    }
}
