package org.postern.accounts;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.postern.database.DatabaseSettings;

/** Stands between the driver and PostgreSQL and counts how often the server says "ready for query": the round trips. */
final class RoundTrips implements AutoCloseable {
    private static final int READY_FOR_QUERY = 'Z';
    private static final long REST_MILLIS = 600_000;

    private final ServerSocket listener;
    private final URI server;
    private final AtomicInteger count = new AtomicInteger();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean cut;

    RoundTrips(DatabaseSettings settings) throws IOException {
        server = URI.create(settings.url().substring("jdbc:".length()));
        listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().start(this::accept);
    }

    /** The same database, reached through here; its pool does not ask whether a connection that rested still lives. */
    DatabaseSettings through(DatabaseSettings settings) {
        System.setProperty("com.zaxxer.hikari.aliveBypassWindowMs", Long.toString(REST_MILLIS));
        var url = settings.url().replace(":" + server.getPort() + "/", ":" + listener.getLocalPort() + "/");
        var plain = url + (url.contains("?") ? "&" : "?") + "sslmode=disable&gssEncMode=disable";
        return new DatabaseSettings(
                plain,
                settings.user(),
                settings.password(),
                settings.cell(),
                1, // A pool that fills itself would be counted too.
                settings.statementTimeout(),
                DatabaseSettings.DEFAULT_CHECKOUT_TIMEOUT); // A server's own patience, where the wire may be cut.
    }

    int count() {
        return count.get();
    }

    /** Breaks all connections and lets none through until it is undone. */
    void cut(boolean now) throws IOException {
        cut = now;
        if (now) {
            for (var socket : open) {
                socket.close();
            }
            open.clear();
        }
    }

    private void accept() {
        try {
            while (true) {
                var client = listener.accept();
                if (cut) {
                    client.close();
                    continue;
                }
                open.add(client);
                var upstream = new Socket(server.getHost(), server.getPort());
                client.setTcpNoDelay(true);
                upstream.setTcpNoDelay(true);
                Thread.ofVirtual().start(() -> copyRequests(client, upstream));
                Thread.ofVirtual().start(() -> copyReplies(upstream, client));
            }
        } catch (IOException e) {
            if (!listener.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** A read that a close only just interrupts may still bring bytes: what comes after the cut is dropped. */
    private void copyRequests(Socket from, Socket to) {
        try (from;
                to) {
            var buffer = new byte[1 << 16];
            for (int got = from.getInputStream().read(buffer);
                    got >= 0 && !cut;
                    got = from.getInputStream().read(buffer)) {
                to.getOutputStream().write(buffer, 0, got);
            }
        } catch (IOException e) {
            // One side has gone: try-with-resources ends the other.
        }
    }

    /** Every message of the server is a type, a length that counts itself, and the rest. */
    private void copyReplies(Socket from, Socket to) {
        try (from;
                to) {
            var in = new DataInputStream(new BufferedInputStream(from.getInputStream(), 1 << 16));
            OutputStream out = to.getOutputStream();
            while (true) {
                int type = in.read();
                if (type < 0) {
                    return;
                }
                int length = in.readInt();
                var message = new byte[1 + length];
                message[0] = (byte) type;
                message[1] = (byte) (length >>> 24);
                message[2] = (byte) (length >>> 16);
                message[3] = (byte) (length >>> 8);
                message[4] = (byte) length;
                in.readFully(message, 5, length - 4);
                if (type == READY_FOR_QUERY) {
                    count.incrementAndGet();
                }
                out.write(message);
                out.flush();
            }
        } catch (IOException e) {
            // One side has gone: try-with-resources ends the other.
        }
    }

    @Override
    public void close() throws IOException {
        listener.close();
    }
}
