package org.postern.mime.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postern.mime.bytes.SpoolTest.random;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpoolMemoryTest {
    private static final int PIECE = SpoolMemory.PIECE_BYTES;
    private static final int HEAP = 1000;

    @TempDir
    Path directory;

    private Spool spool(SpoolMemory memory) {
        return Spool.in(new SpoolSettings(directory, HEAP, memory, Integer.MAX_VALUE));
    }

    private Spool filled(SpoolMemory memory, byte[] bytes, int piece) throws IOException {
        var spool = spool(memory);
        for (int at = 0; at < bytes.length; at += piece) {
            spool.write(bytes, at, Math.min(piece, bytes.length - at));
        }
        spool.finish();
        return spool;
    }

    @Test
    @DisplayName("beyond its own heap a message is in shared memory, read back the same in whole and in part")
    void readsBack() throws IOException {
        var memory = new SpoolMemory(40L * PIECE);
        for (int length : new int[] {HEAP + 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE, 9 * PIECE + 77}) {
            for (int piece : new int[] {999, PIECE, 200_000}) {
                var bytes = random(length);
                try (var spool = filled(memory, bytes, piece)) {
                    assertThat(spool.inHeap()).isFalse();
                    assertThat(spool.inFile()).isFalse();
                    assertThat(spool.size()).isEqualTo(length);
                    assertThat(memory.takenBytes()).isEqualTo((long) Math.ceilDiv(length, PIECE) * PIECE);
                    assertThat(spool.open().readAllBytes()).isEqualTo(bytes);
                    int from = length / 3;
                    int to = length - length / 7;
                    var middle = Arrays.copyOfRange(bytes, from, to);
                    assertThat(spool.open(from, to - from).readAllBytes()).isEqualTo(middle);
                    var out = new ByteArrayOutputStream();
                    assertThat(spool.open(from, to - from).transferTo(out)).isEqualTo(to - from);
                    assertThat(out.toByteArray()).isEqualTo(middle);
                }
                assertThat(memory.takenBytes()).isZero();
            }
        }
    }

    @Test
    @DisplayName("the stream of a part reads byte by byte, skips, and ends where the part does")
    void stream() throws IOException {
        var bytes = random(3 * PIECE);
        try (var spool = filled(new SpoolMemory(40L * PIECE), bytes, PIECE)) {
            var in = spool.open(PIECE - 1, PIECE + 2);
            assertThat(in.available()).isEqualTo(PIECE + 2);
            assertThat(in.read()).isEqualTo(bytes[PIECE - 1] & 0xFF);
            assertThat(in.read()).isEqualTo(bytes[PIECE] & 0xFF);
            assertThat(in.read(new byte[1], 0, 0)).isZero();
            assertThat(in.skip(-1)).isZero();
            assertThat(in.skip(PIECE - 1)).isEqualTo(PIECE - 1);
            assertThat(in.read()).isEqualTo(bytes[2 * PIECE] & 0xFF);
            assertThat(in.skip(1)).isZero();
            assertThat(in.read()).isEqualTo(-1);
            assertThat(in.read(new byte[1])).isEqualTo(-1);
        }
    }

    @Test
    @DisplayName("one message has at most a quarter: a byte more moves all of it to a file, and gives the memory back")
    void quarter() throws IOException {
        var memory = new SpoolMemory(8L * PIECE);
        var bytes = random(2 * PIECE + 1);
        try (var most = filled(memory, Arrays.copyOf(bytes, 2 * PIECE), 5_000);
                var more = filled(memory, bytes, 5_000)) {
            assertThat(most.inFile()).isFalse();
            assertThat(more.inFile()).isTrue();
            assertThat(more.open().readAllBytes()).isEqualTo(bytes);
            assertThat(memory.takenBytes()).isEqualTo(2L * PIECE);
        }
    }

    @Test
    @DisplayName("when all is taken the next message goes to a file; what a closed one gives back, another gets")
    void whole() throws IOException {
        var memory = new SpoolMemory(4L * PIECE);
        var bytes = random(PIECE);
        var held = new ArrayList<Spool>();
        for (int i = 0; i < 4; i++) {
            held.add(filled(memory, bytes, PIECE));
        }
        try (var next = filled(memory, bytes, 500)) {
            assertThat(held).noneMatch(Spool::inFile);
            assertThat(next.inFile()).isTrue();
            assertThat(next.open().readAllBytes()).isEqualTo(bytes);
        }
        held.getFirst().close();
        held.getFirst().close();
        try (var next = filled(memory, bytes, PIECE)) {
            assertThat(next.inFile()).isFalse();
        }
        for (var spool : held) {
            spool.close();
        }
        assertThat(memory.takenBytes()).isZero();
    }

    @Test
    @DisplayName("a message whose disk fails gives its memory back")
    void diskFails() throws IOException {
        var memory = new SpoolMemory(4L * PIECE);
        var settings = new SpoolSettings(directory.resolve("gone"), HEAP, memory, Integer.MAX_VALUE);
        try (var spool = Spool.in(settings)) {
            spool.write(random(PIECE));
            assertThatThrownBy(() -> spool.write(random(1))).isInstanceOf(IOException.class);
        }
        assertThat(memory.takenBytes()).isZero();
    }

    @Test
    @DisplayName("many at once never have more than all of it, and in the end nothing")
    void together() throws Exception {
        var memory = new SpoolMemory(16L * PIECE);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var work = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < 32; i++) {
                var bytes = random(PIECE / 2 * (1 + i % 9));
                work.add(() -> {
                    boolean within = true;
                    for (int n = 0; n < 20; n++) {
                        try (var spool = filled(memory, bytes, 30_000)) {
                            within &= memory.takenBytes() <= 16L * PIECE;
                            within &= Arrays.equals(spool.open().readAllBytes(), bytes);
                        }
                    }
                    return within;
                });
            }
            for (var done : threads.invokeAll(work)) {
                assertThat(done.get()).isTrue();
            }
        }
        assertThat(memory.takenBytes()).isZero();
    }

    @Test
    @DisplayName("fewer than four pieces are none, for each may have a quarter; less than nothing is refused")
    void bounds() {
        assertThatThrownBy(() -> new SpoolMemory(-1)).isInstanceOf(IllegalArgumentException.class);
        assertThat(new SpoolMemory(4L * PIECE - 1).take(1, 0)).isFalse();
        assertThat(new SpoolMemory(4L * PIECE).take(1, 0)).isTrue();
    }
}
