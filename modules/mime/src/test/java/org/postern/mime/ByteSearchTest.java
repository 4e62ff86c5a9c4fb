package org.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ByteSearchTest {
    private static final int LENGTH = 40;

    @ParameterizedTest
    @ValueSource(bytes = {'\n', 0, 1, 'x', 0x7F, (byte) 0x80, (byte) 0xFF})
    @DisplayName("the first one is found wherever it lies, whatever is around it, and none outside")
    void everywhere(byte wanted) {
        for (int difference : new int[] {1, -1, 0x80, 0x81, 0x7F, 'x'}) {
            for (int from = 0; from < LENGTH; from++) {
                for (int to = from; to < LENGTH; to++) {
                    var bytes = new byte[LENGTH];
                    Arrays.fill(bytes, wanted);
                    Arrays.fill(bytes, from, to, (byte) (wanted + difference));
                    assertThat(ByteSearch.indexOf(wanted, bytes, from, to)).isEqualTo(-1);
                    for (int at = to - 1; at >= from; at -= 3) {
                        bytes[at] = wanted; // Those behind it are still there.
                        assertThat(ByteSearch.indexOf(wanted, bytes, from, to)).isEqualTo(at);
                    }
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(bytes = {0, '\r', 0x1F, 'x', 0x7F})
    @DisplayName("the first one of those up to a byte is what looking at each finds; none from 0x80 on is")
    void atMost(byte most) {
        var random = new Random(most);
        for (int round = 0; round < 20_000; round++) {
            var bytes = new byte[LENGTH];
            for (int i = 0; i < LENGTH; i++) {
                // Mostly just above: then words are passed over.
                bytes[i] = (byte)
                        (random.nextInt(8) == 0 ? random.nextInt(256) : most + 1 + random.nextInt(128 - most % 64));
            }
            int from = random.nextInt(LENGTH);
            int to = from + random.nextInt(LENGTH - from + 1);
            int expected = IntStream.range(from, to)
                    .filter(i -> Byte.toUnsignedInt(bytes[i]) <= most)
                    .findFirst()
                    .orElse(-1);
            assertThat(ByteSearch.indexOfAtMost(most, bytes, from, to)).isEqualTo(expected);
        }
    }
}
