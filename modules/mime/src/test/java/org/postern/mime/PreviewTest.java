package org.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PreviewTest {
    private static String preview(String message) throws IOException {
        return MessageParser.parse(Spool.of(message.getBytes(StandardCharsets.UTF_8)))
                .preview();
    }

    @Test
    @DisplayName("RFC 8970 §3: at most 200 characters, counted as code points, never half of one")
    void length() throws IOException {
        assertThat(preview("\r\n" + "x".repeat(200))).hasSize(200);
        assertThat(preview("\r\n" + "x".repeat(201))).hasSize(200);
        var smileys = preview("Content-Type: text/plain; charset=utf-8\r\n\r\n" + "\ud83d\ude00".repeat(300));
        assertThat(smileys).isEqualTo("\ud83d\ude00".repeat(200));
        assertThat(preview("\r\n" + "x".repeat(199) + "  y")).isEqualTo("x".repeat(199));
    }

    @Test
    @DisplayName(
            "plain text before HTML, whichever comes first; the HTML when the plain text is blank; never an attachment")
    void choice() throws IOException {
        var html = "--b\r\nContent-Type: text/html\r\n\r\n<p>html\r\n";
        var plain = "--b\r\n\r\nplain\r\n";
        var blank = "--b\r\n\r\n  \r\n";
        var attached = "--b\r\nContent-Disposition: attachment\r\n\r\nattached\r\n";
        var head = "Content-Type: multipart/alternative; boundary=b\r\n\r\n";
        assertThat(preview(head + html + plain + "--b--")).isEqualTo("plain");
        assertThat(preview(head + blank + html + "--b--")).isEqualTo("html");
        assertThat(preview(head.replace("alternative", "mixed") + attached + html + plain))
                .isEqualTo("html");
        assertThat(preview(head + attached + "--b--")).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "<b>bold</b>ly|boldly",
                "a<br>b<p>c</p>d|a b c d",
                "1 < 2 &amp;&lt;&#65;&#x42; &unknown; &|1 < 2 &<AB &unknown; &",
                "<style>p { x }</style>text|text",
                "<script>if (a<b) '</p>'</script>text|text",
                "<!-- <p>no</p> -- > --->yes|yes",
                "<a title='>'>link</a>|link",
                "<a title=\">\">link</a>|link",
                "un<finished|un",
                "&#0;&#xD800;&#99999999999;x|x",
                "<title>t</title><TITLE>T</TITLE>x|x",
                "a&nbsp;&zwnj;&#847; b|a b",
            })
    @DisplayName("HTML without its tags, whatever it looks like")
    void html(String html, String text) throws IOException {
        assertThat(preview("Content-Type: text/html\r\n\r\n" + html)).isEqualTo(text);
    }
}
