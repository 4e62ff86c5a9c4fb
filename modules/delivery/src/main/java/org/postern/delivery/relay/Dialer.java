package org.postern.delivery.relay;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.postern.delivery.dns.Answer;
import org.postern.delivery.dns.Secured;
import org.postern.delivery.relay.HostDemands.Demand;
import org.postern.delivery.relay.client.Assurance;
import org.postern.delivery.relay.client.Connector;
import org.postern.delivery.relay.client.Reply;
import org.postern.delivery.relay.client.SmtpConnection;
import org.postern.delivery.relay.client.Target;
import org.postern.delivery.relay.client.Terms;
import org.postern.delivery.relay.route.Route;
import org.postern.delivery.relay.route.Router;

/** Opens a connection to a host that takes mail for a domain: the smarthost, or the first of the domain's own that answers. */
final class Dialer implements AutoCloseable {
    private final RelaySettings settings;
    private final Router router;
    private final HostDemands demands;
    private final Connector connector;
    private final RelayMeter meter;
    private final KeptConnections kept;

    Dialer(RelaySettings settings, Router router, HostDemands demands, Connector connector, RelayMeter meter) {
        this.settings = settings;
        this.router = router;
        this.demands = demands;
        this.connector = connector;
        this.meter = meter;
        this.kept = new KeptConnections(settings.limits().concurrency().perDestination(), System::nanoTime);
    }

    /** What became of it. */
    sealed interface Dialled {
        record Connected(SmtpConnection connection) implements Dialled {}

        /**
         * No host answers, or none could be found out.
         *
         * @param host who said the reply; empty: we
         */
        record Unreachable(Reply reply, Optional<String> host) implements Dialled {}

        /** There is no host that would do, and there will be none. */
        record Nowhere(Reply reply) implements Dialled {}
    }

    /**
     * Connects, or goes on with a connection to the smarthost that somebody has given back.
     *
     * @param proof whether only a host will do in whose place nobody can be
     * @param passed those that are not to be tried
     */
    Dialled dial(String domain, boolean proof, Passed passed) {
        if (settings.smarthost().isPresent()) {
            return toSmarthost(settings.smarthost().get(), passed);
        }
        return switch (router.route(domain)) {
            case Route.Hosts route -> toOneOf(route, demands.of(domain, route, proof), domain, passed);
            case Route.Nowhere(int code, var reply) -> new Dialled.Nowhere(new Reply(code, reply));
            case Route.Unknown(var reply) -> new Dialled.Unreachable(new Reply(451, reply), Optional.empty());
        };
    }

    /** The operator's: its name may be in the hosts file, or be an address, and it may be on this machine. */
    private Dialled toSmarthost(Smarthost smarthost, Passed passed) {
        if (passed.last().isPresent()) {
            return passed.last().get();
        }
        var open = kept.take();
        if (open.isPresent()) {
            return new Dialled.Connected(open.get());
        }
        var attempt = new Attempt(smarthost.port(), passed);
        try {
            var addresses = List.of(InetAddress.getAllByName(smarthost.host()));
            var trust = smarthost.security().trusting(Assurance.CONFIGURED);
            var terms = new Terms(smarthost.security(), trust, smarthost.credentials());
            return attempt.connect(smarthost.host(), addresses, terms)
                    .<Dialled>map(Dialled.Connected::new)
                    .orElseGet(attempt::failure);
        } catch (UnknownHostException e) {
            attempt.failed("4.4.3 The address of " + smarthost.host() + " cannot be found");
            return attempt.failure();
        }
    }

    /** A connection that its user needs no longer. */
    void giveBack(SmtpConnection connection) {
        if (settings.smarthost().isPresent()
                && connection.takesMore(settings.limits().portions().messagesPerConnection())) {
            kept.keep(connection);
        } else {
            connection.close();
        }
    }

    /** Closes what was given back and has not been needed since. */
    void sweep() {
        kept.sweep();
    }

    private Dialled toOneOf(Route.Hosts route, HostDemands.OfDomain demanded, String domain, Passed passed) {
        if (!demanded.canBeMet()) {
            return new Dialled.Nowhere(new Reply(
                    550, "5.7.10 REQUIRETLS was asked for, and nothing proves which hosts are those of " + domain));
        }
        var attempt = new Attempt(settings.port(), passed);
        for (var host : route.hosts().stream().filter(host -> !passed.has(host)).toList()) {
            var connection = attempt.at(host, demanded);
            if (connection.isPresent()) {
                return new Dialled.Connected(connection.get());
            }
            if (attempt.left == 0) {
                break;
            }
        }
        return attempt.failure();
    }

    @Override
    public void close() {
        kept.close();
    }

    /** Host by host, address by address, until one takes mail; a bounded number of them. */
    private final class Attempt {
        private final int port;
        private int left = settings.limits().portions().addresses();
        /** Whether there is any host, or any hope of one. */
        private boolean anywhere;

        private Dialled.Unreachable last =
                new Dialled.Unreachable(new Reply(451, "4.4.1 Nobody answers"), Optional.empty());

        Attempt(int port, Passed passed) {
            this.port = port;
            passed.last().ifPresent(said -> {
                anywhere = true;
                last = said;
            });
        }

        Optional<SmtpConnection> at(String host, HostDemands.OfDomain demanded) {
            Secured<InetAddress> addresses = router.addresses(host);
            switch (addresses.answer()) {
                case Answer.None<InetAddress> none -> {}
                case Answer.Unknown<InetAddress>(var why) ->
                    failed("4.4.3 The address of " + host + " cannot be found: " + why);
                case Answer.Found<InetAddress>(var found) -> {
                    switch (demanded.of(host, addresses)) {
                        case Demand.Denied(var reply) -> failed(reply);
                        case Demand.Granted(var terms) -> {
                            return connect(host, found, terms);
                        }
                    }
                }
            }
            return Optional.empty();
        }

        Optional<SmtpConnection> connect(String host, List<InetAddress> addresses, Terms terms) {
            anywhere = true;
            for (var address : addresses) {
                if (left == 0) {
                    break;
                }
                left--;
                switch (connector.connect(new Target(host, address, port), terms)) {
                    case Connector.Outcome.Connected(var connection) -> {
                        meter.connected(connection.assurance());
                        return Optional.of(connection);
                    }
                    case Connector.Outcome.Refused(var reply) -> {
                        meter.notConnected();
                        last = new Dialled.Unreachable(reply, Optional.of(host));
                    }
                }
            }
            return Optional.empty();
        }

        void failed(String text) {
            anywhere = true;
            last = new Dialled.Unreachable(new Reply(451, text), Optional.empty());
        }

        Dialled failure() {
            return anywhere
                    ? last
                    : new Dialled.Nowhere(new Reply(550, "5.4.4 No mail host of the domain has an address"));
        }
    }
}
