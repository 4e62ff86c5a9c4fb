package org.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.mime.bytes.Spool;

class StructureTest {
    @ParameterizedTest
    @CsvSource(
            nullValues = "NIL",
            value = {
                "nested, 1, multipart/alternative",
                "nested, 1.1, text/plain",
                "nested, 1.2, multipart/related",
                "nested, 1.2.2, image/png",
                "nested, 1.2.3, NIL",
                "nested, 1.1.1, NIL",
                "nested, 2, message/rfc822",
                "nested, 2.1, text/plain",
                "nested, 2.2, application/pdf",
                "nested, 3, message/rfc822",
                "nested, 3.1, text/plain",
                "nested, 3.2, NIL",
                "nested, 4, NIL",
                "nested, 0, NIL",
                "simple, 1, text/plain",
                "simple, 2, NIL",
                "simple, 1.1, NIL",
                "message-at-top, 1, message/rfc822",
                "message-at-top, 1.1, text/plain",
                "message-at-top, 1.1.1, NIL",
                "digest, 3.1, text/html",
            })
    @DisplayName("RFC 9051 §6.4.5.1: section numbers")
    void sections(String message, String section, String type) throws IOException {
        var structure = MessageParser.parse(Spool.of(Corpus.message(message))).structure();
        var path = Arrays.stream(section.split("\\.", -1)).map(Integer::valueOf).toList();
        assertThat(structure
                        .part(path)
                        .map(part -> part.fields().type() + "/" + part.fields().subtype()))
                .isEqualTo(java.util.Optional.ofNullable(type));
        assertThat(structure.part(List.of())).isEmpty();
    }

    @Test
    @DisplayName("offsets cut out exactly the part's bytes")
    void bytes() throws IOException {
        var bytes = Corpus.message("nested");
        var structure = MessageParser.parse(Spool.of(bytes)).structure();
        var extent = structure.part(List.of(2, 2)).orElseThrow().extent();
        assertThat(slice(bytes, extent.headerStart(), extent.bodyStart()))
                .startsWith("Content-Type: application/pdf;")
                .endsWith("filename=\"a.pdf\"\r\n\r\n");
        assertThat(slice(bytes, extent.bodyStart(), extent.bodyEnd())).isEqualTo("%PDF");
        var message = (Structure.MessagePart) structure.part(List.of(3)).orElseThrow();
        assertThat(slice(
                        bytes,
                        message.body().extent().headerStart(),
                        message.body().extent().bodyStart()))
                .isEqualTo("Subject: plain inside\r\n\r\n");
    }

    private static String slice(byte[] bytes, long from, long to) {
        return new String(bytes, (int) from, (int) (to - from), StandardCharsets.ISO_8859_1);
    }

    @Test
    @DisplayName("the stored form is compact, versioned, and refuses whatever it did not write")
    void codec() throws IOException {
        var parsed = MessageParser.parse(Spool.of(Corpus.message("nested")));
        var bytes = MessageCodec.encode(parsed.structure());
        assertThat(bytes[0]).isEqualTo((byte) 1);
        assertThat(bytes).hasSizeLessThan(700);
        var simple = MessageParser.parse(Spool.of(Corpus.message("simple")));
        assertThat(MessageCodec.encode(simple.envelope())).hasSizeLessThan(250);
        var damaged = new ArrayList<byte[]>();
        for (int cut = 0; cut < bytes.length; cut++) {
            damaged.add(Arrays.copyOf(bytes, cut));
        }
        damaged.add(Arrays.copyOf(bytes, bytes.length + 1));
        damaged.forEach(each -> assertThatThrownBy(() -> MessageCodec.decodeStructure(each))
                .isInstanceOf(IllegalArgumentException.class));
        var random = new Random(1);
        for (int i = 0; i < 20_000; i++) {
            var changed = bytes.clone();
            changed[random.nextInt(changed.length)] = (byte) random.nextInt(256);
            try {
                MessageCodec.decodeStructure(changed);
            } catch (IllegalArgumentException e) {
                assertThat(e).hasMessageNotContaining("null"); // The one way it may fail.
            }
        }
    }
}
