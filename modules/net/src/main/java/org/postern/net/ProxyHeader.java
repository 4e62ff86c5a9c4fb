package org.postern.net;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.haproxy.HAProxyCommand;
import io.netty.handler.codec.haproxy.HAProxyMessage;
import java.net.InetAddress;
import org.postern.model.ClientAddress;

/** Learns the real client from a trusted proxy's header (PROXY protocol, versions 1 and 2). */
final class ProxyHeader extends SimpleChannelInboundHandler<HAProxyMessage> {
    /** Extensions after the addresses (§2.2): names and ids, never more than this. */
    static final int MAX_TLV_BYTES = 4 << 10;

    private final Arrival arrival;
    private final ClientAddress proxy;
    private boolean refused;

    ProxyHeader(Arrival arrival, ClientAddress proxy) {
        this.arrival = arrival;
        this.proxy = proxy;
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HAProxyMessage header) {
        // LOCAL is the proxy's own check. UNKNOWN and AF_UNIX name no client, so the proxy itself counts (§2.1, §2.2).
        boolean local = header.command() == HAProxyCommand.LOCAL;
        var client = switch (header.proxiedProtocol().addressFamily()) {
            case AF_IPv4, AF_IPv6 -> new ClientAddress(InetAddress.ofLiteral(header.sourceAddress()));
            case AF_UNSPEC, AF_UNIX -> proxy;
        };
        ctx.pipeline().remove(this);
        arrival.identified(local ? proxy : client, !local);
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
        if (cause instanceof DecoderException && !refused) { // It complains again about what is left in its buffer.
            refused = true;
            arrival.turnAway("proxy-header", "The PROXY header is missing or damaged: " + cause.getMessage());
        } else {
            ctx.fireExceptionCaught(cause);
        }
    }
}
