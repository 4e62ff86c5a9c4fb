package org.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.mime.bytes.MessageBytes;
import org.postern.mime.bytes.Spool;
import org.postern.mime.bytes.SpoolMemory;
import org.postern.mime.bytes.SpoolSettings;

/** Each tricky message is understood as its file says; run with {@code -Dpostern.portraits=DIR} to draw them anew, then read them. */
class CorpusTest {
    private static final MimeLimits LIMITS = MimeLimits.DEFAULT;
    /** Every prefix of a message up to this size is parsed; of a larger one, some. */
    private static final int EVERY_PREFIX = 1000;

    private static final int SOME = 30;

    @TempDir
    Path temporary;

    @ParameterizedTest
    @MethodSource("org.postern.mime.Corpus#names")
    @DisplayName("understood as its portrait says")
    void portrait(String name) throws IOException {
        var portrait = Portrait.of(Invariants.check(Corpus.message(name), LIMITS));
        var anew = System.getProperty("postern.portraits");
        if (anew != null) {
            Files.writeString(Path.of(anew, name + ".txt"), portrait);
        }
        var file = anew == null ? Corpus.directory().resolve(name + ".txt") : Path.of(anew, name + ".txt");
        assertThat(portrait).isEqualTo(Files.readString(file, StandardCharsets.UTF_8));
    }

    @ParameterizedTest
    @MethodSource("org.postern.mime.Corpus#names")
    @DisplayName("cut off anywhere, and started anywhere, it is still a message")
    void everyPrefix(String name) throws IOException {
        var bytes = Corpus.message(name);
        int step = bytes.length <= EVERY_PREFIX ? 1 : bytes.length / SOME;
        for (int cut = 0; cut < bytes.length; cut += step) {
            Invariants.check(Arrays.copyOf(bytes, cut), LIMITS);
            if (cut % 5 == 0) {
                Invariants.check(Arrays.copyOfRange(bytes, cut, bytes.length), LIMITS);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("org.postern.mime.Corpus#names")
    @DisplayName("the same from heap, from a file, and in pieces of any size")
    void pieces(String name) throws IOException {
        var bytes = Corpus.message(name);
        var expected = MessageParser.parse(Spool.of(bytes));
        for (int piece : new int[] {1, 2, 3, 79, 4096}) {
            assertThat(MessageParser.parse(new InPieces(bytes, piece))).isEqualTo(expected);
        }
        try (var spool = Spool.in(new SpoolSettings(temporary, 0, SpoolMemory.NONE, 1_000_000))) {
            spool.write(bytes);
            spool.finish();
            assertThat(MessageParser.parse(spool)).isEqualTo(expected);
        }
    }

    @ParameterizedTest
    @MethodSource("org.postern.mime.Corpus#names")
    @DisplayName("bytes changed at random: still a message")
    void mutated(String name) throws IOException {
        var bytes = Corpus.message(name);
        var random = new Random(name.hashCode()); // The seed is the name: a failure comes again.
        for (int round = 0; round < 40 && bytes.length > 0 && bytes.length < 5000; round++) {
            var changed = bytes.clone();
            for (int i = 0; i <= round % 8; i++) {
                changed[random.nextInt(changed.length)] =
                        (byte) "\r\n-=;:\"<>(),@? \0b\\\u00e4".charAt(random.nextInt(19));
            }
            Invariants.check(changed, LIMITS);
        }
    }

    /** A message whose streams give a few bytes at a time, as a slow disk or a store's slices may. */
    private static final class InPieces implements MessageBytes {
        private final byte[] bytes;
        private final int piece;

        InPieces(byte[] bytes, int piece) {
            this.bytes = bytes;
            this.piece = piece;
        }

        @Override
        public long size() {
            return bytes.length;
        }

        @Override
        public InputStream open(long from, long length) {
            return new ByteArrayInputStream(bytes, (int) from, (int) length) {
                @Override
                public synchronized int read(byte[] into, int offset, int count) {
                    return super.read(into, offset, Math.min(count, piece));
                }
            };
        }
    }
}
