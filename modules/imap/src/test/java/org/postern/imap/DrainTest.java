package org.postern.imap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.accounts.Outcome;
import org.postern.testkit.HeldFolder;

class DrainTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @Test
    @DisplayName("REPLIES: a drain tells waiting and idling clients why they are sent away")
    void drain() {
        var person = IMAP.person();
        try (var waiting = person.loggedIn();
                var idling = person.loggedIn()) {
            idling.sendLine("a1 IDLE");
            assertThat(idling.readLine()).isEqualTo("+ idling");
            IMAP.listeners().drain(Duration.ofSeconds(10));
            var bye = "* BYE [UNAVAILABLE] The server is restarting. Connect again in a moment.\r\n";
            assertThat(waiting.readToEnd()).isEqualTo(bye);
            assertThat(idling.readToEnd()).isEqualTo(bye);
        }
    }

    @Test
    @DisplayName("REPLIES: access that ends amid a command lets it finish, answers it, and says BYE")
    void endedInsideACommand() {
        var person = IMAP.person().withMessages(1);
        try (var client = person.loggedIn()) {
            client.sendLine("a1 SELECT INBOX");
            client.readUntil("a1 OK");
            try (var held = new HeldFolder(IMAP.database(), person.mailbox())) {
                client.sendLine("a2 STORE 1 +FLAGS (\\Flagged)");
                await().until(held::isWaitedFor);
                assertThat(IMAP.tokens().revoke(person.address(), "Phone")).isInstanceOf(Outcome.Done.class);
            }
            assertThat(client.readLine()).isEqualTo("* 1 FETCH (FLAGS (\\Flagged \\Recent))");
            assertThat(client.readLine()).isEqualTo("a2 OK STORE completed");
            assertThat(client.readToEnd())
                    .isEqualTo(
                            "* BYE [UNAVAILABLE] Access with this client token has ended. Help: https://example.org/help\r\n");
        }
    }
}
