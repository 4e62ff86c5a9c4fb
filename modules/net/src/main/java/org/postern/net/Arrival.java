package org.postern.net;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.haproxy.HAProxyMessageDecoder;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postern.model.ClientAddress;
import org.postern.model.Refusal;

/**
 * A connection's way in: from accept through PROXY header, admission and TLS to its session, or to the refusal that it gets
 * instead; a stranger, with one deadline at a time, until it has proved who it is. Event loop only.
 */
final class Arrival {
    private final Wire wire;
    private final Listener listener;
    private final ClientChannel channel;
    private final Handshake handshake;
    private final Closing closing;
    private final long accepted = System.nanoTime();
    /** PROXY header, first byte, first command: one at a time. */
    private final LoopTimer deadline = new LoopTimer();

    private @Nullable ClientAddress client;
    /** Whether it takes a place on the node: not before its address is known, and never a proxy's own check. */
    private boolean admitted;

    private boolean stranger;
    /** Why this client will be sent away as soon as it can be told. */
    private @Nullable Refusal refused;

    Arrival(Wire wire, Listener listener, Handshake handshake, Closing closing) {
        this.wire = wire;
        this.listener = listener;
        this.channel = wire.channel();
        this.handshake = handshake;
        this.closing = closing;
    }

    /** Where the client really is, or the proxy while that is not known. */
    ClientAddress client() {
        var known = client;
        return known == null ? new ClientAddress(channel.remoteAddress().getAddress()) : known;
    }

    // From accept to the session.

    void begin() {
        var peer = channel.remoteAddress().getAddress();
        if (listener.settings().proxyFrom().stream().noneMatch(network -> network.contains(peer))) {
            identified(new ClientAddress(peer), true);
            return;
        }
        channel.pipeline().addBefore(Wire.NAME, null, new HAProxyMessageDecoder(ProxyHeader.MAX_TLV_BYTES));
        channel.pipeline().addBefore(Wire.NAME, null, new ProxyHeader(this, new ClientAddress(peer)));
        deadline.set(
                channel.eventLoop(),
                wire.limits().proxyHeader(),
                () -> turnAway("proxy-header", "The PROXY header did not come in time"));
    }

    /** The PROXY header is damaged, missing or late: the proxy is misconfigured, which its operator must see. */
    void turnAway(String reason, String text) {
        listener.meters().refused(reason);
        wire.log(reason, text);
        closing.abort();
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
                wire.log("too-many-connections", "Refused: too many connections");
                refused = refusal;
            }
        }
        switch (listener.settings().tls()) {
            case IMPLICIT -> firstBytes(wire.limits().handshake(), this::clearTextOnTlsPort);
            case STARTTLS -> ready(null);
            case DETECT -> firstBytes(wire.limits().detectWindow(), () -> ready(null));
        }
    }

    /** Lets the first byte decide, or the silence. */
    private void firstBytes(Duration wait, Runnable silent) {
        var first = new FirstBytes(this);
        channel.pipeline().addBefore(Wire.NAME, null, first);
        deadline.set(channel.eventLoop(), wait, () -> {
            channel.pipeline().remove(first);
            silent.run();
        });
    }

    /** The first byte begins a TLS record. */
    void speaksTls() {
        deadline.cancel();
        handshake.begin(Wire.NAME, closing::abort);
    }

    /** The first byte does not. */
    void speaksClear() {
        if (listener.settings().tls() == TlsMode.IMPLICIT) {
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
    void ready(@Nullable TlsDetails tls) {
        deadline.cancel();
        if (closing.isBegun()) {
            return;
        }
        if (refused != null) {
            lastWords(refused);
            return;
        }
        var begun = wire.connect(tls);
        var used = Duration.ofNanos(System.nanoTime() - accepted);
        var limit = wire.limits().firstCommand();
        deadline.set(channel.eventLoop(), limit.minus(used), () -> begun.end(new Refusal.IdleTooLong(limit)));
        begun.thread().start();
    }

    private void lastWords(Refusal refusal) {
        if (!closing.isBegun()) {
            deadline.cancel();
            var words = wire.encode(refusal);
            wire.countSent(words.length);
            closing.begin(Unpooled.wrappedBuffer(words));
        }
    }

    // What ends it.

    /** The client has proved who it is. */
    void authenticated() {
        noStranger();
        if (!closing.isBegun()) {
            deadline.cancel();
        }
    }

    private void noStranger() {
        if (stranger) {
            stranger = false;
            listener.node().admission().known(client());
        }
    }

    /** Nothing is expected of the client any more: its connection is being closed. */
    void over() {
        deadline.cancel();
    }

    /** The connection is closed: whatever place it has taken is free. */
    void left() {
        deadline.cancel();
        if (admitted) {
            listener.node().admission().leave();
        }
        noStranger();
    }
}
