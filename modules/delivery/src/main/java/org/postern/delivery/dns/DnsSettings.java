package org.postern.delivery.dns;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;

/**
 * Whom to ask, and for how long.
 *
 * @param servers none: those of the operating system
 * @param trustAd whether they validate (RFC 4035), and are believed when they say that an answer is authentic
 * @param timeout for one question to one server
 * @param tries of each server
 * @param total for one answer, all servers together
 * @param cached answers, for as long as their TTL says
 */
public record DnsSettings(
        List<InetSocketAddress> servers, boolean trustAd, Duration timeout, int tries, Duration total, int cached) {
    public static final DnsSettings DEFAULT =
            new DnsSettings(List.of(), false, Duration.ofSeconds(5), 2, Duration.ofSeconds(30), 20_000);

    public DnsSettings {
        servers = List.copyOf(servers);
    }

    public DnsSettings asking(List<InetSocketAddress> others) {
        return new DnsSettings(others, trustAd, timeout, tries, total, cached);
    }

    public DnsSettings trustingAd(boolean trusted) {
        return new DnsSettings(servers, trusted, timeout, tries, total, cached);
    }
}
