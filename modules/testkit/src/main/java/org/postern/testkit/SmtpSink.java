package org.postern.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Another host's SMTP server on loopback: takes every message, and answers as a test tells it. Each rule names the beginning of a
 * command, {@code GREETING} or {@code MESSAGE} (the end of the data), and the reply; the newest that fits is taken.
 */
public final class SmtpSink implements AutoCloseable {
    /** In the place of a reply: the connection is closed without one. */
    public static final String HANG_UP = "hang up";

    /** In the place of a reply: byte by byte of an endless one. */
    public static final String DRIP = "drip";

    /** In the place of a reply: none until the rules are forgotten, and then the usual one. */
    public static final String WAIT = "wait";

    private final ServerSocket listener;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final List<Rule> rules = new CopyOnWriteArrayList<>();
    private final List<String> offers =
            new CopyOnWriteArrayList<>(List.of("SIZE 104857600", "PIPELINING", "8BITMIME", "SMTPUTF8", "DSN"));
    private final List<Received> received = new CopyOnWriteArrayList<>();
    private final List<String> commands = new CopyOnWriteArrayList<>();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger mostConnections = new AtomicInteger();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile @Nullable SSLContext tls;

    private record Rule(String command, String reply) {}

    /**
     * A message that was answered with 2yz, or whose answer a rule withheld.
     *
     * @param connection which one it came over, from 1
     * @param recipients RCPT's arguments
     * @param data dots undone
     */
    public record Received(int connection, boolean secured, String mail, List<String> recipients, String data) {}

