package org.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.james.mime4j.MimeException;
import org.apache.james.mime4j.stream.EntityState;
import org.apache.james.mime4j.stream.MimeConfig;
import org.apache.james.mime4j.stream.MimeTokenStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.mime.Structure.MessagePart;
import org.postern.mime.Structure.Multipart;
import org.postern.mime.bytes.Spool;

/** Apache mime4j finds the same leaves with the same bytes, wherever a message is not damaged. */
class SecondOpinionTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "simple",
                "nested",
                "digest",
                "winmail",
                "uuencode",
                "rfc2231",
                "html-only",
                "header-only",
                "headers-8bit",
                "encoded-words",
                "message-at-top"
            })
    @DisplayName("the corpus' sound messages")
    void corpus(String name) throws IOException, MimeException {
        var bytes = Corpus.message(name);
        assertThat(ours(bytes)).isEqualTo(theirs(bytes));
    }

    @Test
    @DisplayName("made-up messages of any shape")
    void made() throws IOException, MimeException {
        for (int seed = 0; seed < 300; seed++) {
            var text = new StringBuilder("Subject: seed " + seed + "\r\n");
            part(text, new Random(seed), 0, "b");
            var bytes = text.toString().getBytes(StandardCharsets.ISO_8859_1);
            assertThat(ours(bytes)).as("seed %d", seed).isEqualTo(theirs(bytes));
            Invariants.check(bytes, MimeLimits.DEFAULT);
        }
    }

    private static void part(StringBuilder out, Random random, int depth, String boundary) {
        int kind = random.nextInt(depth > 4 ? 2 : 5);
        if (kind < 2) {
            out.append(kind == 0 ? "Content-Type: application/x-y\r\n\r\n" : "Content-Type: text/plain\r\n\r\n");
            for (int lines = random.nextInt(4); lines > 0; lines--) {
                out.append(random.nextBoolean() ? "--" + boundary + "z" : "")
                        .append("words".repeat(random.nextInt(30)));
                out.append("\r\n");
            }
        } else if (kind == 2 && depth > 0) {
            out.append("Content-Type: message/rfc822\r\n\r\nSubject: inside\r\n");
            part(out, random, depth + 1, boundary + "m");
        } else {
            out.append("Content-Type: multipart/mixed; boundary=\"")
                    .append(boundary)
                    .append("\"\r\n\r\n");
            for (int parts = 1 + random.nextInt(4); parts > 0; parts--) {
                out.append("--").append(boundary).append("\r\n");
                part(out, random, depth + 1, boundary + parts);
                out.append("\r\n");
            }
            out.append("--").append(boundary).append("--\r\n");
        }
    }

    private static List<String> ours(byte[] bytes) throws IOException {
        var leaves = new ArrayList<String>();
        leaves(MessageParser.parse(Spool.of(bytes)).structure(), bytes, leaves);
        return leaves;
    }

    private static void leaves(Structure part, byte[] bytes, List<String> into) {
        switch (part) {
            case Structure.Leaf leaf ->
                into.add(new String(
                        bytes,
                        (int) leaf.extent().bodyStart(),
                        (int) leaf.extent().bodySize(),
                        StandardCharsets.ISO_8859_1));
            case MessagePart message -> leaves(message.body(), bytes, into);
            case Multipart multipart -> multipart.parts().forEach(each -> leaves(each, bytes, into));
        }
    }

    private static List<String> theirs(byte[] bytes) throws IOException, MimeException {
        var leaves = new ArrayList<String>();
        var stream = new MimeTokenStream(MimeConfig.PERMISSIVE);
        stream.parse(new ByteArrayInputStream(bytes));
        for (var state = stream.getState(); state != EntityState.T_END_OF_STREAM; state = stream.next()) {
            if (state == EntityState.T_BODY) {
                leaves.add(new String(stream.getInputStream().readAllBytes(), StandardCharsets.ISO_8859_1));
            }
        }
        return leaves;
    }
}
