package org.postern.delivery.relay.route;

import java.util.List;

/** Where mail for a domain goes. */
public sealed interface Route {
    /**
     * To hosts.
     *
     * @param hosts in the order to try them; at least one
     * @param secure DNSSEC proves that they are the domain's
     * @param domains the domain, and what its name is an alias of
     */
    record Hosts(List<String> hosts, boolean secure, List<String> domains) implements Route {
        public Hosts {
            hosts = List.copyOf(hosts);
            domains = List.copyOf(domains);
        }
    }

    /**
     * Nowhere.
     *
     * @param reply as a host would say it behind the code: status and text
     */
    record Nowhere(int code, String reply) implements Route {}

    /** It could not be found out now. */
    record Unknown(String reply) implements Route {}
}
