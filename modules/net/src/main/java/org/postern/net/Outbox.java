package org.postern.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Bytes to send on their way from the session's thread, which puts, to the event loop, which writes. Counts what the
 * kernel has not taken yet. Heap arrays are only wrapped: no pooled buffer is ever allocated on a virtual thread.
 */
@SuppressWarnings("FutureReturnValueIgnored") // A listener tells what becomes of each write.
final class Outbox {
    private final Channel channel;
    private final Runnable signal;
    private final Queue<ByteBuf> chunks = new ConcurrentLinkedQueue<>();
    private final AtomicBoolean scheduled = new AtomicBoolean();
    private final AtomicLong pending = new AtomicLong();
    private volatile boolean broken;
    /** The session sleeps until the kernel has taken more. Most never do, and waking one costs as much as a small reply. */
    private volatile boolean awaited;

    /** @param signal called on the event loop when the kernel has taken a chunk that is {@link #awaited}, or never will */
    Outbox(Channel channel, Runnable signal) {
        this.channel = channel;
        this.signal = signal;
    }

    /** Lends the bytes until they are written. Session's thread only. */
    void put(byte[] bytes, int offset, int length) {
        pending.addAndGet(length);
        chunks.add(Unpooled.wrappedBuffer(bytes, offset, length));
        if (scheduled.compareAndSet(false, true)) { // Many flushes of one burst are one task.
            try {
                channel.eventLoop().execute(this::write);
            } catch (RejectedExecutionException e) {
                broken = true; // The node has stopped; the channel is closed.
            }
        }
    }

    /** Hands everything to the channel. Event loop only. */
    void write() {
        scheduled.set(false);
        var pipeline = channel.pipeline();
        ChannelHandlerContext last = pipeline.lastContext();
        boolean any = false;
        for (var chunk = chunks.poll(); chunk != null; chunk = chunks.poll()) {
            int length = chunk.readableBytes();
            any = true;
            if (last == null) { // Deregistered: nothing is left to write through.
                chunk.release();
                done(false, length);
            } else {
                last.write(chunk).addListener((ChannelFuture write) -> done(write.isSuccess(), length));
            }
        }
        if (any && last != null) {
            last.flush();
        }
    }

    private void done(boolean taken, int length) {
        if (!taken) {
            broken = true;
        }
        pending.addAndGet(-length);
        if (awaited || !taken) { // Read after the count is written, as who waits counts after it has said so.
            signal.run();
        }
    }

    /** Whether the session is about to sleep until the kernel has taken more. Session's thread only. */
    void await(boolean sleeps) {
        awaited = sleeps;
    }

    /** Bytes put and not taken by the kernel. */
    long pending() {
        return pending.get();
    }

    /** A write has failed: the client is gone. */
    boolean isBroken() {
        return broken;
    }
}
