package org.postern.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class MailCorpusTest {
    private final MailCorpus corpus = new MailCorpus(7);

    @Test
    @DisplayName("the same seed makes the same mail, each message its own")
    void repeats() {
        var messages = corpus.messages(60);
        assertThat(new MailCorpus(7).messages(60)).containsExactlyElementsOf(messages);
        assertThat(messages).doesNotHaveDuplicates();
    }

    @Test
    @DisplayName("no NUL, no bare CR or LF: every transport may carry it")
    void linesEndWithCrLf() {
        for (var message : corpus.messages(60)) {
            var text = new String(message, StandardCharsets.ISO_8859_1);
            assertThat(text.replace("\r\n", "")).doesNotContain("\r", "\n", "\0");
        }
    }

    @Test
    @DisplayName("a large message has about the size asked for")
    void large() {
        assertThat(corpus.large(3_000_000).length).isBetween(2_990_000, 3_010_000);
    }
}
