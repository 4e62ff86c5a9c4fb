package org.postern.mime;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;

/**
 * Any bytes. An ordinary run replays the inputs under {@code src/test/resources}; {@code JAZZER_FUZZ=1} and {@code -Dtest=MimeFuzzTest#…}
 * looks for new ones.
 */
class MimeFuzzTest {
    private static final MimeLimits TIGHT = new MimeLimits(3, 5, 100, 50, 3, 3, 2, 10, 500, 100);

    @FuzzTest(maxDuration = "2m")
    void message(byte[] bytes) throws IOException {
        Invariants.check(bytes, MimeLimits.DEFAULT);
        Invariants.check(bytes, TIGHT);
    }

    @FuzzTest(maxDuration = "1m")
    void header(byte[] bytes) {
        var headers = Headers.of(bytes);
        headers.text();
        headers.values("subject");
        AddressParser.parse(new String(bytes, StandardCharsets.ISO_8859_1), 100, new Kept(10_000));
        DateParser.parse(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    @FuzzTest(maxDuration = "1m")
    void stored(byte[] bytes) {
        try {
            var structure = MessageCodec.decodeStructure(bytes);
            MessageCodec.encode(structure);
        } catch (IllegalArgumentException e) {
            return; // The one way it may fail.
        }
    }
}
