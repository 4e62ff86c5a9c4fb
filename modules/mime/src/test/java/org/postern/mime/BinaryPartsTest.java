package org.postern.mime;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.mime.BinaryParts.Problem;
import org.postern.mime.bytes.MessageBytes;
import org.postern.mime.bytes.Spool;
import org.postern.mime.bytes.SpoolSettings;

@DisplayName("RFC 3030 §3: binary parts become base64")
class BinaryPartsTest {
    private static final int TEXT_LINE = 1_000;

    @TempDir
    static Path folder;

    /** The message as text; one character for each byte. */
    private static String encoded(String message) throws IOException {
        try (var out = Spool.in(new SpoolSettings(folder, 1 << 20))) {
            assertThat(BinaryParts.encode(bytes(message), out, TEXT_LINE, MimeLimits.DEFAULT))
                    .isEmpty();
            out.finish();
            try (var in = out.open()) {
                return new String(in.readAllBytes(), ISO_8859_1);
            }
        }
    }

    private static Optional<Problem> problem(String message) throws IOException {
        return problem(message, MimeLimits.DEFAULT);
    }

    private static Optional<Problem> problem(String message, MimeLimits limits) throws IOException {
        try (var out = Spool.in(new SpoolSettings(folder, 1 << 20))) {
            return BinaryParts.encode(bytes(message), out, TEXT_LINE, limits);
        }
    }

    private static MessageBytes bytes(String message) {
        return Spool.of(message.getBytes(ISO_8859_1));
    }

    /** The decoded bytes of each leaf. */
    private static List<String> leaves(String message) throws IOException {
        var bytes = bytes(message);
        var leaves = new ArrayList<String>();
        collect(MessageParser.parse(bytes).structure(), bytes, leaves);
        return leaves;
    }

    private static void collect(Structure part, MessageBytes message, List<String> leaves) throws IOException {
        switch (part) {
            case Structure.Multipart multipart -> {
                for (var inside : multipart.parts()) {
                    collect(inside, message, leaves);
                }
            }
            case Structure.MessagePart inside -> collect(inside.body(), message, leaves);
            case Structure.Leaf leaf -> {
                try (var in = PartBytes.open(leaf, message)) {
                    leaves.add(new String(in.readAllBytes(), ISO_8859_1));
                }
            }
        }
    }

    private static String multipart(String... parts) {
        var message = new StringBuilder("Content-Type: multipart/mixed; boundary=\"b\"\r\n\r\npreamble\r\n");
        for (var part : parts) {
            message.append("--b\r\n").append(part).append("\r\n");
        }
        return message + "--b--\r\nepilogue\r\n";
    }

    private static String binary(String content) {
        return "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: binary\r\n\r\n" + content;
    }

    @Test
    @DisplayName("the binary part alone is made over; headers, text, preamble and epilogue stay byte for byte")
    void multipart() throws IOException {
        var text =
                "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: 8bit\r\n\r\n\u00c3\u00a4 b \r\n";
        var photo =
                "x:y\r\nContent-Type: image/png\r\ncontent-transfer-encoding : Binary (as it is)\r\nContent-ID: <1@x>\r\n\r\n";
        assertThat(encoded("Subject: x\r\nContent-Transfer-Encoding: binary\r\n"
                        + multipart(text, photo + "\0\r\n\n\u00ff")))
                .isEqualTo(
                        "Subject: x\r\nContent-Transfer-Encoding: 8bit\r\n"
                                + multipart(
                                        text,
                                        "x:y\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\nContent-ID: <1@x>\r\n\r\nAA0KCv8="));
    }

