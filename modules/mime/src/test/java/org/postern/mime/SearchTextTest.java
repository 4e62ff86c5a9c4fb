package org.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Reader;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.mime.bytes.Spool;

class SearchTextTest {
    private static String read(Reader reader) throws IOException {
        try (reader) {
            return reader.readAllAsString();
        }
    }

    private static String body(byte[] message) throws IOException {
        var spool = Spool.of(message);
        return read(SearchText.body(MessageParser.parse(spool).structure(), spool, 1_000_000));
    }

    @Test
    @DisplayName(
            "RFC 9051 §6.4.4: BODY looks through every text part and the messages inside, not through attachments or own header")
    void body() throws IOException {
        var text = body(Corpus.message("nested"));
        assertThat(text)
                .contains("plain words", "<p>html words</p>", "subject: the message inside", "first inside", "one line")
                .doesNotContain("nested multiparts", "iVBOR", "%PDF", "preamble");
        assertThat(body(Corpus.message("winmail")))
                .contains("Hello \u00e9 world")
                .doesNotContain("eJ8+");
        assertThat(body(Corpus.message("encodings-damaged")))
                .contains("Hello, world", "a=bc=ZZ \u00e4 trailing\r\nde= f=4");
    }

    @Test
    @DisplayName("RFC 9051 §6.4.4: TEXT looks through the header too, decoded")
    void text() throws IOException {
        var spool = Spool.of(Corpus.message("encoded-words"));
        var structure = MessageParser.parse(spool).structure();
        assertThat(SearchText.contains(SearchText.text(structure, spool, 10_000), "SPLIT \u00c4 AND"))
                .isTrue();
        assertThat(SearchText.contains(SearchText.body(structure, spool, 10_000), "SPLIT"))
                .isFalse();
    }

    @Test
    @DisplayName("unlabelled 8-bit text is UTF-8 where it is, else Latin, also when the look ends inside a character")
    void guesses() throws IOException {
        for (int shift = 0; shift < 4; shift++) {
            var utf8 = ("\r\n" + "x".repeat(8190 + shift) + "\u20ac\ud83d\ude00end").getBytes(StandardCharsets.UTF_8);
            assertThat(body(utf8)).endsWith("\u20ac\ud83d\ude00end");
        }
        assertThat(body("\r\nna\u00efve".getBytes(StandardCharsets.ISO_8859_1))).endsWith("na\u00efve");
        assertThat(body("Content-Type: text/plain; charset=nobody\r\n\r\nna\u00efve"
                        .getBytes(StandardCharsets.ISO_8859_1)))
                .endsWith("na\u00efve");
    }

    @Test
    @DisplayName("the text ends at the bound")
    void bounded() throws IOException {
        var spool = Spool.of(("\r\n" + "x".repeat(100_000)).getBytes(StandardCharsets.US_ASCII));
        var structure = MessageParser.parse(spool).structure();
        assertThat(read(SearchText.body(structure, spool, 50_000))).hasSize(50_000);
        assertThat(read(SearchText.ofPart(structure, spool, 0))).isEmpty();
    }

    @Test
    @DisplayName("RFC 5051: case and composition do not matter, in any locale, wherever the chunks are cut")
    void folds() throws IOException {
        assertThat(SearchText.fold("title i\u0131")).isEqualTo(SearchText.fold("TITLE II"));
        assertThat(SearchText.fold("\u00e4")).isEqualTo(SearchText.fold("A\u0308"));
        for (int at = 8180; at < 8200; at++) {
            var text = "x".repeat(at) + "na\u0308\u0323chste \ud835\udc00 Z";
            assertThat(SearchText.contains(new StringReader(text), "N\u00c4\u0323CHSTE \ud835\udc00 z"))
                    .isTrue();
        }
        assertThat(SearchText.contains(new StringReader("abc"), "")).isTrue();
        assertThat(SearchText.contains(new StringReader(""), "a")).isFalse();
        assertThat(SearchText.contains(new StringReader("\u0308".repeat(100_000) + "needle"), "NEEDLE"))
                .isTrue();
    }
}
