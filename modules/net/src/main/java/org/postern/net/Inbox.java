package org.postern.net;

import io.netty.channel.Channel;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Received bytes on their way from the event loop, which puts, to the session's thread, which takes. Never blocks; a full
 * one turns reading off, so a client can be ahead of its session only by the bound and one read of the socket.
 */
final class Inbox {
    /** What a chunk costs besides its bytes: a client that sends one byte a record must not fill the heap with arrays. */
    static final int CHUNK_OVERHEAD = 64;

    private final Channel channel;
    private final int bound;
    private final Queue<byte[]> chunks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger charged = new AtomicInteger();
    private volatile boolean paused;
    private volatile boolean ended;

    Inbox(Channel channel, int bound) {
        this.channel = channel;
        this.bound = bound;
    }

    /** Event loop only. */
    void put(byte[] chunk) {
        chunks.add(chunk);
        if (charged.addAndGet(chunk.length + CHUNK_OVERHEAD) >= bound && !paused) {
            paused = true;
            channel.config().setAutoRead(false);
            resume(); // The taker may have emptied it before it could see the pause.
        }
    }

    /** The oldest chunk, if any. Session's thread only. */
    byte @Nullable [] poll() {
        var chunk = chunks.poll();
        if (chunk != null && charged.addAndGet(-chunk.length - CHUNK_OVERHEAD) <= bound / 2 && paused) {
            channel.eventLoop().execute(this::resume);
        }
        return chunk;
    }

    private void resume() {
        if (paused && charged.get() <= bound / 2) {
            paused = false;
            channel.config().setAutoRead(true);
        }
    }

    boolean isEmpty() {
        return chunks.isEmpty();
    }

    /** No more will come: the client has closed its side, or the connection is gone. */
    void end() {
        ended = true;
    }

    /** Ask before {@link #poll}: what came before the end is put before it. */
    boolean isEnded() {
        return ended;
    }
}