    @Test
    @DisplayName(
            "a message that is all one binary part keeps its last byte, whatever it is; a message in a message is opened")
    void wholeMessages() throws IOException {
        assertThat(encoded(binary("a\0"))).isEqualTo(binary("YQA=\r\n").replace("binary", "base64"));
        assertThat(encoded(binary("a\r\n"))).isEqualTo(binary("YQ0K\r\n").replace("binary", "base64"));
        assertThat(encoded(binary(""))).isEqualTo(binary("").replace("binary", "base64"));
        var outer = "Content-Type: message/rfc822\r\nContent-Transfer-Encoding: binary\r\n\r\n";
        assertThat(encoded(multipart(outer + "Subject: in\r\n"
                        + multipart(binary("\0")).replace("\"b\"", "c").replace("--b", "--c"))))
                .contains("Content-Transfer-Encoding: 8bit\r\n\r\nSubject: in\r\n", "\r\n\r\nAA==\r\n--c--\r\n");
        assertThat(encoded("Content-Transfer-Encoding: base64\r\n" + multipart(binary("\0"))))
                .as("RFC 2045 §6.4: a multipart has no such encoding, and is opened all the same")
                .contains("\r\n\r\nAA==\r\n--b--");
        assertThat(encoded("Subject: x\r\n\r\nno line end")).endsWith("no line end\r\n");
        assertThat(encoded("")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\n--b\n",
                "\n--b--\r\n",
                "\r--b\r\n",
                "a--b\r\n",
                "\r\n--bb\r\n",
                "\r\n--b x\r\n",
                "\r\n--b--x",
                "\r\n\r\n--",
                "\r\n",
                "\r",
                "\n",
                "",
                "--",
                "\r\n--b\n\r\n"
            })
    @DisplayName("RFC 2046 §5.1.1: only a whole line behind CRLF is a delimiter")
    void boundaries(String content) throws IOException {
        var message = encoded(multipart(binary(content), binary("second")));
        assertThat(leaves(message)).containsExactly(content, "second");
    }

    @Test
    @DisplayName("any bytes of any length come back as they were, also where pieces of them end")
    void anyBytes() throws IOException {
        var random = new Random(3030);
        var contents = new ArrayList<String>();
        for (int around : List.of(0, 57, 57 * 128, CrlfPieces.PIECE_BYTES, 2 * CrlfPieces.PIECE_BYTES)) {
            for (int length = Math.max(0, around - 4); length < around + 4; length++) {
                contents.add("\r".repeat(length));
                contents.add("x".repeat(length) + "\r\n");
                var any = new StringBuilder("x"); // Never a delimiter at once, or behind CRLF.
                random.ints(length, 0, 5).forEach(i -> any.append("\r\n-b\0".charAt(i)));
                contents.add(any.toString().replace("\r\n--b", "\r\nx"));
            }
        }
        var parts = contents.stream().map(BinaryPartsTest::binary).toArray(String[]::new);
        var message = encodedLarge(multipart(parts));
        assertThat(leaves(message)).isEqualTo(contents);
        assertThat(message.lines().mapToInt(String::length).max()).hasValue(76);
    }

