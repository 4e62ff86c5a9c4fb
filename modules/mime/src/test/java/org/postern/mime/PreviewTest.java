package org.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.mime.bytes.Spool;

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

    @Test
    @DisplayName("characters that the pieces of 512 bytes cut in two are whole")
    void pieces() throws IOException {
        for (int spaces = 505; spaces < 515; spaces++) {
            var text = " ".repeat(spaces) + "\u00e4\u20ac\ud83d\ude00 end";
            var expected = text.strip();
            assertThat(preview("Content-Type: text/plain; charset=utf-8\r\n\r\n" + text))
                    .isEqualTo(expected);
            assertThat(preview("\r\n" + text)).isEqualTo(expected);
            var quoted = " ".repeat(spaces) + "=C3=\r\n=A4=E2=82=AC=F0=9F=98=80 end";
            assertThat(preview("Content-Type: text/plain; charset=utf-8\r\n"
                            + "Content-Transfer-Encoding: quoted-printable\r\n\r\n" + quoted))
                    .isEqualTo(expected);
            var base64 = Base64.getMimeEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
            assertThat(preview("Content-Type: text/plain; charset=utf-8\r\n"
                            + "Content-Transfer-Encoding: base64\r\n\r\n" + base64))
                    .isEqualTo(expected);
            var style = "<style>" + "p".repeat(spaces) + "</style><a title='" + "q>".repeat(spaces) + "'>link</a>";
            assertThat(preview("Content-Type: text/html; charset=utf-8\r\n\r\n" + style))
                    .isEqualTo("link");
        }
    }

    @Test
    @DisplayName(
            "text of no named charset is UTF-8 if its first 8 KB are, a character cut at their end left aside; else Latin")
    void guess() throws IOException {
        for (int before = 8_180; before < 8_200; before++) {
            var text = "\u00fc" + " ".repeat(before - 2);
            assertThat(preview("\r\n" + text + "\u20ac")).isEqualTo("\u00fc \u20ac");
            assertThat(previewOf("\r\n" + text, "\u00e4 x"))
                    .isEqualTo(before < 8_191 ? "\u00c3\u00bc \u00e4 x" : "\u00fc \ufffd x");
        }
    }

    /** The last of it in Latin-1. */
    private static String previewOf(String text, String latin) throws IOException {
        var out = new ByteArrayOutputStream();
        out.writeBytes(text.getBytes(StandardCharsets.UTF_8));
        out.writeBytes(latin.getBytes(StandardCharsets.ISO_8859_1));
        return MessageParser.parse(Spool.of(out.toByteArray())).preview();
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
