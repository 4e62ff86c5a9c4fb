package org.postern.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import io.netty.util.Timer;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postern.model.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loop's side of a connection, last in the pipeline: moves its bytes between the channel and the session, does what
 * session and listener ask for, and closes it. Fields belong to the event loop; methods say when any thread may call.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Outcomes arrive as events of the pipeline.
final class Wire extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Wire.class);
    /** Of this handler in the pipeline: others are added before it. */
    static final String NAME = "wire";

    private final Listener listener;
    private final ClientChannel channel;
    private final Handshake handshake;
    private final Closing closing;
    private final Arrival arrival;
    private @Nullable Connection connection;
    private boolean inputEnded;
    private boolean sessionOver;
    private boolean gone;

    Wire(Listener listener, ClientChannel channel) {
        this.listener = listener;
        this.channel = channel;
        this.handshake = new Handshake(channel, listener, this::handshakeFailed);
        this.closing = new Closing(channel, listener.node().limits());
        this.arrival = new Arrival(this, listener, handshake, closing);
    }

    static void enter(Listener listener, ClientChannel channel) {
        channel.pipeline().addLast(NAME, new Wire(listener, channel));
    }

    ClientChannel channel() {
        return channel;
    }

    ListenerSettings settings() {
        return listener.settings();
    }

    NetLimits limits() {
        return listener.node().limits();
    }

    Timer timer() {
        return listener.node().timer();
    }

    byte[] encode(Refusal refusal) {
        return listener.refusals().encode(refusal);
    }

    void countSent(int bytes) {
        listener.meters().sent(bytes);
    }

    /** The client may be served: makes its connection, whose session has not begun yet. */
    Connection connect(@Nullable TlsDetails tls) {
        var made = new Connection(listener.node().newId(), arrival.client(), this, tls, listener.sessions());
        connection = made;
        return made;
    }

    /** Strangers' failures are their business; where only known peers may come, each is somebody's to look at. */
    private void handshakeFailed(String reason) {
        if (settings().peers().isPresent()) {
            log("peer-refused", reason);
            return;
        }
        LOG.atDebug()
                .addKeyValue("listener", settings().name())
                .addKeyValue("client", arrival.client())
                .addKeyValue("case", "tls-failed")
                .log(reason);
    }

    /** TLS engines wrap what they were told. */
    private static String innermost(Throwable failure) {
        var cause = failure;
        while (cause.getCause() != null) {
            cause = cause.getCause();
        }
        return cause.toString();
    }

    // Bytes and events.

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        listener.opened(this);
        arrival.begin();
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        try {
            if (message instanceof ByteBuf bytes && connection != null && !closing.isBegun() && bytes.isReadable()) {
                listener.meters().received(bytes.readableBytes());
                connection.traffic().received(ByteBufUtil.getBytes(bytes));
            } // Else we linger: what a client still sends is of no interest.
        } finally {
            ReferenceCountUtil.release(message);
        }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
        switch (event) {
            case SslHandshakeCompletionEvent done
            when done.isSuccess() -> handshake.succeeded().ifPresent(arrival::ready);
            case SslHandshakeCompletionEvent failed ->
                handshake.failed(
                        failed.cause() instanceof ClosedChannelException ? "gone" : "failed",
                        innermost(failed.cause()));
            case SslCloseCompletionEvent closed -> inputEnded();
            case ChannelInputShutdownEvent shut -> inputEnded();
            default -> {}
        }
    }

    private void inputEnded() {
        inputEnded = true;
        closing.inputEnded();
        if (handshake.isRunning() || (connection == null && !closing.isBegun())) {
            closing.abort(); // Nobody shakes hands with half a connection.
        } else if (connection != null) {
            connection.traffic().inputEnded();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        gone = true;
        inputEnded = true;
        closing.closed();
        handshake.failed("gone", "the client closed during the handshake");
        arrival.left();
        if (connection != null) {
            connection.traffic().inputEnded();
        }
        listener.meters().closed();
        leaveWhenOver();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        LOG.atDebug()
                .addKeyValue("listener", settings().name())
                .addKeyValue("client", arrival.client())
                .setCause(cause)
                .log("The connection broke");
        abort();
    }

    // What sessions and listeners ask for. Any thread.

    /** STARTTLS: one task that checks that nothing came in clear, adds TLS, and only then answers. */
    void beginTls(byte[] reply, CompletableFuture<TlsDetails> result) {
        execute(() -> {
            var begun = connection;
            if (begun == null || inputEnded) {
                result.completeExceptionally(new PeerGone());
            } else if (!begun.traffic().isInboxEmpty()) {
                result.completeExceptionally(new InjectedBytes());
            } else {
                begun.traffic().write();
                handshake.awaitedBy(result);
                handshake.begin(NAME, closing::abort);
                // From the first context outward: below the handler just added, so in clear.
                channel.pipeline().firstContext().writeAndFlush(Unpooled.wrappedBuffer(reply));
                countSent(reply.length);
            }
        });
    }

    void authenticated() {
        execute(arrival::authenticated);
    }

    /** The session, if it has begun, else closes at once. */
    void drain(Duration grace) {
        execute(() -> {
            if (connection != null) {
                connection.end(new Refusal.ShuttingDown(), grace);
            } else if (!closing.isBegun()) {
                closing.abort();
            }
        });
    }

    void sessionOver() {
        execute(() -> {
            sessionOver = true;
            leaveWhenOver();
            finishOnLoop();
        });
    }

    void interruptSession() {
        execute(() -> {
            if (connection != null && !sessionOver) {
                log("stuck", "The session does not end; interrupting it");
                connection.thread().interrupt();
            }
        });
    }

    /** A connection is gone when its channel is closed and its session has returned. */
    private void leaveWhenOver() {
        if (gone && (connection == null || sessionOver)) {
            listener.left(this);
        }
    }

    void abortAfter(Duration grace) {
        execute(() -> {
            if (!closing.isBegun()) {
                channel.eventLoop().schedule(closing::abort, grace.toNanos(), TimeUnit.NANOSECONDS);
            }
        });
    }

    void finish() {
        execute(this::finishOnLoop);
    }

    void abort() {
        execute(closing::abort);
    }

    private void finishOnLoop() {
        if (!closing.isBegun()) {
            arrival.over();
            if (connection != null) {
                connection.traffic().write();
            }
            closing.begin(Unpooled.EMPTY_BUFFER);
        }
    }

    private void execute(Runnable task) {
        if (channel.eventLoop().inEventLoop()) {
            task.run();
            return;
        }
        try {
            channel.eventLoop().execute(task);
        } catch (RejectedExecutionException e) {
            LOG.atDebug().addKeyValue("listener", settings().name()).log("The node has stopped already");
        }
    }

    /** What whoever runs the node should see. */
    void log(String what, String text) {
        LOG.atInfo()
                .addKeyValue("listener", settings().name())
                .addKeyValue("client", arrival.client())
                .addKeyValue("case", what)
                .log(text);
    }
}
