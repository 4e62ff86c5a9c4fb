package org.postern.net;

import io.micrometer.core.instrument.MeterRegistry;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioChannelOption;
import io.netty.util.HashedWheelTimer;
import io.netty.util.Timer;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import jdk.net.ExtendedSocketOptions;

/** All listeners of a node: they share event loops, certificates, bounds and metrics. */
public final class Listeners implements AutoCloseable {
    /** No look-alikes, as a user may read a session's id out loud. */
    private static final String ID_LETTERS = "0123456789abcdefghjkmnpqrstvwxyz";

    private static final int ID_LENGTH = 10;
    private static final int MAX_LOOPS = 16;
    private static final Duration STOP = Duration.ofSeconds(5);
    /** How late a session may hear that it has waited long enough. */
    private static final Duration TICK = Duration.ofMillis(50);

    private static final int TICKS_PER_TURN = 1 << 10;

    private final NetLimits limits;
    private final TlsContexts tls;
    private final MeterRegistry meters;
    private final SecureRandom random;
    private final Admission admission;
    private final EventLoopGroup loops;
    private final HashedWheelTimer timer;
    private final List<Listener> listeners = new CopyOnWriteArrayList<>();

    public Listeners(NetLimits limits, TlsContexts tls, MeterRegistry meters, SecureRandom random) {
        this.limits = limits;
        this.tls = tls;
        this.meters = meters;
        this.random = random;
        this.admission = new Admission(limits);
        // One a core: they only move bytes and encrypt. Accepting is rare enough to share them.
        this.loops = new MultiThreadIoEventLoopGroup(
                Math.min(MAX_LOOPS, Runtime.getRuntime().availableProcessors()),
                new DefaultThreadFactory("net", true),
                NioIoHandler.newFactory());
        this.timer = new HashedWheelTimer(
                new DefaultThreadFactory("net-timer", true),
                TICK.toMillis(),
                TimeUnit.MILLISECONDS,
                TICKS_PER_TURN,
                false);
        timer.start(); // Else the first wait would wait for it, and lose a signal that comes meanwhile.
    }

    /**
     * Opens a port; clients are served from now on.
     *
     * @param refusals its words outside of any command
     * @throws IOException when the port cannot be had; says which
     */
    public Listener bind(ListenerSettings settings, SessionFactory sessions, Refusals refusals) throws IOException {
        var listener = new Listener(this, settings, sessions, refusals, new NetMeters(meters, settings));
        var bound = bootstrap(listener).bind(settings.bind()).awaitUninterruptibly();
        if (!bound.isSuccess()) {
            throw new IOException(
                    "cannot listen on " + settings.bind() + " for " + settings.name() + ": "
                            + bound.cause().getMessage(),
                    bound.cause());
        }
        listener.bound(bound.channel());
        listeners.add(listener);
        return listener;
    }

    private ServerBootstrap bootstrap(Listener listener) {
        return new ServerBootstrap()
                .group(loops)
                .channelFactory(PortChannel::new)
                .option(ChannelOption.SO_BACKLOG, limits.backlog())
                .option(ChannelOption.SO_REUSEADDR, true)
                .childOption(ChannelOption.TCP_NODELAY, true)
                .childOption(
                        ChannelOption.ALLOW_HALF_CLOSURE, true) // A client may close its side and wait for replies.
                .childOption(ChannelOption.SO_KEEPALIVE, true)
                .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPIDLE), seconds(limits.keepAliveIdle()))
                .childOption(
                        NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPINTERVAL),
                        seconds(limits.keepAliveInterval()))
                .childOption(NioChannelOption.of(ExtendedSocketOptions.TCP_KEEPCOUNT), limits.keepAliveProbes())
                .childHandler(new ChannelInitializer<ClientChannel>() {
                    @Override
                    protected void initChannel(ClientChannel channel) {
                        Wire.enter(listener, channel);
                    }
                });
    }

    private static int seconds(Duration duration) {
        return (int) Math.max(1, duration.toSeconds());
    }

    /**
     * Closes all ports, lets running commands finish, tells every client ({@link org.postern.model.Refusal.ShuttingDown}), and
     * returns when all connections are gone, by force after the deadline.
     */
    public void drain(Duration deadline) {
        Drain.of(listeners, deadline);
    }

    /** Ends everything at once. */
    @Override
    public void close() {
        drain(Duration.ZERO);
        loops.shutdownGracefully(0, STOP.toMillis(), TimeUnit.MILLISECONDS).awaitUninterruptibly(STOP.toMillis());
        var _ = timer.stop(); // Whoever still waits is interrupted, and waits for no time.
    }

    /** Connections that take a place on the node now. */
    public int open() {
        return admission.open();
    }

    // For Wire and Arrival.

    NetLimits limits() {
        return limits;
    }

    Timer timer() {
        return timer;
    }

    TlsContexts tls() {
        return tls;
    }

    Admission admission() {
        return admission;
    }

    String newId() {
        var id = new StringBuilder(ID_LENGTH);
        for (int i = 0; i < ID_LENGTH; i++) {
            id.append(ID_LETTERS.charAt(random.nextInt(ID_LETTERS.length())));
        }
        return id.toString();
    }
}
