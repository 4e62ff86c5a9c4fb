package org.postern.net;

import io.netty.channel.socket.nio.NioServerSocketChannel;
import java.io.IOException;
import java.util.List;

/** A port that clients connect to. */
final class PortChannel extends NioServerSocketChannel {
    @Override
    protected int doReadMessages(List<Object> accepted) throws IOException {
        var socket = javaChannel().accept();
        if (socket == null) {
            return 0;
        }
        accepted.add(new ClientChannel(this, socket));
        return 1;
    }
}
