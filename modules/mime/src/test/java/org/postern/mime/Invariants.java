package org.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.Writer;
import org.postern.mime.Structure.MessagePart;
import org.postern.mime.Structure.Multipart;
import org.postern.mime.bytes.Spool;

/** What holds for every message whatever its bytes. */
final class Invariants {
    private static final long SEARCHED = 1_000_000;

    private Invariants() {}

    /** Parses the bytes and checks everything that can be told without knowing them. */
    static ParsedMessage check(byte[] bytes, MimeLimits limits) throws IOException {
        var before = bytes.clone();
        var spool = Spool.of(bytes);
        var parsed = MessageParser.parse(spool, limits);
        assertThat(bytes).isEqualTo(before); // Which are read where they lie.
        var structure = parsed.structure();
        assertThat(parsed.size()).isEqualTo(bytes.length);
        assertThat(structure.extent().headerStart()).isZero();
        assertThat(structure.extent().bodyStart())
                .isEqualTo(parsed.headerSize())
                .isLessThanOrEqualTo(limits.headerBytes());
        assertThat(structure.extent().bodyEnd()).isEqualTo(bytes.length);
        int parts = inside(structure, bytes.length, 1, limits);
        assertThat(parts).isLessThanOrEqualTo(limits.parts());
        assertThat(parsed.preview().codePointCount(0, parsed.preview().length()))
                .isLessThanOrEqualTo(ParsedMessage.PREVIEW_CHARACTERS);
        assertThat(parsed.preview())
                .doesNotContain("\0", "\n", "\r", "  ")
                .isEqualTo(parsed.preview().strip());
        wireText(parsed.envelope());
        var envelope = MessageCodec.encode(parsed.envelope());
        assertThat(MessageCodec.decodeEnvelope(envelope)).isEqualTo(parsed.envelope());
        var encoded = MessageCodec.encode(structure);
        assertThat(MessageCodec.decodeStructure(encoded)).isEqualTo(structure);
        try (var text = SearchText.text(structure, spool, SEARCHED)) {
            assertThat(text.transferTo(Writer.nullWriter())).isLessThanOrEqualTo(SEARCHED);
        }
        try (var text = SearchText.body(structure, spool, SEARCHED)) {
            assertThat(SearchText.contains(text, "")).isTrue();
            SearchText.contains(text, "any string at all");
        }
        return parsed;
    }

    /** Returns how many parts there are, this one included. */
    private static int inside(Structure part, long end, int depth, MimeLimits limits) {
        var extent = part.extent();
        assertThat(depth).isLessThanOrEqualTo(limits.depth());
        assertThat(extent.bodyEnd()).isLessThanOrEqualTo(end);
        assertThat((long) extent.lines()).isLessThanOrEqualTo(extent.bodySize());
        assertThat(extent.lines() == 0).isEqualTo(extent.bodySize() == 0);
        return 1
                + switch (part) {
                    case Structure.Leaf leaf -> 0;
                    case MessagePart message -> {
                        wireText(message.envelope());
                        assertThat(message.body().extent().headerStart()).isEqualTo(extent.bodyStart());
                        assertThat(message.body().extent().bodyEnd()).isEqualTo(extent.bodyEnd());
                        yield inside(message.body(), extent.bodyEnd(), depth + 1, limits);
                    }
                    case Multipart multipart -> {
                        long from = extent.bodyStart();
                        int count = 0;
                        for (var each : multipart.parts()) {
                            assertThat(each.extent().headerStart()).isGreaterThanOrEqualTo(from);
                            from = each.extent().bodyEnd();
                            count += inside(each, extent.bodyEnd(), depth + 1, limits);
                        }
                        yield count;
                    }
                };
    }

    /** Nothing an IMAP string cannot carry: no NUL, no line end, no char that is not a byte. */
    private static void wireText(Envelope envelope) {
        assertThat(envelope.toString())
                .matches(text -> text.chars().allMatch(c -> c <= 0xFF && c != 0 && c != '\r' && c != '\n'));
    }
}
