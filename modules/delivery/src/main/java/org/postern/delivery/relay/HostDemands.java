package org.postern.delivery.relay;

import java.net.InetAddress;
import java.util.Optional;
import org.postern.delivery.dns.Secured;
import org.postern.delivery.relay.client.Assurance;
import org.postern.delivery.relay.client.Security;
import org.postern.delivery.relay.client.Terms;
import org.postern.delivery.relay.client.Trust;
import org.postern.delivery.relay.dane.Dane;
import org.postern.delivery.relay.mtasts.Policies;
import org.postern.delivery.relay.mtasts.Policy;
import org.postern.delivery.relay.route.Route;

/**
 * Says what a connection to a mail host must have. The host's own TLSA records come first (DANE, RFC 7672), for DNSSEC proves them; then
 * the policy of the domain (MTA-STS, which may not talk over DANE: RFC 8461 §2); then what the operator wants of every host.
 */
final class HostDemands {
    private final RelaySettings settings;
    private final Policies policies;
    private final Dane dane;

    HostDemands(RelaySettings settings, Policies policies, Dane dane) {
        this.settings = settings;
        this.policies = policies;
        this.dane = dane;
    }

    /** What is demanded for one host. */
    sealed interface Demand {
        record Granted(Terms terms) implements Demand {}

        /** @param reply status and text: nothing may be sent there now */
        record Denied(String reply) implements Demand {}
    }

    /** @param proof whether only hosts will do in whose place nobody can be (RFC 8689 §4.2.1) */
    OfDomain of(String domain, Route.Hosts route, boolean proof) {
        var policy = settings.mtaSts() ? policies.of(domain) : Optional.<Policy>empty();
        return new OfDomain(domain, route, policy, proof);
    }

    /** One domain's, for one attempt. */
    final class OfDomain {
        private final String domain;
        private final Route.Hosts route;
        private final Optional<Policy> policy;
        private final boolean proof;

        private OfDomain(String domain, Route.Hosts route, Optional<Policy> policy, boolean proof) {
            this.domain = domain;
            this.route = route;
            this.policy = policy;
            this.proof = proof;
        }

        /** Whether the names of the hosts could suffice where proof is wanted. */
        boolean canBeMet() {
            return !proof || route.secure() || policy.isPresent();
        }

        Demand of(String host, Secured<InetAddress> addresses) {
            return switch (records(host, addresses)) {
                case Dane.Finding.Unknown(var why) -> new Demand.Denied("4.4.3 " + why);
                case Dane.Finding.Demanded(var records) -> {
                    var trust = new Trust.Dane(records);
                    yield records.authenticates() ? tls(trust) : byDomain(host, Optional.of(trust));
                }
                case Dane.Finding.Nothing none -> byDomain(host, Optional.empty());
            };
        }

        private Dane.Finding records(String host, Secured<InetAddress> addresses) {
            return settings.dane() && route.secure()
                    ? dane.of(host, settings.port(), addresses, route.domains())
                    : new Dane.Finding.Nothing();
        }

        /** @param unusable the host promises TLS, and nothing more that could be understood (RFC 7672 §2.2) */
        private Demand byDomain(String host, Optional<Trust.Dane> unusable) {
            boolean enforced =
                    policy.filter(each -> each.mode() == Policy.Mode.ENFORCE).isPresent();
            boolean named = policy.filter(each -> each.names(host)).isPresent();
            if (enforced && !named) { // RFC 8461 §5: only hosts that it names, and only verified.
                return new Demand.Denied("4.7.5 The policy of " + domain + " (MTA-STS) does not name " + host);
            }
            if (enforced || (proof && named)) {
                return tls(new Trust.Authorities(Assurance.MTA_STS));
            }
            var byDns = new Trust.Authorities(route.secure() ? Assurance.DNSSEC : Assurance.VERIFIED);
            if (proof) {
                return route.secure()
                        ? tls(byDns)
                        : new Demand.Denied("4.7.10 Nothing proves that " + host + " is the right host");
            }
            if (settings.security() == Security.STARTTLS) {
                return tls(byDns);
            }
            return unusable.isPresent()
                    ? tls(unusable.get())
                    : new Demand.Granted(new Terms(settings.security(), new Trust.Anybody()));
        }

        private static Demand tls(Trust trust) {
            return new Demand.Granted(new Terms(Security.STARTTLS, trust));
        }
    }
}
