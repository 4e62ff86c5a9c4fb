package org.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.mime.Structure.Basic;
import org.postern.mime.Structure.MessagePart;
import org.postern.mime.Structure.Multipart;
import org.postern.mime.Structure.Text;
import org.postern.mime.bytes.Spool;

/** Each bound of {@link MimeLimits}, met exactly and passed by one. */
class MimeLimitsTest {
    private static final int DEPTH = 4;
    private static final int PARTS = 5;
    private static final int HEADER = 200;
    private static final int FIELD = 100;
    private static final int PARAMETERS = 3;
    private static final int ADDRESSES = 3;
    private static final int REFERENCES = 3;
    private static final int BOUNDARY = 10;
    private static final MimeLimits LIMITS =
            new MimeLimits(DEPTH, PARTS, HEADER, FIELD, PARAMETERS, ADDRESSES, REFERENCES, BOUNDARY, 10_000, 1000);

    private static ParsedMessage parse(String message) throws IOException {
        return Invariants.check(message.getBytes(StandardCharsets.ISO_8859_1), LIMITS);
    }

    private static Structure first(Structure part) {
        return ((Multipart) part).parts().getFirst();
    }

    @Test
    @DisplayName("depth: a multipart whose parts would be too deep is application/octet-stream, its bytes whole")
    void depth() throws IOException {
        var nested = IntStream.range(0, DEPTH)
                .mapToObj(i -> "Content-Type: multipart/mixed; boundary=b" + i + "\r\n\r\n--b" + i + "\r\n")
                .collect(Collectors.joining());
        var structure = parse(nested + "\r\nbottom").structure();
        var deepest = first(first(first(structure)));
        assertThat(deepest).isInstanceOf(Basic.class);
        assertThat(deepest.fields().is("application", "octet-stream")).isTrue();
        assertThat(deepest.extent().bodyEnd()).isEqualTo(structure.extent().bodyEnd());

        var messages = parse("Content-Type: message/rfc822\r\n\r\n".repeat(DEPTH) + "\r\nbottom")
                .structure();
        var third = ((MessagePart) ((MessagePart) messages).body()).body();
        assertThat(third).isInstanceOf(MessagePart.class);
        assertThat(((MessagePart) third).body().fields().is("application", "octet-stream"))
                .isTrue();
    }

    @Test
    @DisplayName("parts: delimiter lines past the bound are content of the last part; the closing one still closes")
    void parts() throws IOException {
        var multipart = (Multipart) parse("Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                        + "--b\r\n\r\nx\r\n".repeat(PARTS)
                        + "--b--\r\nepilogue\r\n")
                .structure();
        assertThat(multipart.parts()).hasSize(PARTS - 1); // The multipart itself counts.
        assertThat(multipart.parts().getLast().extent().bodySize()).isEqualTo("x\r\n--b\r\n\r\nx".length());
        assertThat(((Multipart) parse("Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                                        + "--b\r\n\r\nx\r\n".repeat(PARTS - 1)
                                        + "--b--\r\n")
                                .structure())
                        .parts())
                .hasSize(PARTS - 1);
    }

    @Test
    @DisplayName("headerBytes: the line that would pass the bound, and all after it, belong to the body")
    void headerBytes() throws IOException {
        var subject = "Subject: x\r\n";
        var filler = "X: " + "y".repeat(HEADER - subject.length() - 7) + "\r\n";
        assertThat(parse(subject + filler + "\r\nbody").headerSize()).isEqualTo(HEADER);
        var longer = parse(subject + filler + "Z: more\r\n\r\nbody");
        assertThat(longer.headerSize()).isEqualTo(HEADER - 2);
        assertThat(longer.envelope().subject()).contains("x");
        var oneLine = parse("S".repeat(3 * HEADER));
        assertThat(oneLine.headerSize()).isZero();
        assertThat(oneLine.structure().extent().bodySize()).isEqualTo(3L * HEADER);
        var inside = parse("Content-Type: message/rfc822\r\n\r\n" + "S".repeat(3 * HEADER));
        assertThat(((MessagePart) inside.structure()).body().extent().headerSize())
                .isZero();
    }

    @Test
    @DisplayName("fieldBytes: the rest of a field is not seen")
    void fieldBytes() throws IOException {
        assertThat(parse("Subject:" + "x".repeat(FIELD) + "\r\n\r\n").envelope().subject())
                .contains("x".repeat(FIELD));
        assertThat(parse("Subject:" + "x".repeat(FIELD + 1) + "\r\n\r\n")
                        .envelope()
                        .subject())
                .contains("x".repeat(FIELD));
    }

