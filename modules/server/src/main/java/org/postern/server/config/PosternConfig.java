package org.postern.server.config;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.accounts.PenaltySettings;
import org.postern.delivery.FullMailboxes;
import org.postern.delivery.PausedMailboxes;
import org.postern.delivery.inbound.FailedDmarc;
import org.postern.model.Domain;
import org.postern.model.HelpLine;
import org.postern.net.Cidr;
import org.postern.net.NetLimits;
import org.postern.net.TlsMode;
import org.postern.net.TlsSettings;

/**
 * {@code postern.yml}: what the file there says in its comments, key by key.
 *
 * @param plans the file of the plans
 */
public record PosternConfig(
        @Default("localhost") Domain hostname,
        @Default("''") HelpLine help,
        @Default("plans.yml") Path plans,
        @Default("hold") PausedMailboxes pausedMailboxes,
        @Default("defer") FullMailboxes fullMailboxes,
        @Default("""
                {imaps: {protocol: imap, port: 993, tls: implicit},
                 pop3s: {protocol: pop3, port: 995, tls: implicit},
                 smtps: {protocol: smtp, port: 465, tls: implicit},
                 submission: {protocol: smtp, port: 587, tls: detect},
                 imap: {protocol: imap, port: 143, tls: starttls, enabled: false},
                 pop3: {protocol: pop3, port: 110, tls: starttls, enabled: false},
                 lmtp: {protocol: lmtp, bind: 127.0.0.1, port: 24, tls: starttls, enabled: false},
                 mx: {protocol: mx, port: 25, tls: starttls, enabled: false},
                 owners: {protocol: https, port: 8443, tls: implicit, enabled: false}}""") Map<String, Port> listeners,
        Tls tls,
        @Default("[]") List<Cidr> exemptNetworks,
        DatabaseKeys database,
        DnsKeys dns,
        DomainRecordKeys domainRecords,
        Connections connections,
        Sessions sessions,
        @Default("64MB") @Bounds(min = "0", max = "64GB") ByteSize messageCache,
        @Default("64MB") @Bounds(min = "0", max = "64GB") ByteSize spoolMemory,
        Submission submission,
        Inbound inbound,
        SpamFilterKeys spamFilter,
        LoginFailures loginFailures,
        RelayKeys relay,
        EventKeys events,
        Log log,
        Console console,
        @Default("20s") @Bounds(min = "1s", max = "10m") Duration drain) {

    public PosternConfig {
        exemptNetworks = List.copyOf(exemptNetworks);
    }

    /** Every name that mail apps may connect to: the server's own, then those of listeners. */
    public Set<Domain> hostnames() {
        var names = new LinkedHashSet<>(Set.of(hostname));
        listeners.values().stream()
                .filter(Port::enabled)
                .flatMap(port -> port.hostname().stream())
                .forEach(names::add);
        return names;
    }

    /**
     * A listener.
     *
     * @param hostname its own, where it is not the server's
     */
    public record Port(
            @Default("true") boolean enabled,
            ListenerProtocol protocol,
            Optional<InetAddress> bind,
            @Bounds(min = "0", max = "65535") int port,
            TlsMode tls,
            Optional<Domain> hostname,
            @Default("[]") List<Cidr> proxyFrom,
            @Default("false") boolean cramMd5,
            @Default("false") boolean channelBinding,
            Optional<Path> clientAuthorities,
            @Default("[]") List<Domain> clientNames) {
        public Port {
            proxyFrom = List.copyOf(proxyFrom);
            boolean isLocal = bind.map(InetAddress::isLoopbackAddress).orElse(false);
            clientNames = List.copyOf(clientNames);
            if (clientAuthorities.isPresent() == clientNames.isEmpty()) {
                throw new IllegalArgumentException("client-authorities and client-names belong together");
            }
            if (protocol != ListenerProtocol.LMTP && clientAuthorities.isPresent()) {
                throw new IllegalArgumentException("client-authorities are for lmtp");
            }
            if (protocol == ListenerProtocol.LMTP && !isLocal && clientAuthorities.isEmpty()) {
                throw new IllegalArgumentException("LMTP believes its clients: bind it to a loopback address,"
                        + " or say who may come by client-authorities and client-names");
            }
            if (protocol == ListenerProtocol.MX && tls != TlsMode.STARTTLS) {
                throw new IllegalArgumentException("other servers begin in clear: an mx has tls: starttls");
            }
            if (protocol == ListenerProtocol.HTTPS && tls != TlsMode.IMPLICIT) {
                throw new IllegalArgumentException("browsers begin with TLS: https has tls: implicit");
            }
        }
    }

    /** Certificates; none given means one of our own making. */
    public record Tls(
            @Default("auto") TlsSettings.Provider provider,
            @Default("10s") @Bounds(min = "1s", max = "1h") Duration recheck,
            @Default("[]") List<Certificate> certificates) {
        public Tls {
            certificates = List.copyOf(certificates);
        }
    }

    public record Certificate(Path chain, Path key) {}

    /** Who is asked for other domains' records; nobody named means whom the operating system asks. */
    public record DnsKeys(
            @Default("[]") List<InetSocketAddress> servers,
            @Default("false") boolean trustAd,

            @Default("5s") @Bounds(min = "100ms", max = "30s")
            Duration timeout) {
        public DnsKeys {
            servers = List.copyOf(servers);
            if (trustAd && servers.isEmpty()) {
                throw new IllegalArgumentException("trust-ad wants the servers that are trusted");
            }
        }
    }

    /** What owners of domains are told to publish. */
    public record DomainRecordKeys(
            @Default("[]") List<Domain> mx,
            @Default("v=spf1 mx -all") String spf,
            @Default("v=DMARC1; p=quarantine") String dmarc,
            @Default("'mailto:postmaster@{domain}'") String tlsReports) {
        public DomainRecordKeys {
            mx = List.copyOf(mx);
        }
    }

    /** The database; without a URL the embedded one. */
    public record DatabaseKeys(
            Optional<String> url,
            Optional<Path> programs,
            @Default("postern") String user,
            Optional<Path> passwordFile,
            @Default("cell1") String cell,
            @Default("16") @Bounds(min = "2", max = "500") int pool,
            @Default("10s") @Bounds(min = "1s", max = "5m") Duration statementTimeout,

            @Default("3s") @Bounds(min = "250ms", max = "1m")
            Duration checkoutTimeout) {
        public DatabaseKeys {
            url.ifPresent(text -> {
                if (!text.startsWith("jdbc:postgresql:")) {
                    throw new IllegalArgumentException("url begins with jdbc:postgresql: (or is left out)");
                }
                if (text.contains("password=")) {
                    throw new IllegalArgumentException("the password does not belong in url; use password-file or"
                            + " the environment variable POSTERN_DATABASE_PASSWORD");
                }
            });
            if (url.isPresent() && programs.isPresent()) {
                throw new IllegalArgumentException("programs are of the embedded database; url names another one");
            }
        }
    }

    /** Bounds of every connection, whatever its protocol. */
    public record Connections(
            @Default("20000") @Bounds(min = "1", max = "1000000")
            int max,

            @Default("30") @Bounds(min = "1", max = "100000")
            int unauthenticatedPerNetwork,

            @Default("50") @Bounds(min = "0", max = "10000") int spokenRefusalsPerSecond,
            @Default("5s") @Bounds(min = "1s", max = "1m") Duration proxyHeader,
            @Default("10s") @Bounds(min = "1s", max = "1m") Duration handshake,

            @Default("250ms") @Bounds(min = "50ms", max = "3s")
            Duration detectWindow,

            @Default("3m") @Bounds(min = "10s", max = "30m") Duration firstCommand,
            @Default("1m") @Bounds(min = "5s", max = "10m") Duration slowInput,
            @Default("2m") @Bounds(min = "5s", max = "10m") Duration slowReader,

            @Default("64KB") @Bounds(min = "16KB", max = "16MB")
            ByteSize inbox,

            @Default("128KB") @Bounds(min = "16KB", max = "16MB")
            ByteSize outbox,

            @Default("1024") @Bounds(min = "16", max = "65535")
            int backlog,

            @Default("2m") @Bounds(min = "10s", max = "2h") Duration keepAliveIdle,
            @Default("30s") @Bounds(min = "1s", max = "10m") Duration keepAliveInterval,
            @Default("4") @Bounds(min = "1", max = "100") int keepAliveProbes) {
        /** With the bounds that are nobody's business at their defaults. */
        public NetLimits toNetLimits() {
            var others = NetLimits.DEFAULT;
            return new NetLimits(
                    max,
                    unauthenticatedPerNetwork,
                    spokenRefusalsPerSecond,
                    proxyHeader,
                    handshake,
                    detectWindow,
                    firstCommand,
                    slowInput,
                    slowReader,
                    others.endGrace(),
                    others.linger(),
                    others.line(),
                    inbox.intBytes(),
                    outbox.intBytes(),
                    backlog,
                    keepAliveIdle,
                    keepAliveInterval,
                    keepAliveProbes);
        }
    }

    /** Bounds of the sessions of each protocol. */
    public record Sessions(
            @Default("30m") @Bounds(min = "30m", max = "24h")
            Duration imapIdle,

            @Default("10m") @Bounds(min = "10m", max = "24h")
            Duration pop3Idle,

            @Default("5m") @Bounds(min = "5m", max = "24h") Duration smtpIdle) {}

    /** What submitted messages may ask for, and what they tell of their senders. */
    public record Submission(
            @Default("false") boolean showClientAddress,

            @Default("31d") @Bounds(min = "1m", max = "366d")
            Duration longestHold) {}

    /** What becomes of strangers' mail. */
    public record Inbound(@Default("refuse") FailedDmarc failedDmarc) {}

    /** How wrong secrets are slowed down. */
    public record LoginFailures(
            @Default("250ms") @Bounds(min = "0s", max = "1m")
            Duration firstDelay,

            @Default("15s") @Bounds(min = "0s", max = "1m") Duration longestDelay,
            @Default("1h") @Bounds(min = "1m", max = "1d") Duration remembered,

            @Default("20") @Bounds(min = "1", max = "64") int closeAfter) {
        public LoginFailures {
            if (longestDelay.compareTo(firstDelay) < 0) {
                throw new IllegalArgumentException("longest-delay is not shorter than first-delay");
            }
        }

        public PenaltySettings toPenalties() {
            return new PenaltySettings(firstDelay, longestDelay, remembered, closeAfter);
        }
    }

    /** What becomes of events. */
    public record EventKeys(
            @Default("90d") @Bounds(min = "1d", max = "3650d")
            Duration retention,

            Optional<WebhookKeys> webhook) {}

    public record WebhookKeys(
            String url, Path secretFile, @Default("[]") List<String> cases) {
        public WebhookKeys {
            cases = List.copyOf(cases);
        }
    }

    public record Log(
            @Default("json") Format format,
            @Default("info") Level level,
            @Default("{}") Map<String, Level> levels) {
        public Log {
            levels = Map.copyOf(levels);
        }

        public enum Format {
            JSON,
            TEXT
        }

        public enum Level {
            ERROR,
            WARN,
            INFO,
            DEBUG,
            TRACE
        }
    }

    /** The HTTP port for operators. */
    public record Console(
            @Default("true") boolean enabled,
            @Default("127.0.0.1") InetAddress bind,

            @Default("9025") @Bounds(min = "0", max = "65535")
            int port) {}
}
