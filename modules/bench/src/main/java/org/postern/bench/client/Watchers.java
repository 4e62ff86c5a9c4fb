package org.postern.bench.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.postern.bench.peer.MailboxServer;

/**
 * Many clients that wait in IDLE for one message. One thread notes when each of them has been sent something, and only then is
 * it decrypted and looked at: a thread for each would cost more than what is measured.
 */
public final class Watchers implements AutoCloseable {
    private final List<Watcher> watchers = new ArrayList<>();

    private record Watcher(SocketChannel channel, ImapClient client) {}

    public Watchers(MailboxServer server, int mailbox, String folder, int count) {
        try {
            for (int i = 0; i < count; i++) {
                var channel = TlsSocket.channel(server.imaps());
                var client = new ImapClient(TlsSocket.over(channel));
                client.logIn(server.login(mailbox));
                client.command("SELECT " + folder);
                client.idle();
                watchers.add(new Watcher(channel, client));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return how many milliseconds after the append began each was told of the message, in ascending order */
    public double[] millisUntilTold(Runnable append) {
        try (var selector = Selector.open();
                var writer = Executors.newSingleThreadExecutor()) {
            for (var watcher : watchers) {
                watcher.channel.configureBlocking(false);
                watcher.channel.register(selector, SelectionKey.OP_READ);
            }
            long began = System.nanoTime();
            Future<?> appended = writer.submit(append);
            var millis = new double[watchers.size()];
            for (int told = 0; told < millis.length; ) {
                selector.select();
                double now = (System.nanoTime() - began) / 1e6;
                for (var key : selector.selectedKeys()) {
                    millis[told++] = now;
                    key.cancel();
                }
                selector.selectedKeys().clear();
            }
            appended.get();
            selector.selectNow(); // What is cancelled is registered until then, and cannot be made blocking.
            for (var watcher : watchers) {
                watcher.channel.configureBlocking(true);
                watcher.client.expectLine("EXISTS");
                watcher.client.expectLine("RECENT"); // Nothing is left that would look like the next news.
            }
            return millis;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        }
    }

    @Override
    public void close() {
        watchers.forEach(watcher -> watcher.client.close());
    }
}
