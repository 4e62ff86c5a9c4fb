package org.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class HeadersTest {
    private static final String BLOCK =
            "Subject: one\r\n two\r\nFrom: a@b\r\ngarbage line\r\nX-I: 1\r\nSUBJECT: three\r\n\r\n";

    private static Headers headers(String block) {
        return Headers.of(block.getBytes(StandardCharsets.ISO_8859_1));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    @Test
    @DisplayName("RFC 9051 §6.4.5.1: HEADER.FIELDS gives the named fields with their folds, and the blank line")
    void only() {
        assertThat(text(headers(BLOCK).only(List.of("SUBJECT", "none"))))
                .isEqualTo("Subject: one\r\n two\r\nSUBJECT: three\r\n\r\n");
        assertThat(text(headers(BLOCK).only(List.of("x-i")))).isEqualTo("X-I: 1\r\n\r\n"); // Turkish i
        assertThat(text(headers(BLOCK).only(List.of()))).isEqualTo("\r\n");
        assertThat(text(headers("A: b").only(List.of("a")))).isEqualTo("A: b");
        assertThat(text(headers("").only(List.of("a")))).isEmpty();
    }

    @Test
    @DisplayName("RFC 9051 §6.4.5.1: HEADER.FIELDS.NOT gives all others, nameless lines too")
    void except() {
        assertThat(text(headers(BLOCK).except(List.of("subject", "from")))).isEqualTo("garbage line\r\nX-I: 1\r\n\r\n");
        assertThat(text(headers(BLOCK).except(List.of()))).isEqualTo(BLOCK);
    }

    @Test
    @DisplayName("bare LF line ends are kept as they are")
    void bareLf() {
        assertThat(text(headers("A: b\n c\nD: e\n\n").only(List.of("a")))).isEqualTo("A: b\n c\n\n");
    }

    @Test
    @DisplayName("values are unfolded and decoded; raw is wire text")
    void values() throws IOException {
        assertThat(headers(BLOCK).values("subject")).containsExactly("one two", "three");
        assertThat(headers(BLOCK).raw("Subject")).contains("one two");
        assertThat(headers(BLOCK).raw("")).isEmpty();
        var corpus = Headers.of(Corpus.message("encoded-words"));
        assertThat(corpus.values("SUBJECT")).containsExactly("split \u00e4 and plain\u65e5\u672c");
        assertThat(corpus.values("from")).containsExactly("Andr\u00e9 Pirard <PIRARD@vm1.ulg.ac.be>");
        assertThat(corpus.values("to").getFirst()).startsWith("\u00e4\u00f6\u00fc <x@example.org>");
        var raw = Headers.of(Corpus.message("headers-8bit"));
        assertThat(raw.values("subject")).containsExactly("caf\u00e9 in Latin-1");
        assertThat(raw.values("x-utf8")).containsExactly("caf\u00e9");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "plain|plain",
                "=?utf-8?Q?a_b?=|a b",
                "=?UTF-8?q?a?= =?utf-8?Q?b?=|ab",
                "=?utf-8?q?a?= b =?utf-8?q?c?=|a b c",
                "x=?utf-8?q?a?=y|xay",
                "=?utf-8?q?=C3?= =?utf-8?q?=A4?=|\u00e4",
                "=?utf-8?q?=C3?= =?iso-8859-1?q?=E4?=|\ufffd\u00e4",
                "=?utf-8?B?w6Q?=|\u00e4",
                "=?utf-8?b?w6Q=!?=|\u00e4",
                "=?iso-8859-1?q?=80uro?=|\u20acuro",
                "=?no-such?q?=E4?=|\u00e4",
                "=?no-such?q?=C3=A4?=|\u00e4",
                "=?gb2312?B?xOO6ww==?=|\u4f60\u597d",
                "=?utf-8?q?with space?=|with space",
                "=?utf-8?q?bad=ZZ?=|bad=ZZ",
                "=?utf-8?x?no?=|=?utf-8?x?no?=",
                "=?utf-8?q?open|=?utf-8?q?open",
                "=?|=?",
                "=?=?utf-8?q?a?=|=?a",
                "=?utf-8?q??=|",
            })
    @DisplayName("RFC 2047: encoded words, well-formed and not")
    void encodedWords(String wire, String text) {
        assertThat(Headers.decode(wire)).isEqualTo(text == null ? "" : text);
    }
}
