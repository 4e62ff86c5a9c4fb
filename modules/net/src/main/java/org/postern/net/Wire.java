package org.postern.net;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.netty.channel.socket.SocketChannel;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import io.netty.handler.ssl.SslCloseCompletionEvent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.ReferenceCountUtil;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.postern.model.ClientAddress;
import org.postern.model.Refusal;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event loop's side of a connection, last in the pipeline: takes it from accept through PROXY header, admission and TLS
 * to its session, moves its bytes, and closes it. Fields belong to the event loop; methods say when any thread may call.
 */
@SuppressWarnings("FutureReturnValueIgnored") // Outcomes arrive as events of the pipeline.
final class Wire extends ChannelInboundHandlerAdapter {
    private static final Logger LOG = LoggerFactory.getLogger(Wire.class);
    private static final String NAME = "wire";

    private final Listener listener;
    private final SocketChannel channel;
    private final long accepted = System.nanoTime();

    private @Nullable ClientAddress client;
    /** Whether it takes a place on the node: not before its address is known, and never a proxy's own check. */
    private boolean admitted;

    private boolean stranger;
    /** Why this client will be sent away as soon as it can be told. */
    private @Nullable Refusal refused;

    private @Nullable Connection connection;
    /** PROXY header, first byte, first command: one at a time. */
    private final LoopTimer deadline = new LoopTimer();

    private final Handshake handshake;
    private final Closing closing;
    private boolean inputEnded;
    private boolean sessionOver;
    private boolean gone;

    Wire(Listener listener, SocketChannel channel) {
        this.listener = listener;
        this.channel = channel;
        this.handshake = new Handshake(channel, listener, this::handshakeFailed);
        this.closing = new Closing(channel, listener.node().limits());
    }

    static void enter(Listener listener, SocketChannel channel) {
        channel.pipeline().addLast(NAME, new Wire(listener, channel));
    }

    SocketChannel channel() {
        return channel;
    }

    ListenerSettings settings() {
        return listener.settings();
    }

    NetLimits limits() {
        return listener.node().limits();
    }

    byte[] encode(Refusal refusal) {
        return listener.refusals().encode(refusal);
    }

    void countSent(int bytes) {
        listener.meters().sent(bytes);
    }

    // From accept to the session.

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        listener.opened(this);
        var peer = channel.remoteAddress().getAddress();
        if (settings().proxyFrom().stream().noneMatch(network -> network.contains(peer))) {
            identified(new ClientAddress(peer), true);
            return;
        }
        ctx.pipeline().addBefore(NAME, null, new HAProxyMessageDecoder(ProxyHeader.MAX_TLV_BYTES));
        ctx.pipeline().addBefore(NAME, null, new ProxyHeader(this, new ClientAddress(peer)));
        deadline.set(
                channel.eventLoop(),
                limits().proxyHeader(),
                () -> turnAway("proxy-header", "The PROXY header did not come in time"));
    }

    /** @param counts false for the proxy's own check (PROXY protocol §2.2, LOCAL), which takes nobody's place */
    void identified(ClientAddress address, boolean counts) {
        client = address;
        if (counts) {
            if (listener.node().admission().enter(address)) {
                admitted = true;
                stranger = true;
            } else {
                var refusal = new Refusal.TooManyConnections();
                listener.meters().refused(refusal.caseName());
                if (!listener.node().admission().maySpeak()) {
                    closing.abort(); // A flood: no handshake, no log line.
                    return;
                }
                log("too-many-connections", "Refused: too many connections");
                refused = refusal;
            }
        }
        switch (settings().tls()) {
            case IMPLICIT -> firstBytes(limits().handshake(), this::clearTextOnTlsPort);
            case STARTTLS -> ready(null);
            case DETECT -> firstBytes(limits().detectWindow(), () -> ready(null));
        }
    }

    /** Lets the first byte decide, or the silence. */
    private void firstBytes(Duration wait, Runnable silent) {
        var first = new FirstBytes(this);
        channel.pipeline().addBefore(NAME, null, first);
        deadline.set(channel.eventLoop(), wait, () -> {
            channel.pipeline().remove(first);
            silent.run();
        });
    }

    /** The first byte begins a TLS record. */
    void speaksTls() {
        deadline.cancel();
        handshake.begin(NAME, closing::abort);
    }

    /** The first byte does not. */
    void speaksClear() {
        if (settings().tls() == TlsMode.IMPLICIT) {
            clearTextOnTlsPort();
        } else {
            ready(null);
        }
    }

    private void clearTextOnTlsPort() {
        var refusal = new Refusal.ClearTextOnTlsPort();
        listener.meters().refused(refusal.caseName());
        listener.meters().handshake("none", "clear-text");
        lastWords(refusal);
    }

    /** In clear, or with TLS on: the session may begin. */
    private void ready(@Nullable TlsDetails tls) {
        deadline.cancel();
        if (closing.isBegun()) {
            return;
        }
        if (refused != null) {
            lastWords(refused);
            return;
        }
        var begun = new Connection(listener.node().newId(), knownClient(), this, tls, listener.sessions());
        connection = begun;
        var used = Duration.ofNanos(System.nanoTime() - accepted);
        var limit = limits().firstCommand();
        deadline.set(channel.eventLoop(), limit.minus(used), () -> begun.end(new Refusal.IdleTooLong(limit)));
        begun.thread().start();
    }

    private ClientAddress knownClient() {
        var known = client;
        return known == null ? new ClientAddress(channel.remoteAddress().getAddress()) : known;
    }

    /** STARTTLS: one task that checks that nothing came in clear, adds TLS, and only then answers. Any thread. */
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

    /** Strangers' failures are their business; where only known peers may come, each is somebody's to look at. */
    private void handshakeFailed(String reason) {
        if (settings().peers().isPresent()) {
            log("peer-refused", reason);
            return;
        }
        LOG.atDebug()
                .addKeyValue("listener", settings().name())
                .addKeyValue("client", knownClient())
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
            when done.isSuccess() -> handshake.succeeded().ifPresent(this::ready);
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
        deadline.cancel();
        handshake.failed("gone", "the client closed during the handshake");
        if (admitted) {
            listener.node().admission().leave();
        }
        noStranger();
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
                .addKeyValue("client", knownClient())
                .setCause(cause)
                .log("The connection broke");
        abort();
    }

    /** The PROXY header is damaged, missing or late: the proxy is misconfigured, which its operator must see. */
    void turnAway(String reason, String text) {
        listener.meters().refused(reason);
        log(reason, text);
        closing.abort();
    }

    // What sessions and listeners ask for. Any thread.

    void authenticated() {
        execute(() -> {
            noStranger();
            if (!closing.isBegun()) {
                deadline.cancel();
            }
        });
    }

    private void noStranger() {
        if (stranger) {
            stranger = false;
            listener.node().admission().known(knownClient());
        }
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

    private void lastWords(Refusal refusal) {
        if (!closing.isBegun()) {
            deadline.cancel();
            var words = encode(refusal);
            countSent(words.length);
            closing.begin(Unpooled.wrappedBuffer(words));
        }
    }

    private void finishOnLoop() {
        if (!closing.isBegun()) {
            deadline.cancel();
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

    private void log(String what, String text) {
        LOG.atInfo()
                .addKeyValue("listener", settings().name())
                .addKeyValue("client", knownClient())
                .addKeyValue("case", what)
                .log(text);
    }
}
