package org.postern.net;

import io.netty.buffer.ByteBuf;
import io.netty.handler.ssl.SslHandler;

/**
 * How a connection is closed. A close with unread bytes makes the kernel send a reset, which can overtake our last reply;
 * so: send, shut our side, let the client read and close first, and only then, or after {@link NetLimits#linger}, close.
 * Event loop only.
 */
@SuppressWarnings(
        "FutureReturnValueIgnored") // What becomes of a last write is of no interest: the timer closes anyway.
final class Closing {
    private final ClientChannel channel;
    private final NetLimits limits;
    private final LoopTimer timer = new LoopTimer();
    private boolean begun;
    private boolean flushed;
    private boolean inputEnded;

    Closing(ClientChannel channel, NetLimits limits) {
        this.channel = channel;
        this.limits = limits;
    }

    /** From then on nothing that the client sends is read. */
    boolean isBegun() {
        return begun;
    }

    /** Sends {@code words} behind what has been written, then closes gently. */
    void begin(ByteBuf words) {
        begun = true;
        timer.set(channel.eventLoop(), limits.slowReader(), this::abort);
        var last = channel.pipeline().lastContext();
        if (last == null) {
            words.release();
            abort();
            return;
        }
        last.writeAndFlush(words).addListener(done -> linger());
    }

    private void linger() {
        flushed = true;
        if (!channel.isActive()) {
            return;
        }
        timer.set(channel.eventLoop(), limits.linger(), this::abort);
        if (inputEnded) {
            channel.close(); // Through TLS, which says goodbye first.
            return;
        }
        channel.config().setAutoRead(true); // To see the client close; a full inbox no longer matters.
        var tls = channel.pipeline().get(SslHandler.class);
        if (tls == null) {
            channel.endOutput();
        } else {
            tls.closeOutbound().addListener(done -> channel.endOutput());
        }
    }

    /** The client has closed its side: once it has our last bytes, nothing is left to wait for. */
    void inputEnded() {
        inputEnded = true;
        if (flushed) {
            abort();
        }
    }

    /** Closes now, without another byte: below TLS, where not even a close_notify is waited for. */
    void abort() {
        begun = true;
        timer.cancel();
        var first = channel.pipeline().firstContext();
        if (first == null) {
            channel.close();
        } else {
            first.close();
        }
    }

    void closed() {
        begun = true;
        timer.cancel();
    }
}
