package org.postern.delivery.relay.client;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.ArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("RFC 5321 §4.2.1: replies of other hosts")
class ReplyReaderTest {
    private static final ClientLimits LIMITS = ClientLimits.DEFAULT;

    private static ReplyReader reader(String said) {
        return new ReplyReader(new ByteArrayInputStream(said.getBytes(ISO_8859_1)), LIMITS);
    }

    @Test
    @DisplayName("a line of replyLine bytes is read, one of more is none")
    void boundOfALine() throws IOException {
        // A CR counts, for a bare LF ends a line too.
        var longest = "250 " + "x".repeat(LIMITS.replyLine() - "250 \r".length());
        assertThat(reader(longest + "\r\n").read().code()).isEqualTo(250);
        assertThatThrownBy(() -> reader(longest + "x\r\n").read())
                .isInstanceOf(NoSmtp.class)
                .hasMessageContaining("more than " + LIMITS.replyLine() + " bytes");
    }

    @Test
    @DisplayName("a reply of replyLines lines is read, one of more is none")
    void boundOfLines() throws IOException {
        var most = "250-more\r\n".repeat(LIMITS.replyLines() - 1);
        var lines = new ArrayList<String>();
        assertThat(reader(most + "250 last\r\n").read(lines).code()).isEqualTo(250);
        assertThat(lines).hasSize(LIMITS.replyLines()).endsWith("last");
        assertThatThrownBy(() -> reader(most + "250-more\r\n250 last\r\n").read())
                .isInstanceOf(NoSmtp.class)
                .hasMessageContaining("more than " + LIMITS.replyLines() + " lines");
    }
}
