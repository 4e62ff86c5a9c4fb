package org.postern.delivery.relay.route;

import java.net.InetAddress;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.postern.delivery.dns.Answer;
import org.postern.delivery.dns.Dns;
import org.postern.delivery.dns.Dns.Mx;
import org.postern.delivery.dns.Secured;
import org.postern.model.Domain;

/**
 * Finds the hosts of a domain (RFC 5321 §5.1): MX by preference, equals in random order; without MX the domain itself; nobody where
 * the domain takes no mail (RFC 7505); of the hosts with our own among them only the better ones, or mail would go in circles.
 */
public final class Router {
    private final Dns dns;
    private final Set<String> own;
    private final boolean loopback;
    private final RandomGenerator random;

    /**
     * @param own names that this server is known by
     * @param loopback whether a host may be this very machine: for tests alone, for a stranger's MX would else make us talk to
     *     ourselves
     */
    public Router(Dns dns, Set<Domain> own, boolean loopback, RandomGenerator random) {
        this.dns = dns;
        this.own = own.stream().map(Domain::name).collect(Collectors.toUnmodifiableSet());
        this.loopback = loopback;
        this.random = random;
    }

    public Route route(String domain) {
        if (own.contains(domain)) {
            return loop(domain);
        }
        var answer = dns.securedMx(domain);
        return switch (answer.answer()) {
            case Answer.Found<Mx>(var records) -> among(domain, records, answer);
            case Answer.None<Mx>(boolean noSuchDomain) ->
                noSuchDomain
                        ? new Route.Nowhere(550, "5.1.2 The domain " + domain + " does not exist")
                        : hosts(List.of(domain), domain, answer);
            case Answer.Unknown<Mx>(var why) ->
                new Route.Unknown("4.4.3 The mail hosts of " + domain + " cannot be found: " + why);
        };
    }

    private Route among(String domain, List<Mx> records, Secured<Mx> answer) {
        if (records.stream().allMatch(mx -> mx.host().isEmpty())) {
            return new Route.Nowhere(556, "5.1.10 The domain " + domain + " takes no mail");
        }
        int ours = records.stream()
                .filter(mx -> own.contains(mx.host().toLowerCase(Locale.ROOT)))
                .mapToInt(Mx::preference)
                .min()
                .orElse(Integer.MAX_VALUE);
        var better = new ArrayList<>(records.stream()
                .filter(mx -> !mx.host().isEmpty() && mx.preference() < ours)
                .toList());
        if (better.isEmpty()) {
            return loop(domain);
        }
        shuffle(better);
        better.sort(Comparator.comparingInt(Mx::preference)); // Stable: equals stay shuffled.
        return hosts(better.stream().map(Mx::host).distinct().toList(), domain, answer);
    }

    private static Route hosts(List<String> hosts, String domain, Secured<Mx> answer) {
        var domains = Stream.of(domain, answer.name()).distinct().toList();
        return new Route.Hosts(hosts, answer.secure(), domains);
    }

    private static Route loop(String domain) {
        return new Route.Nowhere(554, "5.4.6 Mail for " + domain + " comes back to this very host");
    }

    private void shuffle(List<Mx> list) {
        for (int i = list.size() - 1; i > 0; i--) {
            int other = random.nextInt(i + 1);
            var moved = list.set(other, list.get(i));
            list.set(i, moved);
        }
    }

    /** The addresses of one of the hosts, those that cannot be another host's left out. */
    public Secured<InetAddress> addresses(String host) {
        var all = dns.securedAddresses(host);
        return switch (all.answer()) {
            case Answer.Found<InetAddress>(var found) -> {
                var usable = found.stream().filter(this::isSomewhere).toList();
                var answer =
                        usable.isEmpty() ? new Answer.None<InetAddress>(false) : new Answer.Found<InetAddress>(usable);
                yield new Secured<>(answer, all.secure(), all.name());
            }
            case Answer.None<InetAddress> none -> all;
            case Answer.Unknown<InetAddress> unknown -> all;
        };
    }

    private boolean isSomewhere(InetAddress address) {
        return !address.isAnyLocalAddress()
                && !address.isMulticastAddress()
                && !address.isLinkLocalAddress()
                && (loopback || !address.isLoopbackAddress());
    }
}
