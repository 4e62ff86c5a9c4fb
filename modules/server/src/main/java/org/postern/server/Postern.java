package org.postern.server;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.postern.accounts.CurrentPlans;
import org.postern.console.Console;
import org.postern.console.HealthCheck;
import org.postern.console.Meters;
import org.postern.model.Domain;
import org.postern.net.CarrierThreads;
import org.postern.net.Listener;
import org.postern.net.ListenerSettings;
import org.postern.net.Listeners;
import org.postern.net.TlsContexts;
import org.postern.net.TlsMode;
import org.postern.net.TlsSettings;
import org.postern.server.config.ConfigFiles;
import org.postern.server.config.ConfigRefused;
import org.postern.server.config.ListenerProtocol;
import org.postern.server.config.PosternConfig;
import org.postern.server.tls.SelfSigned;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One node: the database, the services over it, the ports. Started by {@link #start}, stopped by {@link #close}.
 *
 * <p>Order: what only reads files (so that a typing error starts nothing), the data folder's lock, the console (live, not
 * ready), the database, background work, the ports, ready. A stop goes the other way: not ready, no new connections,
 * running commands finish and clients are told, then background work, then the database.
 */
public final class Postern implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Postern.class);

    private final PosternSettings settings;
    private final StopOrder stops;
    private final List<SelfSigned> selfSigned;
    private final PlansWatch plansWatch;
    private final MailServices services;
    private final DatabaseHome databaseHome;
    private final TlsContexts tls;
    private final Listeners listeners;
    private final List<Listener> ports = new ArrayList<>();
    private final OptionalInt consolePort;
    private volatile Phase phase = Phase.STARTING;

    private enum Phase {
        STARTING,
        READY,
        STOPPING
    }

    /**
     * A port that is open.
     *
     * @param hostname what mail apps call the server there
     */
    public record Port(String name, ListenerProtocol protocol, TlsMode tls, Domain hostname, int number) {}

    private Postern(PosternSettings settings, StopOrder stops) throws IOException, ConfigRefused {
        this.settings = settings;
        this.stops = stops;
        var config = settings.config();
        var plans = new CurrentPlans(ConfigFiles.readPlans(config.plans()));

        var data = stops.add("data folder", DataFolder.take(settings.data()));
        var meters = stops.add("meters", new Meters());
        stops.add("carriers", CarrierThreads.watched(meters.registry()));
        this.consolePort = console(meters);
        this.selfSigned = selfSigned(data.path());

        this.databaseHome = stops.add("database", DatabaseHome.open(config, data.path()));
        databaseHome.database().bindTo(meters.registry());
        this.plansWatch = stops.add("plans watch", PlansWatch.start(config.plans(), plans));
        this.services = new MailServices(settings, databaseHome.database(), plans, meters.registry(), stops);
        var speakers = services.speakers(stops);

        this.tls = stops.add("certificates", TlsContexts.open(tlsSettings(), settings.clock(), settings.random()));
        this.listeners = stops.add(
                "listeners",
                new Listeners(config.connections().toNetLimits(), tls, meters.registry(), settings.random()));
        bindAll(speakers);
        this.phase = Phase.READY;
    }

    /**
     * Starts a node; when this returns its ports are open.
     *
     * @throws ConfigRefused when a config file is broken; nothing was started
     * @throws IOException when the data folder or a port cannot be had; says which, and everything was stopped again
     * @throws org.postern.database.DatabaseFailure when there is no database; everything was stopped again
     */
    public static Postern start(PosternSettings settings) throws IOException, ConfigRefused {
        var stops = new StopOrder();
        try {
            var postern = new Postern(settings, stops);
            LOG.atInfo()
                    .addKeyValue("event", "ready")
                    .addKeyValue("hostname", postern.hostname())
                    .addKeyValue("ports", postern.ports())
                    .log("ready");
            return postern;
        } catch (IOException | ConfigRefused | RuntimeException | Error e) {
            stops.close();
            throw e;
        }
    }

    private OptionalInt console(Meters meters) throws IOException {
        var config = settings.config().console();
        if (!config.enabled()) {
            return OptionalInt.empty();
        }
        var bind = new InetSocketAddress(config.bind(), settings.portFor(config.port()));
        var checks = List.of(
                new HealthCheck("listeners", this::phaseProblem), new HealthCheck("database", this::databaseProblem));
        return OptionalInt.of(stops.add("console", Console.open(bind, meters.registry(), checks))
                .port());
    }

    private Optional<String> phaseProblem() {
        return switch (phase) {
            case STARTING -> Optional.of("starting");
            case READY -> Optional.empty();
            case STOPPING -> Optional.of("stopping");
        };
    }

    private Optional<String> databaseProblem() {
        if (phase != Phase.READY) {
            return Optional.of("unknown");
        }
        return databaseHome.database().answers() ? services.problem() : Optional.of("does not answer");
    }

    /** Where config names no certificate, one for each host name. */
    private List<SelfSigned> selfSigned(Path data) throws IOException {
        if (!settings.config().tls().certificates().isEmpty()) {
            return List.of();
        }
        var all = new ArrayList<SelfSigned>();
        for (var name : settings.config().hostnames()) {
            var tls = data.resolve("tls");
            var folder = name.equals(hostname()) ? tls : tls.resolve(name.name());
            var own = SelfSigned.in(folder, name, settings.clock(), settings.random());
            if (own.madeNow()) {
                LOG.atWarn()
                        .addKeyValue("event", "self-signed-certificate")
                        .addKeyValue("file", own.chain())
                        .log("made a self-signed certificate: mail apps will warn until one is configured");
            }
            all.add(own);
        }
        return all;
    }

    private TlsSettings tlsSettings() {
        var config = settings.config().tls();
        var files = new ArrayList<TlsSettings.CertificateFiles>();
        config.certificates().forEach(pair -> files.add(new TlsSettings.CertificateFiles(pair.chain(), pair.key())));
        selfSigned.forEach(own -> files.add(new TlsSettings.CertificateFiles(own.chain(), own.key())));
        return new TlsSettings(config.provider(), files, config.recheck());
    }

    private void bindAll(Map<ListenerProtocol, Speaker> speakers) throws IOException, ConfigRefused {
        for (var entry : settings.config().listeners().entrySet()) {
            var port = entry.getValue();
            if (port.enabled()) {
                var speaker = speakers.get(port.protocol());
                if (speaker == null) {
                    throw new IllegalStateException("nobody speaks " + port.protocol());
                }
                ports.add(listeners.bind(listener(entry.getKey(), port), speaker.sessions(), speaker.refusals()));
            }
        }
    }

    private ListenerSettings listener(String name, PosternConfig.Port port) throws ConfigRefused {
        var address = port.bind().orElse(ANY);
        var bind = new InetSocketAddress(address, settings.portFor(port.port()));
        return new ListenerSettings(
                name,
                port.protocol().family(),
                bind,
                port.tls(),
                port.proxyFrom(),
                port.hostname(),
                port.cramMd5(),
                port.channelBinding(),
                ConfigFiles.peers(name, port));
    }

    /** Every address of the machine, both of IPv4 and of IPv6. */
    private static final InetAddress ANY = new InetSocketAddress(0).getAddress();

    /** Reads plans and certificates again, now. */
    public void reload() {
        plansWatch.reload();
        tls.reload();
    }

    public Domain hostname() {
        return settings.config().hostname();
    }

    /** The open ports, as configured or, for port 0, as found. */
    public List<Port> ports() {
        return ports.stream()
                .map(port -> new Port(
                        port.settings().name(),
                        configured(port).protocol(),
                        port.settings().tls(),
                        port.settings().hostname().orElse(hostname()),
                        port.port()))
                .toList();
    }

    private PosternConfig.Port configured(Listener listener) {
        return Optional.ofNullable(
                        settings.config().listeners().get(listener.settings().name()))
                .orElseThrow();
    }

    /** The number of the port with that name. */
    public int port(String name) {
        return ports().stream()
                .filter(port -> port.name().equals(name))
                .mapToInt(Port::number)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("no open port is called " + name));
    }

    public OptionalInt consolePort() {
        return consolePort;
    }

    /** The certificates of our own making, where config names none. */
    public List<SelfSigned> selfSigned() {
        return selfSigned;
    }

    /** What administrators do, on this node's database. */
    public Administration administration() {
        return services.administration();
    }

    /** The process number of the embedded PostgreSQL, where there is one. */
    public Optional<Long> postgresPid() {
        return databaseHome.postgresPid();
    }

    /** Drains and stops; returns when everything is gone. Once. */
    @Override
    public void close() {
        if (phase == Phase.STOPPING) {
            return;
        }
        phase = Phase.STOPPING;
        LOG.atInfo().addKeyValue("event", "stopping").log("no new connections; running commands finish");
        listeners.drain(settings.config().drain());
        stops.close();
        LOG.atInfo().addKeyValue("event", "stopped").log("stopped");
    }
}
