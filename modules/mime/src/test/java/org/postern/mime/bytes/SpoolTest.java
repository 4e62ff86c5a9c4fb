package org.postern.mime.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolTest {
    @TempDir
    Path directory;

    static byte[] random(int length) {
        var bytes = new byte[length];
        new Random(length).nextBytes(bytes);
        return bytes;
    }

    @Test
    @DisplayName("stays in heap up to the bound, goes to a file one byte later, and reads back the same either way")
    void heapThenFile() throws IOException {
        for (int length : new int[] {0, 1, 4095, 4096, 4097, 999, 1000, 1001, 70_000, 300_000}) {
            for (int piece : new int[] {1, 7, 1000, 65_536, 300_000}) {
                if (piece == 1 && length > 5000) {
                    continue;
                }
                var bytes = random(length);
                try (var spool = Spool.in(new SpoolSettings(directory, 1000, SpoolMemory.NONE, 1_000_000))) {
                    for (int at = 0; at < length; at += piece) {
                        spool.write(bytes, at, Math.min(piece, length - at));
                    }
                    spool.finish();
                    assertThat(spool.size()).isEqualTo(length);
                    assertThat(spool.inHeap()).isEqualTo(length <= 1000);
                    for (int twice = 0; twice < 2; twice++) {
                        try (var in = spool.open()) {
                            assertThat(in.readAllBytes()).isEqualTo(bytes);
                        }
                    }
                    int from = length / 3;
                    int count = length / 2;
                    try (var in = spool.open(from, count)) {
                        assertThat(in.readAllBytes()).isEqualTo(Arrays.copyOfRange(bytes, from, from + count));
                    }
                    assertThatThrownBy(() -> spool.open(length, 1)).isInstanceOf(IndexOutOfBoundsException.class);
                }
            }
        }
    }

    @Test
    @DisplayName("the file is unlinked while it is in use: nothing is left behind")
    void leavesNothingBehind() throws IOException {
        try (var spool = Spool.in(new SpoolSettings(directory, 10, SpoolMemory.NONE, 1000))) {
            spool.write(random(500));
            spool.finish();
            assertThat(spool.inHeap()).isFalse();
            try (var files = Files.list(directory)) {
                assertThat(files).isEmpty();
            }
        }
    }

    @Test
    @DisplayName("takes exactly the most bytes and refuses one more with SpoolFull")
    void full() throws IOException {
        for (int heap : new int[] {0, 1000}) {
            try (var spool = Spool.in(new SpoolSettings(directory, heap, SpoolMemory.NONE, 100))) {
                spool.write(random(100));
                assertThatThrownBy(() -> spool.out().write(1))
                        .isInstanceOfSatisfying(
                                SpoolFull.class, e -> assertThat(e.maxBytes()).isEqualTo(100));
                assertThat(spool.size()).isEqualTo(100);
            }
        }
    }

    @Test
    @DisplayName("no reading before finish, no writing after, nothing after close")
    void order() throws IOException {
        var spool = Spool.in(new SpoolSettings(directory, 1000));
        assertThatThrownBy(spool::open).isInstanceOf(IllegalStateException.class);
        spool.finish();
        spool.finish();
        assertThatThrownBy(() -> spool.write(random(1))).isInstanceOf(IllegalStateException.class);
        spool.close();
        spool.close();
        assertThatThrownBy(spool::open).isInstanceOf(IllegalStateException.class);
    }

    @Test
    @DisplayName("a missing directory is an IOException, not a lost message")
    void noDirectory() throws IOException {
        try (var spool = Spool.in(new SpoolSettings(directory.resolve("gone"), 10, SpoolMemory.NONE, 1000))) {
            assertThatThrownBy(() -> spool.write(random(500))).isInstanceOf(IOException.class);
        }
    }
}
