package org.postern.delivery.relay.mtasts;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.postern.delivery.dns.Answer;
import org.postern.delivery.relay.client.Assurance;
import org.postern.delivery.relay.client.ClientTls;
import org.postern.delivery.relay.client.Trust;
import org.postern.delivery.relay.client.Watch;
import org.postern.delivery.relay.route.Router;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Fetches a domain's policy from its policy host (RFC 8461 §3.3): verified TLS, one request, no redirects. HTTP/1.0, which answers in
 * one piece; not the JDK's client, which asks the operating system for addresses, search path and all.
 */
final class PolicyHost {
    /** Of a policy: RFC 8461 §3.3 wants a limit such as 64 KB. */
    static final int MAX_BYTES = 64 * 1024;

    static final Duration CONNECT = Duration.ofSeconds(10);
    /** RFC 8461 §3.3 wants a limit such as a minute. */
    static final Duration TOTAL = Duration.ofMinutes(1);

    private static final int HEADER_BYTES = 8 * 1024;
    private static final int ADDRESSES = 4;
    private static final Logger LOG = LoggerFactory.getLogger(PolicyHost.class);

    private final Router router;
    private final ClientTls tls;
    private final Watch watch;
    private final int port;

    PolicyHost(Router router, ClientTls tls, Watch watch, int port) {
        this.router = router;
        this.tls = tls;
        this.watch = watch;
        this.port = port;
    }

    /** Empty when there is none to be had, for whatever reason. */
    Optional<Policy> fetch(String domain) {
        var host = "mta-sts." + domain;
        return switch (router.addresses(host).answer()) {
            case Answer.Found<InetAddress>(var addresses) -> {
                for (var address : addresses.subList(0, Math.min(addresses.size(), ADDRESSES))) {
                    var policy = fetch(host, address);
                    if (policy.isPresent()) {
                        yield policy;
                    }
                }
                yield Optional.empty();
            }
            case Answer.None<InetAddress> none -> Optional.empty();
            case Answer.Unknown<InetAddress> unknown -> Optional.empty();
        };
    }

    private Optional<Policy> fetch(String host, InetAddress address) {
        try (var socket = new Socket()) {
            socket.connect(new InetSocketAddress(address, port), (int) CONNECT.toMillis());
            return watch.within(TOTAL, socket, "fetching the policy", () -> exchange(socket, host))
                    .flatMap(Policy::parse);
        } catch (IOException e) {
            LOG.atInfo()
                    .addKeyValue("case", "mta-sts-failed")
                    .addKeyValue("host", host)
                    .log("no policy from {}: {}", host, e.toString());
            return Optional.empty();
        }
    }

    /** The policy as it is there, if it is. */
    private Optional<String> exchange(Socket socket, String host) throws IOException {
        var secured = tls.over(socket, host, new Trust.Authorities(Assurance.VERIFIED));
        secured.getOutputStream()
                .write(("GET /.well-known/mta-sts.txt HTTP/1.0\r\nHost: " + host + "\r\nAccept: text/plain\r\n\r\n")
                        .getBytes(US_ASCII));
        secured.getOutputStream().flush();
        return body(secured.getInputStream().readNBytes(HEADER_BYTES + MAX_BYTES + 1));
    }

    /** Of 200 alone, and of {@code text/plain} (RFC 8461 §3.2). */
    private static Optional<String> body(byte[] answer) throws IOException {
        var text = new String(answer, ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        if (end < 0 || !text.matches("(?s)HTTP/1\\.[01] 200 .*")) {
            return Optional.empty();
        }
        int start = end + 4;
        if (end > HEADER_BYTES || answer.length - start > MAX_BYTES) {
            throw new IOException("the policy has more than " + MAX_BYTES + " bytes");
        }
        var header = text.substring(0, end).toLowerCase(Locale.ROOT);
        return header.contains("\r\ncontent-type: text/plain")
                ? Optional.of(new String(answer, start, answer.length - start, UTF_8))
                : Optional.empty();
    }
}