    private SmtpSink(InetSocketAddress at) {
        try {
            listener = new ServerSocket();
            listener.setReuseAddress(true);
            listener.bind(at);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread.ofVirtual().name("smtp-sink").start(this::accept);
    }

    /** On 127.0.0.1 and a free port. */
    public static SmtpSink start() {
        return at("127.0.0.1", 0);
    }

    /** Several may have one port, each on its address of 127.0.0.0/8. */
    public static SmtpSink at(String address, int port) {
        return new SmtpSink(new InetSocketAddress(InetAddress.ofLiteral(address), port));
    }

    public int port() {
        return listener.getLocalPort();
    }

    public SmtpSink answering(String command, String reply) {
        rules.addFirst(new Rule(command.toUpperCase(Locale.ROOT), reply));
        return this;
    }

    /** Forgets the rules. */
    public synchronized SmtpSink answeringAll() {
        rules.clear();
        notifyAll();
        return this;
    }

    public SmtpSink offering(String... keywords) {
        offers.clear();
        offers.addAll(List.of(keywords));
        return this;
    }

    /** Offers STARTTLS with that certificate, and those of authorities behind it. */
    public SmtpSink withTls(Certificates certificates, X509Certificate... authorities) {
        tls = certificates.serverContext(authorities);
        if (!offers.contains("STARTTLS")) {
            offers.add("STARTTLS");
        }
        return this;
    }

    public List<Received> received() {
        return List.copyOf(received);
    }

    /** Every command line of all connections. */
    public List<String> commands() {
        return List.copyOf(commands);
    }

    public int connections() {
        return connections.get();
    }

    /** How many there were at once. */
    public int mostConnections() {
        return mostConnections.get();
    }

    private void accept() {
        try {
            while (!listener.isClosed()) {
                var socket = listener.accept();
                open.add(socket);
                mostConnections.accumulateAndGet(open.size(), Math::max);
                int number = connections.incrementAndGet();
                Thread.ofVirtual().name("smtp-sink-" + number).start(() -> serve(socket, number));
            }
        } catch (IOException e) {
            if (!listener.isClosed()) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private void serve(Socket socket, int number) {
        try (socket) {
            new Session(socket, number).run();
        } catch (IOException e) {
            // The client went away, or the test is over.
            System.getLogger(SmtpSink.class.getName()).log(System.Logger.Level.DEBUG, "connection " + number, e);
        } finally {
            open.remove(socket);
        }
    }

    private synchronized Optional<String> rule(String command) {
        try {
            while (newest(command).equals(Optional.of(WAIT)) && !listener.isClosed()) {
                wait();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return newest(command);
    }

    private Optional<String> newest(String command) {
        var upper = command.toUpperCase(Locale.ROOT);
        return rules.stream()
                .filter(rule -> upper.startsWith(rule.command()))
                .map(Rule::reply)
                .findFirst();
    }

    /** One client. */
    private final class Session {
        private final Socket socket;
        private final int number;
        private InputStream in;
        private OutputStream out;
        private boolean secured;
        private String mail = "";
        private final List<String> recipients = new ArrayList<>();

        Session(Socket socket, int number) throws IOException {
            this.socket = socket;
            this.number = number;
            this.in = new BufferedInputStream(socket.getInputStream());
            this.out = socket.getOutputStream();
            socket.setTcpNoDelay(true);
        }

        void run() throws IOException {
            boolean more = say(rule("GREETING").orElse("220 sink.example ESMTP"));
            while (more) {
                var line = line();
                commands.add(line);
                more = handle(line);
            }
        }

        private boolean handle(String line) throws IOException {
            var verb = line.split("[ :]", 2)[0].toUpperCase(Locale.ROOT);
            var ruled = rule(line);
            if (ruled.isPresent()
                    && !ruled.get().startsWith("2")
                    && !ruled.get().startsWith("3")) {
                return say(ruled.get());
            }
            return switch (verb) {
                case "EHLO" -> say(ruled.orElseGet(this::greeting));
                case "STARTTLS" -> ruled.isPresent() ? say(ruled.get()) : startTls();
                case "MAIL" -> {
                    mail = line.substring("MAIL FROM:".length());
                    recipients.clear();
                    yield say(ruled.orElse("250 2.1.0 ok"));
                }
                case "RCPT" -> {
                    recipients.add(line.substring("RCPT TO:".length()));
                    yield say(ruled.orElse("250 2.1.5 ok"));
                }
                case "DATA" -> recipients.isEmpty() ? say("503 5.5.1 nobody") : data();
                case "QUIT" -> {
                    open.remove(socket); // The client may open another one as soon as it has the reply.
                    say("221 2.0.0 bye");
                    yield false;
                }
                default -> say(ruled.orElse("250 2.0.0 ok"));
            };
        }

        private String greeting() {
            var lines = new ArrayList<>(List.of("sink.example"));
            offers.stream()
                    .filter(offer -> !secured || !offer.equals("STARTTLS"))
                    .forEach(lines::add);
            var reply = new StringBuilder();
            for (int i = 0; i < lines.size(); i++) {
                reply.append(i == 0 ? "" : "\r\n")
                        .append(i == lines.size() - 1 ? "250 " : "250-")
                        .append(lines.get(i));
            }
            return reply.toString();
        }

        private boolean startTls() throws IOException {
            var context = tls;
            if (context == null) {
                return say("502 5.5.1 no TLS");
            }
            say("220 2.0.0 go ahead");
            var over = (SSLSocket) context.getSocketFactory().createSocket(socket, null, socket.getPort(), true);
            over.setUseClientMode(false);
            over.startHandshake();
            in = new BufferedInputStream(over.getInputStream());
            out = over.getOutputStream();
            secured = true;
            return true;
        }

        private boolean data() throws IOException {
            say("354 go ahead");
            var text = new StringBuilder();
            for (var line = line(); !line.equals("."); line = line()) {
                text.append(line.startsWith(".") ? line.substring(1) : line).append("\r\n");
            }
            var reply = rule("MESSAGE").orElse("250 2.0.0 taken");
            if (reply.startsWith("2") || reply.equals(HANG_UP)) {
                received.add(new Received(number, secured, mail, List.copyOf(recipients), text.toString()));
            }
            return say(reply);
        }

        /** @return false when the connection is over */
        private boolean say(String reply) throws IOException {
            if (reply.equals(HANG_UP)) {
                return false;
            }
            if (reply.equals(DRIP)) {
                drip();
                return false;
            }
            out.write((reply + "\r\n").getBytes(UTF_8));
            out.flush();
            return !reply.startsWith("421") && !reply.startsWith("554 bye");
        }

        private void drip() throws IOException {
            try {
                out.write("250-".getBytes(UTF_8));
                while (!closed.await(20, TimeUnit.MILLISECONDS)) {
                    out.write('z');
                    out.flush();
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        private String line() throws IOException {
            var line = new ByteArrayOutputStream();
            for (int b = in.read(); b != '\n'; b = in.read()) {
                if (b < 0) {
                    throw new EOFException("the client went away");
                }
                line.write(b);
            }
            var text = line.toString(UTF_8);
            return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
        }
    }

    @Override
    public void close() {
        closed.countDown();
        try {
            listener.close();
            answeringAll();
            for (var socket : open) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
