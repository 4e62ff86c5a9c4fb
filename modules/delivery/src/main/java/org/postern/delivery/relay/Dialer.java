package org.postern.delivery.relay;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import java.util.Optional;
import org.postern.delivery.dns.Answer;
import org.postern.delivery.relay.client.Connector;
import org.postern.delivery.relay.client.Credentials;
import org.postern.delivery.relay.client.Reply;
import org.postern.delivery.relay.client.Security;
import org.postern.delivery.relay.client.SmtpConnection;
import org.postern.delivery.relay.client.Target;
import org.postern.delivery.relay.mtasts.Policies;
import org.postern.delivery.relay.mtasts.Policy;
import org.postern.delivery.relay.route.Route;
import org.postern.delivery.relay.route.Router;

/** Opens a connection to a host that takes mail for a domain: the smarthost, or the first of the domain's own that answers. */
final class Dialer {
    private final RelaySettings settings;
    private final Router router;
    private final Policies policies;
    private final Connector connector;
    private final RelayMeter meter;

    Dialer(RelaySettings settings, Router router, Policies policies, Connector connector, RelayMeter meter) {
        this.settings = settings;
        this.router = router;
        this.policies = policies;
        this.connector = connector;
        this.meter = meter;
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

        /** There is no host, and there will be none. */
        record Nowhere(Reply reply) implements Dialled {}
    }

    /** What connecting takes, beside the host. */
    private record How(int port, Security security, Optional<Credentials> credentials) {}

    /** @param verified only a host whose certificate proves its name will do */
    Dialled dial(String domain, boolean verified) {
        if (settings.smarthost().isPresent()) {
            var smarthost = settings.smarthost().get();
            var how = new How(smarthost.port(), smarthost.security(), smarthost.credentials());
            return first(List.of(smarthost.host()), how);
        }
        return switch (router.route(domain)) {
            case Route.Hosts(var hosts) -> asDemanded(domain, hosts, verified);
            case Route.Nowhere(int code, var reply) -> new Dialled.Nowhere(new Reply(code, reply));
            case Route.Unknown(var reply) -> new Dialled.Unreachable(new Reply(451, reply), Optional.empty());
        };
    }

    /** Where the domain enforces a policy, only the hosts that it names, and only verified (RFC 8461 §5). */
    private Dialled asDemanded(String domain, List<String> hosts, boolean verified) {
        var policy = (settings.mtaSts() ? policies.of(domain) : Optional.<Policy>empty())
                .filter(each -> each.mode() == Policy.Mode.ENFORCE);
        var allowed = hosts.stream()
                .filter(host -> policy.map(each -> each.names(host)).orElse(true))
                .toList();
        if (allowed.isEmpty()) {
            return unreachable("4.7.5 The policy of " + domain + " (MTA-STS) names none of its mail hosts");
        }
        var security = policy.isPresent() || verified ? Security.STARTTLS : settings.security();
        return first(allowed, new How(settings.port(), security, Optional.empty()));
    }

    /** Host by host, address by address, until one takes mail; a bounded number of them. */
    private Dialled first(List<String> hosts, How how) {
        var last = new Dialled.Unreachable(
                new Reply(451, "4.4.4 No mail host of the domain has an address"), Optional.empty());
        boolean all = true;
        int left = settings.limits().addresses();
        for (var host : hosts) {
            switch (addresses(host)) {
                case Answer.None<InetAddress> none -> {}
                case Answer.Unknown<InetAddress>(var why) -> {
                    all = false;
                    last = unreachable("4.4.3 The address of " + host + " cannot be found: " + why);
                }
                case Answer.Found<InetAddress>(var addresses) -> {
                    all = false;
                    for (var address : addresses) {
                        if (left-- == 0) {
                            return last;
                        }
                        switch (connector.connect(
                                new Target(host, address, how.port()), how.security(), how.credentials())) {
                            case Connector.Outcome.Connected(var connection) -> {
                                meter.connected(true);
                                return new Dialled.Connected(connection);
                            }
                            case Connector.Outcome.Refused(var reply) -> {
                                meter.connected(false);
                                last = new Dialled.Unreachable(reply, Optional.of(host));
                            }
                        }
                    }
                }
            }
        }
        return all && settings.smarthost().isEmpty()
                ? new Dialled.Nowhere(new Reply(550, "5.4.4 No mail host of the domain has an address"))
                : last;
    }

    private static Dialled.Unreachable unreachable(String text) {
        return new Dialled.Unreachable(new Reply(451, text), Optional.empty());
    }

    /** The smarthost is the operator's: its name may be in the hosts file, or be an address, and it may be on this machine. */
    private Answer<InetAddress> addresses(String host) {
        if (settings.smarthost().isEmpty()) {
            return router.addresses(host);
        }
        try {
            return new Answer.Found<>(List.of(InetAddress.getAllByName(host)));
        } catch (UnknownHostException e) {
            return new Answer.Unknown<>("no such host");
        }
    }
}
