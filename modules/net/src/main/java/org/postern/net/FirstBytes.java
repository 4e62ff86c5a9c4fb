package org.postern.net;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.ReferenceCountUtil;

/** Tells a TLS client from one in clear by the first byte: a record of type handshake (RFC 8446 §5.1), or not. */
final class FirstBytes extends ChannelInboundHandlerAdapter {
    private static final int HANDSHAKE = 22;

    private final Arrival arrival;

    FirstBytes(Arrival arrival) {
        this.arrival = arrival;
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object message) {
        if (!(message instanceof ByteBuf bytes) || !bytes.isReadable()) {
            ReferenceCountUtil.release(message);
            return;
        }
        boolean tls = bytes.getUnsignedByte(bytes.readerIndex()) == HANDSHAKE;
        if (tls) {
            arrival.speaksTls();
        } else {
            arrival.speaksClear();
        }
        ctx.fireChannelRead(message); // To the TLS handler that is now behind us, or to the session.
        ctx.pipeline().remove(this);
    }
}
