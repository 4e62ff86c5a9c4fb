package org.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.postern.mime.bytes.Spool;
import org.postern.mime.bytes.SpoolMemory;
import org.postern.mime.bytes.SpoolSettings;

/**
 * Any bytes. An ordinary run replays the inputs under {@code src/test/resources}; {@code scripts/fuzz} looks for new ones.
 */
class MimeFuzzTest {
    private static final MimeLimits TIGHT = new MimeLimits(3, 5, 100, 50, 3, 3, 2, 10, 500, 100);

    @FuzzTest(maxDuration = "10m")
    void message(byte[] bytes) throws IOException {
        Invariants.check(bytes, MimeLimits.DEFAULT);
        Invariants.check(bytes, TIGHT);
    }

    /** What can be made text is text then, of which nothing is left to be done. */
    @FuzzTest(maxDuration = "10m")
    void binary(byte[] bytes) throws IOException {
        for (var limits : List.of(MimeLimits.DEFAULT, TIGHT)) {
            var once = encoded(bytes, limits);
            if (once.isPresent()) {
                assertThat(encoded(once.get(), limits))
                        .hasValueSatisfying(twice -> assertThat(twice).isEqualTo(once.get()));
                assertThat(new String(once.get(), StandardCharsets.ISO_8859_1).replace("\r\n", ""))
                        .doesNotContain("\0", "\r", "\n");
            }
        }
    }

    private static Optional<byte[]> encoded(byte[] bytes, MimeLimits limits) throws IOException {
        var heapAlone = new SpoolSettings(Path.of("nowhere"), 1 << 20, SpoolMemory.NONE, 1 << 20);
        try (var out = Spool.in(heapAlone)) {
            if (BinaryParts.encode(Spool.of(bytes), out, 1_000, limits).isPresent()) {
                return Optional.empty();
            }
            out.finish();
            try (var in = out.open()) {
                return Optional.of(in.readAllBytes());
            }
        }
    }

    @FuzzTest(maxDuration = "10m")
    void header(byte[] bytes) {
        var headers = Headers.of(bytes);
        headers.text();
        headers.values("subject");
        AddressParser.parse(new String(bytes, StandardCharsets.ISO_8859_1), 100, new Kept(10_000));
        DateParser.parse(new String(bytes, StandardCharsets.ISO_8859_1));
    }

    @FuzzTest(maxDuration = "10m")
    void stored(byte[] bytes) {
        try {
            var structure = MessageCodec.decodeStructure(bytes);
            MessageCodec.encode(structure);
        } catch (IllegalArgumentException e) {
            return; // The one way it may fail.
        }
    }
}
