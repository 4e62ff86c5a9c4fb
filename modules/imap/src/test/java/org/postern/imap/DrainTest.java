package org.postern.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

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
}
