package org.postern.net;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.model.Domain;
import org.postern.model.Refusal;
import org.postern.net.TlsSettings.CertificateFiles;
import org.postern.testkit.Certificates;

/** A node on loopback whose listeners speak {@link EchoSessions}. */
final class TestNode implements AutoCloseable {
    static final Certificates DEFAULT_CERTIFICATE = Certificates.selfSigned("mail.example.org");

    private static final InetSocketAddress ANY = new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), 0);

    final EchoSessions sessions = new EchoSessions();
    final SimpleMeterRegistry meters = new SimpleMeterRegistry();
    final TlsContexts tls;
    final Listeners listeners;

    TestNode(NetLimits limits) {
        this(limits, TlsSettings.Provider.AUTO, DEFAULT_CERTIFICATE);
    }

    TestNode(NetLimits limits, TlsSettings.Provider provider, Certificates... certificates) {
        this(limits, new TlsSettings(provider, files(certificates), Duration.ofMillis(50)));
    }

    TestNode(NetLimits limits, TlsSettings settings) {
        try {
            tls = TlsContexts.open(settings, Clock.systemUTC(), new SecureRandom());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        listeners = new Listeners(limits, tls, meters, new SecureRandom());
    }

    /** The case's name is enough for a test. */
    static byte[] spoken(Refusal refusal) {
        return ("refused: " + refusal.caseName() + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** Of a protocol that only closes. */
    static byte[] unspoken(Refusal refusal) {
        return new byte[0];
    }

    static List<CertificateFiles> files(Certificates... certificates) {
        var files = new ArrayList<CertificateFiles>();
        for (var certificate : certificates) {
            files.add(new CertificateFiles(certificate.certificateFile(), certificate.keyFile()));
        }
        return files;
    }

    Listener listen(TlsMode mode, String... proxyFrom) {
        return listen(mode, sessions, TestNode::spoken, proxyFrom);
    }

    Listener listen(TlsMode mode, SessionFactory factory) {
        return listen(mode, factory, TestNode::spoken);
    }

    Listener listen(TlsMode mode, SessionFactory factory, Refusals refusals, String... proxyFrom) {
        var proxies = List.of(proxyFrom).stream().map(Cidr::parse).toList();
        return bind(new ListenerSettings("test", "echo", ANY, mode, proxies), factory, refusals);
    }

    /** A listener with a host name of its own. */
    Listener listen(TlsMode mode, Domain hostname) {
        return bind(
                new ListenerSettings(
                        "test", "echo", ANY, mode, List.of(), Optional.of(hostname), false, true, Optional.empty()),
                sessions,
                TestNode::spoken);
    }

    private Listener bind(ListenerSettings settings, SessionFactory factory, Refusals refusals) {
        try {
            return listeners.bind(settings, factory, refusals);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    double count(String name, String... tags) {
        var counter = meters.find(name).tags(tags).counters();
        return counter.stream().mapToDouble(Counter::count).sum();
    }

    double openGauge() {
        return meters.find("postern.connections.open").gauges().stream()
                .mapToDouble(Gauge::value)
                .sum();
    }

    @Override
    public void close() {
        listeners.close();
        tls.close();
    }
}
