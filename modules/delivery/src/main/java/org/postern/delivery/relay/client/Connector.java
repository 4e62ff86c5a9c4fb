package org.postern.delivery.relay.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Optional;
import javax.net.ssl.SSLException;
import org.postern.model.Domain;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connects to hosts: TCP, greeting, EHLO, TLS, and to a smarthost AUTH, until a message can be sent. */
public final class Connector {
    private static final Logger LOG = LoggerFactory.getLogger(Connector.class);

    private final Domain hostname;
    private final ClientTls tls;
    private final ClientLimits limits;
    private final Watch watch;

    /** @param hostname our own, for EHLO */
    public Connector(Domain hostname, ClientTls tls, ClientLimits limits, Watch watch) {
        this.hostname = hostname;
        this.tls = tls;
        this.limits = limits;
        this.watch = watch;
    }

    /** What became of an attempt to connect. */
    public sealed interface Outcome {
        record Connected(SmtpConnection connection) implements Outcome {}

        /** @param reply the host's, or our own words in its place */
        record Refused(Reply reply) implements Outcome {}
    }

    public Outcome connect(Target target, Terms terms) {
        try {
            return open(target, terms);
        } catch (TlsFailed e) {
            LOG.atInfo()
                    .addKeyValue("case", "relay-tls-failed")
                    .addKeyValue("host", target.host())
                    .log("no TLS with {}: {}", target, e.getMessage());
            return terms.security() == Security.OPPORTUNISTIC
                    ? connect(target, terms.inPlain()) // No worse than what a listener could cause.
                    : refused(454, "4.7.5 No TLS with " + target.host() + ": " + e.getMessage());
        } catch (IOException e) {
            return refused(451, "4.4.1 No connection to " + target + ": " + words(e));
        }
    }

    private static Outcome refused(int code, String text) {
        return new Outcome.Refused(new Reply(code, text));
    }

    static String words(IOException e) {
        return Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    }

    private Outcome open(Target target, Terms terms) throws IOException {
        var socket = new Socket();
        boolean kept = false;
        try {
            socket.setTcpNoDelay(true);
            socket.setKeepAlive(true);
            socket.connect(new InetSocketAddress(target.address(), target.port()), (int)
                    limits.connect().toMillis());
            var greeted = new Greeted(target, terms, socket);
            var refusal = greeted.begin();
            if (refusal.isEmpty()) {
                refusal = greeted.secure();
            }
            if (refusal.isEmpty() && terms.credentials().isPresent()) {
                refusal = greeted.logIn(terms.credentials().get());
            }
            if (refusal.isPresent()) {
                greeted.channel.quit();
                return new Outcome.Refused(refusal.get());
            }
            kept = true;
            return new Outcome.Connected(
                    new SmtpConnection(target, greeted.channel, greeted.offered, greeted.assurance));
        } finally {
            if (!kept) {
                Watch.close(socket);
            }
        }
    }

    /** A connection on its way to usefulness; each step gives the refusal that ends it, if any does. */
    private final class Greeted {
        private final Target target;
        private final Terms terms;
        private final Socket socket;
        private Channel channel;
        private Capabilities offered = Capabilities.NONE;
        private Assurance assurance = Assurance.PLAIN;

        Greeted(Target target, Terms terms, Socket socket) throws IOException {
            this.target = target;
            this.terms = terms;
            this.socket = socket;
            this.channel = terms.security() == Security.IMPLICIT
                    ? secured()
                    : new Channel(socket, socket.getInputStream(), socket.getOutputStream(), limits, watch);
        }

        private Channel secured() throws IOException {
            try {
                var over = watch.within(
                        limits.handshake(),
                        socket,
                        "in the TLS handshake",
                        () -> tls.over(socket, target.host(), terms.trust()));
                assurance = terms.trust().assurance();
                return new Channel(socket, over.getInputStream(), over.getOutputStream(), limits, watch);
            } catch (SSLException | TooSlow e) {
                throw new TlsFailed(words(e), e);
            }
        }

        Optional<Reply> begin() throws IOException {
            var greeting = channel.reply(limits.greeting(), "waiting for the greeting");
            return greeting.isPositive() ? hello() : Optional.of(temporary(greeting));
        }

        /** 5yz in place of a greeting is about this host alone, and often about its load: others are tried, and later. */
        private static Reply temporary(Reply greeting) {
            return greeting.isPermanent() ? new Reply(451, "4.3.2 The host greeted with: " + greeting) : greeting;
        }

        private Optional<Reply> hello() throws IOException {
            var lines = new ArrayList<String>();
            var reply = channel.command("EHLO " + hostname, lines);
            if (reply.isPermanent()) {
                offered = Capabilities.NONE;
                reply = channel.command("HELO " + hostname);
            } else {
                offered = Capabilities.of(lines);
            }
            return reply.isPositive() ? Optional.empty() : Optional.of(reply);
        }

        Optional<Reply> secure() throws IOException {
            boolean opportunistic = terms.security() == Security.OPPORTUNISTIC;
            if (terms.security() == Security.PLAIN || terms.security() == Security.IMPLICIT) {
                return Optional.empty();
            }
            if (!offered.offers("STARTTLS")) {
                return opportunistic
                        ? Optional.empty()
                        : Optional.of(new Reply(454, "4.7.4 " + target.host() + " offers no TLS, which is required"));
            }
            var reply = channel.command("STARTTLS");
            if (!reply.isPositive()) {
                return opportunistic ? Optional.empty() : Optional.of(withoutTls(reply));
            }
            if (channel.hasMore()) {
                throw new TlsFailed("bytes were injected behind STARTTLS", new IOException("RFC 3207 §6"));
            }
            channel = secured();
            return hello(); // What was offered before is forgotten (RFC 3207 §4.2).
        }

        /** 5yz to STARTTLS is about the host's TLS, not about the message. */
        private Reply withoutTls(Reply reply) {
            return reply.isPermanent()
                    ? new Reply(454, "4.7.4 " + target.host() + " refuses TLS, which is required: " + reply)
                    : reply;
        }

        Optional<Reply> logIn(Credentials credentials) throws IOException {
            Reply reply;
            if (offered.offersAuth("PLAIN")) {
                reply = channel.command(
                        "AUTH PLAIN " + base64('\0' + credentials.user() + '\0' + credentials.password()));
            } else if (offered.offersAuth("LOGIN")) {
                reply = channel.command("AUTH LOGIN");
                reply = reply.isIntermediate() ? channel.command(base64(credentials.user())) : reply;
                reply = reply.isIntermediate() ? channel.command(base64(credentials.password())) : reply;
            } else {
                reply = new Reply(454, "4.7.0 " + target.host() + " offers neither AUTH PLAIN nor AUTH LOGIN");
            }
            // The operator's mistake, not the sender's: nothing is returned for it.
            return reply.isPositive()
                    ? Optional.empty()
                    : Optional.of(new Reply(454, "4.7.0 The login at " + target.host() + " failed: " + reply));
        }

        private static String base64(String text) {
            return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
        }
    }

    private static final class TlsFailed extends IOException {
        private static final long serialVersionUID = 1L;

        TlsFailed(String message, IOException cause) {
            super(message, cause);
        }
    }
}
