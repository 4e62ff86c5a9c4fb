package org.postern.delivery;

import static org.awaitility.Awaitility.await;

import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.postern.delivery.dns.DnsSettings;
import org.postern.delivery.relay.Relay;
import org.postern.delivery.relay.RelayLimits;
import org.postern.delivery.relay.RelayLimits.Pace;
import org.postern.delivery.relay.RelaySettings;
import org.postern.delivery.relay.Smarthost;
import org.postern.delivery.relay.client.ClientLimits;
import org.postern.delivery.relay.client.ClientTls;
import org.postern.delivery.relay.client.Security;
import org.postern.model.Domain;
import org.postern.testkit.FakeDns;
import org.postern.testkit.SmtpSink;

/** The rest of the world on loopback: a name server, hosts on one port, and what relays to them. */
final class Outside implements AutoCloseable {
    static final Domain HOSTNAME = new Domain("mail.example.org");
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    final FakeDns dns = new FakeDns();
    private final Post post;
    private final Deque<Runnable> open = new ArrayDeque<>();
    private int port;
    private int policyPort = RelaySettings.HTTPS_PORT;
    private Security security = Security.OPPORTUNISTIC;
    private Optional<Smarthost> smarthost = Optional.empty();
    private Optional<Collection<X509Certificate>> authorities = Optional.empty();
    private RelayLimits limits = RelayLimits.DEFAULT
            .with(ClientLimits.DEFAULT.within(Duration.ofMillis(1500)))
            .with(new DnsSettings(List.of(dns.address()), true, Duration.ofSeconds(2), 2, Duration.ofSeconds(10), 100))
            .with(new Pace(
                    Duration.ofSeconds(8),
                    new Backoff(Duration.ofMillis(300), Duration.ofSeconds(1)),
                    new Backoff(Duration.ofMillis(100), Duration.ofMillis(300)),
                    Pace.DEFAULT.settle(),
                    Duration.ofMillis(500)));

    Outside(Post post) {
        this.post = post;
    }

    /** A mail host of that name, on an address of its own; all have one port. */
    SmtpSink host(String name, String address) {
        var sink = SmtpSink.at(address, port);
        port = sink.port();
        dns.host(name, address);
        open.push(sink::close);
        return sink;
    }

    /** A domain with one mail host. */
    SmtpSink domain(String domain, String address) {
        dns.mx(domain, 10, "mx." + domain);
        return host("mx." + domain, address);
    }

    /** A name that leads to an address where nobody listens. */
    void dead(String name, String address) {
        dns.host(name, address);
    }

    Outside security(Security wanted) {
        security = wanted;
        return this;
    }

    Outside trusting(X509Certificate authority) {
        authorities = Optional.of(List.of(authority));
        return this;
    }

    /** The port of the hosts that have MTA-STS policies. */
    Outside policiesAt(int number) {
        policyPort = number;
        return this;
    }

    Outside smarthost(Smarthost one) {
        smarthost = Optional.of(one);
        return this;
    }

    /** Whether the name server is believed when it says that an answer is authentic. */
    Outside trustingDns(boolean believed) {
        return limits(all -> all.with(all.dns().trustingAd(believed)));
    }

    /** A TLSA record of a mail host; there must be a host already, for all have its port. */
    Outside tlsa(String host, int usage, int selector, int matching, String data) {
        dns.tlsa(tlsaName(host), usage, selector, matching, data);
        return this;
    }

    /** The name that questions for TLSA records of a mail host have. */
    String tlsaName(String host) {
        return "_" + port + "._tcp." + host;
    }

    Outside limits(UnaryOperator<RelayLimits> change) {
        limits = change.apply(limits);
        return this;
    }

    /** One node begins to relay, and to deliver reports. */
    Relay relay() {
        return relay(post);
    }

    Relay relay(Post node) {
        var settings = new RelaySettings(
                HOSTNAME,
                Set.of(HOSTNAME),
                smarthost,
                security,
                true,
                true,
                port,
                policyPort,
                true,
                ClientTls.trusting(authorities, node.random),
                limits);
        var relay = new Relay(
                node.database,
                settings,
                node.reports,
                node.accounts.abuseWatch(),
                node.carriers::wake,
                node.meters,
                node.random,
                InstantSource.system());
        open.push(relay::close);
        node.carriers.add(relay::wake);
        relay.start();
        return relay;
    }

    /** Waits until nothing is in the queue. */
    void drained() {
        // A worker lets its destination go after the last of its recipients.
        await().atMost(PATIENCE)
                .until(() -> post.count("SELECT (SELECT count(*) FROM queue_recipient)"
                                + " + (SELECT count(*) FROM queue_destination)")
                        == 0);
    }

    @Override
    public void close() {
        while (!open.isEmpty()) {
            open.pop().run();
        }
        dns.close();
    }
}
