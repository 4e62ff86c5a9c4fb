package org.postern.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.ssl.AbstractSniHandler;
import io.netty.handler.ssl.SslHandler;
import io.netty.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/** Reads the client hello and gives way to TLS with the certificate of the name in it (RFC 6066 §3). */
final class ServerNameHandler extends AbstractSniHandler<ServedCertificate> {
    /** Hellos with post-quantum keys and many extensions stay well below. */
    private static final int MAX_CLIENT_HELLO = 16 << 10;

    private static final long CLOSE_NOTIFY_MILLIS = 1_000;

    private final Handshake handshake;
    private final TlsContexts contexts;
    private final ListenerSettings settings;

    ServerNameHandler(Handshake handshake, TlsContexts contexts, ListenerSettings settings) {
        super(MAX_CLIENT_HELLO, 0); // One deadline for the whole handshake is kept elsewhere.
        this.handshake = handshake;
        this.contexts = contexts;
        this.settings = settings;
    }

    @Override
    protected Future<ServedCertificate> lookup(ChannelHandlerContext ctx, @Nullable String serverName) {
        return ctx.executor().newSucceededFuture(contexts.choose(serverName, settings.hostname()));
    }

    @Override
    protected void onLookupComplete(
            ChannelHandlerContext ctx, @Nullable String serverName, Future<ServedCertificate> chosen) {
        var certificate = chosen.getNow();
        handshake.shows(certificate, serverName);
        var tls = new SslHandler(certificate.context(settings.peers()).newEngine(ctx.alloc()));
        tls.setHandshakeTimeoutMillis(0);
        tls.setCloseNotifyFlushTimeoutMillis(CLOSE_NOTIFY_MILLIS);
        ctx.pipeline().replace(this, null, tls);
    }
}
