package org.postern.net;

import java.io.IOException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of one connection on their way between its session's thread and the event loop, through inbox and outbox,
 * compressed or not: what {@link Input} and {@link Output} wait with, each wait bounded. Session's thread only, where
 * nothing else is said.
 */
final class Traffic {
    private final Wire wire;
    private final SessionThread thread;
    private final Inbox inbox;
    private final Outbox outbox;
    private final Input in;
    private final Output out;
    private @Nullable Compression compression;
    private volatile long lastBytes = System.nanoTime();

    Traffic(Wire wire, SessionThread thread) {
        this.wire = wire;
        this.thread = thread;
        this.inbox = new Inbox(wire.channel(), wire.limits().inboxBytes());
        this.outbox = new Outbox(wire.channel(), thread::signal);
        this.in = new Input(this);
        this.out = new Output(this);
    }

    Input in() {
        return in;
    }

    Output out() {
        return out;
    }

    // What the client sends.

    long slowInputDeadline() {
        return SessionThread.deadline(wire.limits().slowInput());
    }

    /** The next chunk, at least one byte. */
    byte[] take(long deadline) throws IOException {
        while (true) {
            boolean ended = inbox.isEnded(); // Asked first: bytes before the end still count.
            var chunk = compression == null ? inbox.poll() : compression.next(inbox);
            if (chunk != null) {
                return chunk;
            }
            if (ended) {
                throw new PeerGone();
            }
            // A reply that the client must see before it goes on, such as a continuation request, is never held back.
            out.flush();
            if (!thread.park(deadline)) {
                throw new SlowInput(wire.limits().slowInput());
            }
        }
    }

    /** Whether {@link #take} would not wait. */
    boolean hasInput() throws IOException {
        return compression == null ? !inbox.isEmpty() : compression.hasInput(inbox);
    }

    /** No more will come: ask before {@link #hasInput}. */
    boolean isInputEnded() {
        return inbox.isEnded();
    }

    /** How long the client has sent nothing. Any thread. */
    Duration silence() {
        return Duration.ofNanos(System.nanoTime() - lastBytes);
    }

    // What the client is sent.

    /** Sends bytes, which stay lent until written, when the client has taken enough of the earlier ones. */
    void put(byte[] bytes, int offset, int length) throws IOException {
        if (compression == null) {
            send(bytes, offset, length);
        } else {
            compression.deflate(bytes, offset, length, this::send);
        }
    }

    private void send(byte[] bytes, int offset, int length) throws IOException {
        awaitPending(Math.max(0, wire.limits().outboxBytes() - length));
        outbox.put(bytes, offset, length);
        wire.countSent(length);
    }

    /** Waits until at most {@code most} sent bytes are untaken; any chunk taken restarts the clock of the slow reader. */
    void awaitPending(long most) throws IOException {
        if (outbox.pending() <= most && !outbox.isBroken()) {
            return;
        }
        outbox.await(true);
        try {
            sleepWhilePending(most);
        } finally {
            outbox.await(false);
        }
    }

    private void sleepWhilePending(long most) throws IOException {
        long seen = Long.MAX_VALUE;
        long deadline = 0;
        while (true) {
            long pending = outbox.pending();
            if (outbox.isBroken()) {
                throw new PeerGone();
            }
            if (pending <= most) {
                return;
            }
            if (pending < seen) {
                seen = pending;
                deadline = SessionThread.deadline(wire.limits().slowReader());
            }
            if (!thread.park(deadline)) {
                wire.abort();
                throw new SlowReader(wire.limits().slowReader());
            }
        }
    }

    /** A write has failed: the client is gone. */
    boolean isOutputBroken() {
        return outbox.isBroken();
    }

    // How it travels.

    boolean isCompressed() {
        return compression != null;
    }

    /** From here on, in both directions. */
    void compress() {
        compression = new Compression();
    }

    /** Nothing will be sent for a while. */
    void rest() {
        if (compression != null) {
            compression.rest();
        }
    }

    /** The session reads and writes no more. */
    void over() {
        if (compression != null) {
            compression.close();
        }
    }

    // The event loop's end of it.

    void received(byte[] chunk) {
        lastBytes = System.nanoTime();
        inbox.put(chunk);
        thread.signal();
    }

    /** The client has closed its side, or the connection is gone. */
    void inputEnded() {
        inbox.end();
        thread.signal();
    }

    /** Whether bytes wait for the session. */
    boolean isInboxEmpty() {
        return inbox.isEmpty();
    }

    /** Hands everything put so far to the channel. */
    void write() {
        outbox.write();
    }

    /** Whether the socket is being read: not while the inbox is full. */
    boolean isReading() {
        return wire.channel().config().isAutoRead();
    }
}
