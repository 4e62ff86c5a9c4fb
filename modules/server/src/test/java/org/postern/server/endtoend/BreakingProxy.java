package org.postern.server.endtoend;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Passes bytes to and from a port of this machine; its first connection breaks off after so many of the server's. */
final class BreakingProxy implements AutoCloseable {
    private static final int BUFFER_BYTES = 16 * 1024;

    private final ServerSocket listener;
    private final int target;
    private long left;

    BreakingProxy(int target, long firstConnectionBytes) throws IOException {
        this.listener = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
        this.target = target;
        this.left = firstConnectionBytes;
        Thread.ofVirtual().name("breaking-proxy").start(this::accept);
    }

    int port() {
        return listener.getLocalPort();
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                var client = listener.accept();
                var server = new Socket(InetAddress.getLoopbackAddress(), target);
                long most = left;
                left = Long.MAX_VALUE;
                Thread.ofVirtual().start(() -> pass(client, server, Long.MAX_VALUE));
                Thread.ofVirtual().start(() -> pass(server, client, most));
            }
        } catch (IOException e) {
            if (!listener.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static void pass(Socket from, Socket to, long most) {
        try (from;
                to) {
            var bytes = new byte[BUFFER_BYTES];
            long passed = 0;
            for (int n = from.getInputStream().read(bytes);
                    n >= 0 && passed < most;
                    n = from.getInputStream().read(bytes)) {
                to.getOutputStream().write(bytes, 0, n);
                passed += n;
            }
        } catch (IOException e) {
            // The other direction has closed both.
            return;
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
