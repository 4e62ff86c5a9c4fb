package org.postern.delivery.relay;

import java.util.Optional;
import java.util.Set;
import org.postern.delivery.relay.client.ClientTls;
import org.postern.delivery.relay.client.Security;
import org.postern.model.Domain;

/**
 * How this node relays.
 *
 * @param hostname what we call ourselves
 * @param own all names that this server is known by
 * @param smarthost for everything; empty: the MX hosts of each domain
 * @param security what MX hosts must have, where their domain does not demand more
 * @param mtaSts whether domains may demand more (RFC 8461)
 * @param dane whether hosts may, by TLSA records (RFC 7672); nothing comes of it where no name server's word on DNSSEC is believed
 * @param port of MX hosts
 * @param policyPort of the hosts that say so
 * @param loopback whether an MX host may be this very machine: for tests alone
 */
public record RelaySettings(
        Domain hostname,
        Set<Domain> own,
        Optional<Smarthost> smarthost,
        Security security,
        boolean mtaSts,
        boolean dane,
        int port,
        int policyPort,
        boolean loopback,
        ClientTls tls,
        RelayLimits limits) {
    /** Of mail between hosts (RFC 5321 §4.5.4.2). */
    public static final int SMTP_PORT = 25;

    public static final int HTTPS_PORT = 443;

    /** How many connections this node has at once: one host alone is not asked for more than one domain is. */
    int agents() {
        var bound = limits.concurrency();
        return smarthost.isPresent() ? Math.min(bound.agents(), bound.perDestination()) : bound.agents();
    }
}
