package org.postern.server;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.postern.delivery.dns.Dns;
import org.postern.delivery.dns.DnsSettings;
import org.postern.delivery.domains.MailHosts;
import org.postern.delivery.domains.MailHosts.Service;
import org.postern.net.TlsMode;
import org.postern.server.config.ListenerProtocol;
import org.postern.server.config.PosternConfig;
import org.postern.server.config.PosternConfig.Port;

/** What {@code postern.yml} makes of the DNS: whom to ask, and what this server has others publish. */
final class Published {
    private Published() {}

    static Dns dns(PosternConfig config) {
        return new Dns(dnsSettings(config));
    }

    static DnsSettings dnsSettings(PosternConfig config) {
        var defaults = DnsSettings.DEFAULT;
        var keys = config.dns();
        return new DnsSettings(
                keys.servers(), keys.trustAd(), keys.timeout(), defaults.tries(), defaults.total(), defaults.cached());
    }

    static MailHosts hosts(PosternConfig config) {
        var keys = config.domainRecords();
        return new MailHosts(
                config.hostname(),
                keys.mx().isEmpty() ? List.of(config.hostname()) : keys.mx(),
                keys.spf(),
                keys.dmarc(),
                keys.tlsReports(),
                services(config));
    }

    /** RFC 6186 §3, RFC 8314 §5.1: TLS from the first byte has names of its own; what is not offered is said to be not. */
    private static List<Service> services(PosternConfig config) {
        var services = new ArrayList<Service>();
        services.add(service(config, "_imaps", ListenerProtocol.IMAP, tls -> tls == TlsMode.IMPLICIT));
        services.add(service(config, "_imap", ListenerProtocol.IMAP, tls -> tls != TlsMode.IMPLICIT));
        services.add(service(config, "_pop3s", ListenerProtocol.POP3, tls -> tls == TlsMode.IMPLICIT));
        services.add(service(config, "_pop3", ListenerProtocol.POP3, tls -> tls != TlsMode.IMPLICIT));
        services.add(service(config, "_submissions", ListenerProtocol.SMTP, tls -> tls == TlsMode.IMPLICIT));
        services.add(service(config, "_submission", ListenerProtocol.SMTP, tls -> tls != TlsMode.IMPLICIT));
        return services;
    }

    private static Service service(
            PosternConfig config, String label, ListenerProtocol protocol, Predicate<TlsMode> tls) {
        return config.listeners().values().stream()
                .filter(Port::enabled)
                .filter(port -> port.protocol() == protocol && tls.test(port.tls()))
                .findFirst()
                .map(port -> new Service(label, port.hostname().orElse(config.hostname()), port.port()))
                .orElseGet(() -> new Service(label, config.hostname(), 0));
    }
}
