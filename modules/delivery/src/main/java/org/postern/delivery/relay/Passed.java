package org.postern.delivery.relay;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.postern.delivery.relay.Dialer.Dialled;
import org.postern.delivery.relay.client.Reply;

/** The hosts of a domain that have turned one message away, or broken off in the middle of it: the others are tried (RFC 5321 §5.1). */
final class Passed {
    private final Set<String> hosts = new HashSet<>();
    private Optional<Dialled.Unreachable> last = Optional.empty();

    void add(String host, Reply reply) {
        hosts.add(host);
        last = Optional.of(new Dialled.Unreachable(reply, Optional.of(host)));
    }

    boolean has(String host) {
        return hosts.contains(host);
    }

    /** What the last of them said. */
    Optional<Dialled.Unreachable> last() {
        return last;
    }
}
