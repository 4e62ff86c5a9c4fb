package org.postern.delivery.domains;

import java.util.List;
import org.postern.model.Domain;

/**
 * What all domains of this server have in common in the DNS.
 *
 * @param hostname the server's own name
 * @param mx who takes the domains' mail, most wanted first
 * @param spf the policy that says who sends it (RFC 7208)
 * @param dmarc what becomes of mail that only pretends (RFC 7489); <code>{domain}</code> stands for the domain
 * @param tlsReports where others report failures of TLS to (RFC 8460), likewise
 * @param services what mail apps are offered
 */
public record MailHosts(
        Domain hostname, List<Domain> mx, String spf, String dmarc, String tlsReports, List<Service> services) {
    /**
     * A port for mail apps.
     *
     * @param label of its SRV record: {@code _imaps} (RFC 6186, RFC 8314 §5.1)
     * @param port 0: not offered
     */
    public record Service(String label, Domain host, int port) {}

    public MailHosts {
        mx = List.copyOf(mx);
        services = List.copyOf(services);
    }
}
