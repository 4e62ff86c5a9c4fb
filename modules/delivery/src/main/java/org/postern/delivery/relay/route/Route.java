package org.postern.delivery.relay.route;

import java.util.List;

/** Where mail for a domain goes. */
public sealed interface Route {
    /** @param hosts in the order to try them; at least one */
    record Hosts(List<String> hosts) implements Route {
        public Hosts {
            hosts = List.copyOf(hosts);
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