    @Test
    @DisplayName("parameters: the first ones are kept")
    void parameters() throws IOException {
        assertThat(parse("Content-Type: text/plain; a=1; b=2; c=3\r\n\r\n")
                        .structure()
                        .fields()
                        .parameters())
                .hasSize(PARAMETERS);
        assertThat(parse("Content-Type: text/plain; a=1; b=2; c=3; d=4\r\n\r\n")
                        .structure()
                        .fields()
                        .parameters())
                .extracting(Structure.Parameter::name)
                .containsExactly("a", "b", "c");
    }

    @Test
    @DisplayName("addresses: the first ones are kept, repeated fields together; a group is closed all the same")
    void addresses() throws IOException {
        assertThat(parse("To: a@x, b@x, c@x\r\n\r\n").envelope().to()).hasSize(ADDRESSES);
        assertThat(parse("To: a@x, b@x, c@x, d@x\r\n\r\n").envelope().to()).hasSize(ADDRESSES);
        assertThat(parse("To: a@x, b@x\r\nTo: c@x, d@x\r\n\r\n").envelope().to())
                .hasSize(ADDRESSES);
        assertThat(parse("To: g: a@x, b@x, c@x;\r\n\r\n").envelope().to().getLast())
                .isEqualTo(new EnvelopeAddress.GroupEnd());
    }

    @Test
    @DisplayName("references: the first and the newest are kept")
    void references() throws IOException {
        assertThat(parse("References: <1> <2> <3>\r\n\r\n").envelope().references())
                .containsExactly("1", "2", "3");
        assertThat(parse("References: <1> <2> <3> <4> <5>\r\n\r\n").envelope().references())
                .containsExactly("1", "4", "5");
    }

    @Test
    @DisplayName("boundaryBytes: a multipart with a longer boundary has none and is text")
    void boundaryBytes() throws IOException {
        for (int length : new int[] {BOUNDARY, BOUNDARY + 1}) {
            var boundary = "b".repeat(length);
            var structure = parse("Content-Type: multipart/mixed; boundary=" + boundary + "\r\n\r\n--" + boundary
                            + "\r\n\r\nx\r\n--" + boundary + "--\r\n")
                    .structure();
            assertThat(structure).isInstanceOf(length == BOUNDARY ? Multipart.class : Text.class);
        }
    }

    @Test
    @DisplayName("keptBytes: once used up, further fields count as absent; the parts are found all the same")
    void keptBytes() throws IOException {
        var limits =
                new MimeLimits(DEPTH, PARTS, HEADER, FIELD, PARAMETERS, ADDRESSES, REFERENCES, BOUNDARY, 150, 1000);
        var parsed = Invariants.check(
                ("Subject: " + "x".repeat(40) + "\r\nFrom: a@example.org\r\n"
                                + "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                                + "--b\r\nContent-Type: text/plain; name=zzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzzz\r\n\r\n--b--")
                        .getBytes(StandardCharsets.ISO_8859_1),
                limits);
        assertThat(parsed.envelope().subject()).isPresent();
        var part = first(parsed.structure());
        assertThat(part.fields().parameter("name")).isEmpty();
    }

    @Test
    @DisplayName("previewBytes: no more of the text is read")
    void previewBytes() throws IOException {
        assertThat(parse("\r\n" + " ".repeat(999) + "x").preview()).isEqualTo("x");
        assertThat(parse("\r\n" + " ".repeat(1000) + "x").preview()).isEmpty();
    }

    @Test
    @DisplayName("a message made to be expensive keeps to its bounds: 3 MB of nothing but delimiters, addresses, ids")
    void expensive() throws IOException {
        var limits = MimeLimits.DEFAULT;
        var many = "Content-Type: multipart/mixed; boundary=b\r\n\r\n" + "--b\r\n".repeat(600_000);
        Invariants.check(many.getBytes(StandardCharsets.ISO_8859_1), limits);
        for (var evil : new String[] {
            "@", "<", "(", "\"", "\\\"", ",", ":", "a@b", "=?", "<a@b>", "\"(", "a ", "=?q?q?", ".", ";:"
        }) {
            var field = evil.repeat(250_000 / evil.length());
            var message = "From: " + field + "\r\nReferences: " + field + "\r\nDate: " + field
                    + "\r\nContent-Type: text/plain; " + field + "\r\n\r\n" + field;
            var parsed = MessageParser.parse(Spool.of(message.getBytes(StandardCharsets.ISO_8859_1)));
            assertThat(parsed.envelope().from().size()).isLessThanOrEqualTo(limits.addresses() + 1);
            assertThat(Headers.decode(field)).isNotNull();
            assertThat(Headers.of(message.getBytes(StandardCharsets.ISO_8859_1)).values("from"))
                    .hasSize(1);
        }
    }
}
