package org.postern.net;

import io.netty.channel.Channel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;
import java.nio.channels.SocketChannel;

/** The socket of one client. */
final class ClientChannel extends NioSocketChannel {
    ClientChannel(Channel port, SocketChannel socket) {
        super(port, socket);
    }

    /**
     * Says that nothing more will come, behind all that has been written; what the client sends is still read. Netty's
     * {@link #shutdownOutput} does more than that: it makes an exception, stack trace and all, for writes that nobody makes.
     */
    void endOutput() {
        try {
            javaChannel().shutdownOutput();
        } catch (IOException e) {
            var _ = close(); // The client has gone first.
        }
    }
}
