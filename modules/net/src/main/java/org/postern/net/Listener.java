package org.postern.net;

import io.netty.channel.Channel;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** One open port and the connections that came through it. */
public final class Listener implements AutoCloseable {
    private final Listeners node;
    private final ListenerSettings settings;
    private final SessionFactory sessions;
    private final Refusals refusals;
    private final NetMeters meters;
    private final Set<Wire> wires = ConcurrentHashMap.newKeySet();
    private volatile boolean draining;

    @SuppressWarnings("NullAway.Init") // Set by bound() before anybody else sees this.
    private Channel server;

    Listener(Listeners node, ListenerSettings settings, SessionFactory sessions, Refusals refusals, NetMeters meters) {
        this.node = node;
        this.settings = settings;
        this.sessions = sessions;
        this.refusals = refusals;
        this.meters = meters;
    }

    void bound(Channel channel) {
        server = channel;
    }

    public ListenerSettings settings() {
        return settings;
    }

    /** The port really bound. */
    public int port() {
        return ((InetSocketAddress) server.localAddress()).getPort();
    }

    /** Connections open now, those that are still in their handshake and those that linger included. */
    public int open() {
        return wires.size();
    }

    /** As {@link Listeners#drain}, for this port's connections alone. */
    public void drain(Duration deadline) {
        Drain.of(List.of(this), deadline);
    }

    /** Closes the port and its connections at once. */
    @Override
    public void close() {
        drain(Duration.ZERO);
    }

    // For Drain.

    void stopAccepting() {
        draining = true;
        server.close().awaitUninterruptibly();
    }

    Set<Wire> wires() {
        return wires;
    }

    // For Wire and Arrival. Event loops.

    Listeners node() {
        return node;
    }

    SessionFactory sessions() {
        return sessions;
    }

    Refusals refusals() {
        return refusals;
    }

    NetMeters meters() {
        return meters;
    }

    void opened(Wire wire) {
        meters.opened();
        wires.add(wire);
        if (draining) { // Accepted by the kernel before the port closed; added first, so that a drain cannot miss it.
            wire.abort();
        }
    }

    void left(Wire wire) {
        wires.remove(wire);
        synchronized (wires) {
            wires.notifyAll();
        }
    }
}
