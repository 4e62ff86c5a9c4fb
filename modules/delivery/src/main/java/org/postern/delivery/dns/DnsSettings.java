package org.postern.delivery.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Whom to ask, and for how long.
 *
 * @param servers none: those of the operating system
 * @param timeout for one question to one server
 * @param tries of each server
 * @param total for one answer, all servers and CNAMEs together
 * @param cached answers, for as long as their TTL says
 */
public record DnsSettings(List<InetSocketAddress> servers, Duration timeout, int tries, Duration total, int cached) {
    public static final DnsSettings DEFAULT =
            new DnsSettings(List.of(), Duration.ofSeconds(5), 2, Duration.ofSeconds(30), 20_000);

    public DnsSettings {
        servers = List.copyOf(servers);
    }

    public DnsSettings asking(List<InetSocketAddress> others) {
        return new DnsSettings(others, timeout, tries, total, cached);
    }
}