    private static String encodedLarge(String message) throws IOException {
        try (var out = Spool.in(new SpoolSettings(folder, 64 << 20))) {
            assertThat(BinaryParts.encode(bytes(message), out, TEXT_LINE, MimeLimits.DEFAULT))
                    .isEmpty();
            out.finish();
            try (var in = out.open()) {
                return new String(in.readAllBytes(), ISO_8859_1);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NUL,           a\\0b",
        "BARE_LINE_END, a\\nb",
        "BARE_LINE_END, a\\rb",
        "BARE_LINE_END, a\\r",
    })
    @DisplayName("RFC 5321 §2.3.8: what is not binary is text")
    void text(Problem problem, String content) throws IOException {
        var text = "Subject: x\r\n\r\n"
                + content.replace("\\0", "\0").replace("\\n", "\n").replace("\\r", "\r");
        assertThat(problem(text)).contains(problem);
        assertThat(problem(multipart(text))).contains(problem);
        assertThat(problem(text.replace("\r\n\r\n", ""))).as("in the header").contains(problem);
    }

    @Test
    @DisplayName("RFC 1847 §2.1: what is signed is text: binary, it cannot be made so without breaking its signature")
    void signed() throws IOException {
        var signature = "Content-Type: application/pgp-signature\r\n\r\nx";
        assertThat(problem(multipart(binary("x"), signature).replace("mixed", "signed")))
                .contains(Problem.NOT_TO_BE_ENCODED);
        assertThat(problem(
                        multipart(multipart(binary("x")).replace("\"b\"", "c").replace("--b", "--c"), signature)
                                .replaceFirst("mixed", "signed")))
                .contains(Problem.NOT_TO_BE_ENCODED);
        assertThat(problem(multipart("\r\ntext", signature).replace("mixed", "signed")))
                .isEmpty();
        assertThat(problem("Content-Type: message/partial\r\nContent-Transfer-Encoding: binary\r\n\r\nx"))
                .contains(Problem.NOT_TO_BE_ENCODED);
    }

    @Test
    @DisplayName("RFC 2046 §5.1: every multipart has a boundary, and ends")
    void unclosed() throws IOException {
        assertThat(problem(multipart(binary("x")).replace("--b--", "--x"))).contains(Problem.UNCLOSED);
        assertThat(problem("Content-Type: multipart/mixed\r\n\r\nx")).contains(Problem.UNCLOSED);
        assertThat(problem("Content-Type: multipart/mixed; boundary=b\r\n")).contains(Problem.UNCLOSED);
        assertThat(problem(multipart("Content-Type: multipart/mixed; boundary=c\r\n\r\n--c\r\n\r\nx")))
                .contains(Problem.UNCLOSED);
    }

    @Test
    @DisplayName("lines, headers, depth and parts have their bounds, and reach them")
    void bounds() throws IOException {
        var limits = MimeLimits.DEFAULT;
        assertThat(problem("Subject: x\r\n\r\n" + "a".repeat(TEXT_LINE))).isEmpty();
        assertThat(problem("Subject: x\r\n\r\n" + "a".repeat(TEXT_LINE + 1))).contains(Problem.LINE_TOO_LONG);

        var few = new MimeLimits(3, 3, 100, limits.fieldBytes(), 3, 3, 2, 10, 500, 100);
        assertThat(problem("X: " + "a".repeat(95) + "\r\n", few)).isEmpty();
        assertThat(problem("X: " + "a".repeat(96) + "\r\n", few)).contains(Problem.HEADER_TOO_LONG);
        assertThat(problem(multipart("\r\n1", "\r\n2"), few)).isEmpty();
        assertThat(problem(multipart("\r\n1", "\r\n2", "\r\n3"), few)).contains(Problem.TOO_MANY_PARTS);
        var message = "Content-Type: message/rfc822\r\n\r\n";
        assertThat(problem(message + message + "X: y\r\n\r\n", few)).isEmpty();
        assertThat(problem(message + message + message + "X: y\r\n\r\n", few)).contains(Problem.TOO_MANY_PARTS);
    }

    /** A message with a part of many megabytes without a line end, made as it is read. */
    private record Endless(long size) implements MessageBytes {
        @Override
        public InputStream open(long from, long length) {
            var start = binary("").getBytes(US_ASCII);
            var rest = new InputStream() {
                private long left = size - start.length;

                @Override
                public int read() {
                    return left-- > 0 ? 0xAA : -1;
                }

                @Override
                public int read(byte[] into, int offset, int most) {
                    int some = (int) Math.min(left, most);
                    left -= some;
                    return some == 0 ? -1 : some;
                }
            };
            return new SequenceInputStream(Collections.enumeration(List.of(new ByteArrayInputStream(start), rest)));
        }
    }

    @Test
    @DisplayName("a part of 30 MB without a line end passes through a few pieces of memory")
    void large() throws IOException {
        try (var out = Spool.in(new SpoolSettings(folder, 64 << 20))) {
            assertThat(BinaryParts.encode(new Endless(30_000_000), out, TEXT_LINE, MimeLimits.DEFAULT))
                    .isEmpty();
            out.finish();
            assertThat(out.inHeap()).isFalse();
            assertThat(out.size()).isBetween(41_000_000L, 41_100_000L);
        }
    }
}
