package org.postern.delivery.domains;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.postern.delivery.dkim.DomainKey;
import org.postern.delivery.dkim.KeyState;
import org.postern.delivery.domains.DnsRecord.Purpose;
import org.postern.model.Domain;

/** The records of one domain. */
final class DomainRecords {
    private static final int MX_STEP = 10;

    private final Domain domain;
    private final MailHosts hosts;
    private final List<DnsRecord> records = new ArrayList<>();

    private DomainRecords(Domain domain, MailHosts hosts) {
        this.domain = domain;
        this.hosts = hosts;
    }

    /** @param keys all of the domain; retired ones are not to be published, only not to be removed yet */
    static List<DnsRecord> of(Domain domain, MailHosts hosts, List<DomainKey> keys) {
        var records = new DomainRecords(domain, hosts);
        records.mail();
        keys.stream()
                .filter(key -> key.state() != KeyState.RETIRED)
                .forEach(key -> records.add(Purpose.DKIM, key.name(), DnsRecord.Type.TXT, key.record()));
        records.policies();
        records.services();
        return records.records;
    }

    private void mail() {
        int preference = MX_STEP;
        for (var host : hosts.mx()) {
            add(Purpose.MX, domain.name(), DnsRecord.Type.MX, preference + " " + host + '.');
            preference += MX_STEP;
        }
        add(Purpose.SPF, domain.name(), DnsRecord.Type.TXT, hosts.spf());
    }

    private void policies() {
        add(Purpose.DMARC, "_dmarc." + domain, DnsRecord.Type.TXT, filled(hosts.dmarc()));
        add(
                Purpose.TLS_REPORTS,
                "_smtp._tls." + domain,
                DnsRecord.Type.TXT,
                "v=TLSRPTv1; rua=" + filled(hosts.tlsReports()));
        add(Purpose.MTA_STS, "_mta-sts." + domain, DnsRecord.Type.TXT, "v=STSv1; id=" + policyId());
        add(Purpose.MTA_STS, "mta-sts." + domain, DnsRecord.Type.CNAME, hosts.hostname() + ".");
    }

    /** RFC 8461 §3.1: changes with the policy, which names the MX hosts. */
    private String policyId() {
        return UUID.nameUUIDFromBytes(policy(hosts).getBytes(UTF_8)).toString().replace("-", "");
    }

    /** What is to be served at {@code https://mta-sts.DOMAIN/.well-known/mta-sts.txt} (RFC 8461 §3.2). */
    static String policy(MailHosts hosts) {
        var policy = new StringBuilder("version: STSv1\nmode: enforce\n");
        hosts.mx().forEach(host -> policy.append("mx: ").append(host).append('\n'));
        return policy.append("max_age: 604800\n").toString();
    }

    private void services() {
        for (var service : hosts.services()) {
            var value = service.port() == 0 ? "0 0 0 ." : "0 1 " + service.port() + ' ' + service.host() + '.';
            add(Purpose.SERVICES, service.label() + "._tcp." + domain, DnsRecord.Type.SRV, value);
        }
        add(Purpose.AUTOCONFIG, "autoconfig." + domain, DnsRecord.Type.CNAME, hosts.hostname() + ".");
        add(
                Purpose.AUTOCONFIG,
                "_autodiscover._tcp." + domain,
                DnsRecord.Type.SRV,
                "0 1 443 " + hosts.hostname() + '.');
    }

    private String filled(String text) {
        return text.replace("{domain}", domain.name());
    }

    private void add(Purpose purpose, String name, DnsRecord.Type type, String value) {
        records.add(new DnsRecord(purpose, name, type, value));
    }
}
