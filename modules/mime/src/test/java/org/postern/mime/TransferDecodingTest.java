package org.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransferDecodingTest {
    private static byte[] decode(byte[] encoded, String encoding, int piece) throws IOException {
        var slow = new ByteArrayInputStream(encoded) {
            @Override
            public synchronized int read(byte[] into, int offset, int count) {
                return super.read(into, offset, Math.min(count, piece));
            }
        };
        try (var in = TransferDecoding.decode(slow, encoding, piece)) {
            return in.readAllBytes();
        }
    }

    @Test
    @DisplayName("RFC 2045 §6.8: base64 as the JDK encodes it, in pieces of any size")
    void base64() throws IOException {
        var random = new Random(1);
        for (int length = 0; length < 200; length++) {
            var bytes = new byte[length * 97];
            random.nextBytes(bytes);
            for (int piece : new int[] {1, 3, 5, 8192}) {
                assertThat(decode(Base64.getMimeEncoder().encode(bytes), "base64", length > 20 ? 8192 : piece))
                        .isEqualTo(bytes);
            }
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            ignoreLeadingAndTrailingWhitespace = false,
            value = {
                "a=3Db|a=b",
                "a=3db|a=b",
                "soft=~break|softbreak",
                "soft=  ~break|softbreak",
                "trailing  ~next|trailing~next",
                "trailing  |trailing  ",
                "a  b|a  b",
                "=ZZ|=ZZ",
                "=4|=4",
                "=|=",
                "==3D|==",
                "=4=41|=4A",
                "= x|= x",
                "a=20~b|a ~b",
            })
    @DisplayName("RFC 2045 §6.7: quoted-printable, well-formed and not, in pieces of any size")
    void quotedPrintable(String encoded, String text) throws IOException {
        for (var lineEnd : new String[] {"\r\n", "\n"}) {
            for (int piece : new int[] {1, 2, 3, 8192}) {
                var bytes = encoded.replace("~", lineEnd).getBytes(StandardCharsets.ISO_8859_1);
                assertThat(new String(decode(bytes, "quoted-printable", piece), StandardCharsets.ISO_8859_1))
                        .isEqualTo(text.replace("~", lineEnd));
            }
        }
    }

    @Test
    @DisplayName("spaces without end do not fill memory and are not lost")
    void manySpaces() throws IOException {
        var bytes = (" ".repeat(100_000) + "x").getBytes(StandardCharsets.ISO_8859_1);
        assertThat(decode(bytes, "quoted-printable", 8192)).isEqualTo(bytes);
        var quotes = "=4".repeat(50_000).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(decode(quotes, "quoted-printable", 8192)).isEqualTo(quotes);
    }
}
