package org.postern.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DotStuffedTest {
    @ParameterizedTest
    @CsvSource({
        "'',                  '.|'",
        "'a|',                'a|.|'",
        "'a',                 'a|.|'",
        "'.|',                '..|.|'",
        "'..|.b|c.d|',        '...|..b|c.d|.|'",
        "'a|.|MAIL|',         'a|..|MAIL|.|'",
        "'a~.~b~',            'a|..|b|.|'",
        "'a|~.~',             'a||..|.|'",
        "'a^.|',              'a^.|.|'",
    })
    @DisplayName(
            "RFC 1939 §3: dots at line starts are doubled, lines end with CRLF, a dot ends the reply; at every split")
    void stuffs(String message, String reply) throws IOException {
        var bytes = wire(message);
        for (int split = 0; split <= bytes.length; split++) {
            var out = new ByteArrayOutputStream();
            var stuffed = new DotStuffed(out);
            stuffed.write(bytes, 0, split);
            stuffed.write(bytes, split, bytes.length - split);
            stuffed.end();
            assertThat(out.toByteArray()).asString().isEqualTo(new String(wire(reply), StandardCharsets.US_ASCII));
        }
    }

    /** {@code |} is CRLF, {@code ~} a bare LF, {@code ^} a bare CR. */
    private static byte[] wire(String text) {
        return text.replace("|", "\r\n").replace('~', '\n').replace('^', '\r').getBytes(StandardCharsets.US_ASCII);
    }
}
