package org.postern.server.config;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.accounts.Plans;
import org.postern.accounts.event.EventSettings;
import org.postern.accounts.event.WebhookSettings;
import org.postern.delivery.inbound.SpamSettings;
import org.postern.delivery.relay.Smarthost;
import org.postern.delivery.relay.client.Credentials;
import org.postern.net.KnownPeers;

/** The folder with {@code postern.yml} and {@code plans.yml}. */
public final class ConfigFiles {
    /** The environment variable that holds the database's password where no file does. */
    public static final String PASSWORD_VARIABLE = "POSTERN_DATABASE_PASSWORD";

    private final Path folder;

    public ConfigFiles(Path folder) {
        this.folder = folder;
    }

    /** {@code postern.yml}; relative paths in it are relative to its folder. */
    public PosternConfig read() throws ConfigRefused {
        var file = folder.resolve("postern.yml");
        return Binder.bind(PosternConfig.class, file.toString(), folder.toAbsolutePath(), YamlFile.read(file));
    }

    /** Every key at its default, for a server that needs no file: tests and trials. */
    public static PosternConfig defaults(Path folder) {
        try {
            return Binder.bind(PosternConfig.class, "defaults", folder.toAbsolutePath(), Node.Mapping.empty());
        } catch (ConfigRefused e) {
            throw new IllegalStateException("the defaults do not hold", e);
        }
    }

    /** The plans of any file, which also say what overrides make of them. */
    public static Plans readPlans(Path file) throws ConfigRefused {
        return PlansFile.read(file).plans();
    }

    /** The same with every key as it is written, for people. */
    public static ReadPlans readWrittenPlans(Path file) throws ConfigRefused {
        return PlansFile.read(file);
    }

    /** The one spelling of a plan's key. */
    public static String planKey(String typed) {
        return PlansFile.canonicalKey(typed);
    }

    /**
     * The password of an outside database: the file's first line, or else the environment's.
     *
     * @throws ConfigRefused when the file cannot be read; never says what is in it
     */
    public static Optional<String> databasePassword(PosternConfig.DatabaseKeys keys, Map<String, String> environment)
            throws ConfigRefused {
        if (keys.passwordFile().isEmpty()) {
            return Optional.ofNullable(environment.get(PASSWORD_VARIABLE));
        }
        return Optional.of(
                firstLine("database.password-file", keys.passwordFile().get()));
    }

    /**
     * What becomes of events, with the secret from its file.
     *
     * @throws ConfigRefused when a key does not fit, or the file cannot be read; never says what is in it
     */
    public static EventSettings events(PosternConfig.EventKeys keys) throws ConfigRefused {
        if (keys.webhook().isEmpty()) {
            return new EventSettings(keys.retention(), Optional.empty());
        }
        var given = keys.webhook().get();
        var secret = firstLine("events.webhook.secret-file", given.secretFile());
        try {
            var webhook = new WebhookSettings(
                    URI.create(given.url()),
                    WebhookSettings.Secret.parse(secret),
                    Set.copyOf(given.cases()),
                    WebhookSettings.DEFAULT_TIMEOUT);
            return new EventSettings(keys.retention(), Optional.of(webhook));
        } catch (IllegalArgumentException e) {
            throw new ConfigRefused(List.of(
                    new Problem("postern.yml", Position.NOWHERE, "events.webhook", String.valueOf(e.getMessage()))));
        }
    }

    /**
     * The spam filter, with the password from its file.
     *
     * @throws ConfigRefused when a key does not fit, or the file cannot be read; never says what is in it
     */
    public static Optional<SpamSettings> spamFilter(SpamFilterKeys keys) throws ConfigRefused {
        if (keys.url().isEmpty()) {
            return Optional.empty();
        }
        var password = keys.passwordFile().isEmpty()
                ? Optional.<String>empty()
                : Optional.of(firstLine(
                        "spam-filter.password-file", keys.passwordFile().get()));
        try {
            return Optional.of(new SpamSettings(
                    URI.create(keys.url().get()),
                    password,
                    keys.timeout(),
                    keys.maxSize().bytes(),
                    keys.unreachable(),
                    keys.probable(),
                    keys.certain()));
        } catch (IllegalArgumentException e) {
            throw new ConfigRefused(List.of(
                    new Problem("postern.yml", Position.NOWHERE, "spam-filter.url", String.valueOf(e.getMessage()))));
        }
    }

    /**
     * The smarthost, with the password from its file.
     *
     * @throws ConfigRefused when the file cannot be read; never says what is in it
     */
    public static Optional<Smarthost> smarthost(RelayKeys keys) throws ConfigRefused {
        if (keys.smarthost().isEmpty()) {
            return Optional.empty();
        }
        var given = keys.smarthost().get();
        var credentials = Optional.<Credentials>empty();
        if (given.user().isPresent() && given.passwordFile().isPresent()) {
            var password = firstLine(
                    "relay.smarthost.password-file", given.passwordFile().get());
            credentials = Optional.of(new Credentials(given.user().get(), password));
        }
        return Optional.of(new Smarthost(given.host(), given.port(), given.tls(), credentials));
    }

    /**
     * The authorities that other hosts' certificates may come from; empty: those that the JDK knows.
     *
     * @throws ConfigRefused when the file cannot be read, or has no certificate
     */
    public static Optional<Collection<X509Certificate>> authorities(RelayKeys keys) throws ConfigRefused {
        var file = keys.smarthost().flatMap(RelayKeys.SmarthostKeys::authorities);
        return file.isEmpty() ? Optional.empty() : Optional.of(certificates("relay.smarthost.authorities", file.get()));
    }

    /**
     * Who alone may connect to a port, with the authorities from their file.
     *
     * @throws ConfigRefused when the file cannot be read, or has no certificate
     */
    public static Optional<KnownPeers> peers(String listener, PosternConfig.Port port) throws ConfigRefused {
        if (port.clientAuthorities().isEmpty()) {
            return Optional.empty();
        }
        var authorities = certificates(
                "listeners." + listener + ".client-authorities",
                port.clientAuthorities().get());
        return Optional.of(new KnownPeers(authorities, Set.copyOf(port.clientNames())));
    }

    private static List<X509Certificate> certificates(String key, Path file) throws ConfigRefused {
        try (var in = Files.newInputStream(file)) {
            var found = CertificateFactory.getInstance("X.509").generateCertificates(in).stream()
                    .map(X509Certificate.class::cast)
                    .toList();
            if (found.isEmpty()) {
                throw new CertificateException("it has no certificate");
            }
            return found;
        } catch (IOException | CertificateException e) {
            throw new ConfigRefused(
                    List.of(new Problem(file.toString(), Position.NOWHERE, key, "cannot be read: " + e.getMessage())));
        }
    }

    private static String firstLine(String key, Path file) throws ConfigRefused {
        try (var lines = Files.lines(file)) {
            return lines.findFirst().orElse("");
        } catch (IOException e) {
            var problem = new Problem(file.toString(), Position.NOWHERE, key, "cannot be read: " + e.getMessage());
            throw new ConfigRefused(List.of(problem));
        }
    }
}
