package org.postern.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.model.HelpLine;
import org.postern.model.Refusal;

class RepliesTest {
    private final Replies replies = new Replies(new HelpLine("See https://help.example."));

    private String closing(Refusal refusal) {
        return new String(replies.closing(refusal), UTF_8);
    }

    @Test
    @DisplayName("RFC 5321 §3.8: a connection that we end hears 421, with the reason's own code")
    void closes() {
        assertThat(closing(new Refusal.ShuttingDown())).startsWith("421 4.3.2 ").endsWith("\r\n");
        assertThat(closing(new Refusal.IdleTooLong(Duration.ofMinutes(5))))
                .isEqualTo("421 4.4.2 Idle for 5 minutes\r\n");
        assertThat(closing(new Refusal.AccessEnded())).startsWith("421 4.3.2 ");
        assertThat(closing(new Refusal.Unavailable())).startsWith("421 4.3.0 ");
        assertThat(closing(new Refusal.ClearTextOnTlsPort())).startsWith("554 5.7.0 This port speaks TLS");
    }

    @Test
    void refusesWithTheRegisteredCode() {
        assertThat(replies.to(new Refusal.AuthFailed()).getLines().getFirst().toString())
                .startsWith("535 5.7.8 Authentication failed.")
                .endsWith("See https://help.example.");
    }
}
