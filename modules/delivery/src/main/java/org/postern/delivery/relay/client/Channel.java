package org.postern.delivery.relay.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Commands and replies over one socket, every step in time. */
final class Channel {
    private static final Logger LOG = LoggerFactory.getLogger(Channel.class);
    private static final int OUT_BYTES = 16 * 1024;

    private final Socket socket;
    private final OutputStream out;
    private final ReplyReader replies;
    private final ClientLimits limits;
    private final Watch watch;

    /** @param socket under TLS, if there is any: closing it ends every read and write */
    Channel(Socket socket, InputStream in, OutputStream out, ClientLimits limits, Watch watch) {
        this.socket = socket;
        this.out = new BufferedOutputStream(out, OUT_BYTES);
        this.replies = new ReplyReader(in, limits);
        this.limits = limits;
        this.watch = watch;
    }

    ClientLimits limits() {
        return limits;
    }

    boolean hasMore() {
        return replies.hasMore();
    }

    Reply reply(Duration time, String what) throws IOException {
        return watch.within(time, socket, what, replies::read);
    }

    Reply command(String line) throws IOException {
        return command(line, new ArrayList<>());
    }

    /** @param lines gets the text of each line of the reply */
    Reply command(String line, List<String> lines) throws IOException {
        return watch.within(limits.command(), socket, "after " + verb(line), () -> {
            send(line);
            out.flush();
            return replies.read(lines);
        });
    }

    /** Several commands at once (RFC 2920 §3.1). Behind 421 there is nothing more: it answers all that follow. */
    List<Reply> flight(List<String> lines) throws IOException {
        return watch.within(limits.command(), socket, "after " + verb(lines.getFirst()), () -> {
            for (var line : lines) {
                send(line);
            }
            out.flush();
            var all = new ArrayList<Reply>();
            while (all.size() < lines.size()) {
                boolean over = !all.isEmpty() && all.getLast().isGoodbye();
                all.add(over ? all.getLast() : replies.read());
            }
            return all;
        });
    }

    private void send(String line) throws IOException {
        out.write((line + "\r\n").getBytes(UTF_8));
    }

    void write(byte[] bytes, int length) throws IOException {
        watch.within(limits.dataBlock(), socket, "sending the message", () -> {
            out.write(bytes, 0, length);
            out.flush();
            return length;
        });
    }

    /** Ends the connection, politely where that costs nothing. */
    void quit() {
        try {
            var reply = watch.within(limits.quit(), socket, "after QUIT", () -> {
                send("QUIT");
                out.flush();
                return replies.read();
            });
            LOG.debug("QUIT was answered {}", reply);
        } catch (IOException e) {
            LOG.debug("QUIT was not answered: {}", e.toString());
        } finally {
            close();
        }
    }

    void close() {
        Watch.close(socket);
    }

    /** Secrets stay out of messages. */
    private static String verb(String line) {
        int blank = line.indexOf(' ');
        return blank < 0 ? line.length() > 8 ? "a response" : line : line.substring(0, blank);
    }
}
