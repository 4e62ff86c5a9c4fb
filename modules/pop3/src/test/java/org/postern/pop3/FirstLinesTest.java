package org.postern.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FirstLinesTest {
    @ParameterizedTest
    @CsvSource({
        "'A: b|c: d||one|two|three|', 0,  'A: b|c: d||'",
        "'A: b|c: d||one|two|three|', 2,  'A: b|c: d||one|two|'",
        "'A: b|c: d||one|two|three|', 99, 'A: b|c: d||one|two|three|'",
        "'A: b|',                     1,  'A: b|'",
        "'|one|two|',                 1,  '|one|'",
        "'A: b||one',                 1,  'A: b||one'",
    })
    @DisplayName("RFC 1939 §7: TOP gives the header, the blank line and so many lines of the body; at every split")
    void passes(String message, int lines, String passed) throws IOException {
        var bytes = message.replace("|", "\r\n").getBytes(StandardCharsets.US_ASCII);
        for (int split = 0; split <= bytes.length; split++) {
            var out = new ByteArrayOutputStream();
            var first = new FirstLines(out, lines);
            first.write(bytes, 0, split);
            first.write(bytes, split, bytes.length - split);
            assertThat(out.toString(StandardCharsets.US_ASCII)).isEqualTo(passed.replace("|", "\r\n"));
        }
    }
}
