package org.postern.server.profiles;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.lang.reflect.RecordComponent;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.postern.accounts.AccountName;
import org.postern.accounts.Outcome;
import org.postern.accounts.TokenRequest;
import org.postern.database.Database;
import org.postern.model.Address;
import org.postern.model.Domain;
import org.postern.model.PlanName;
import org.postern.server.Administration;
import org.postern.server.Postern;
import org.postern.server.PosternSettings;
import org.postern.server.cli.PosternCommand;
import org.postern.server.config.ConfigFiles;
import org.postern.server.config.ConfigRefused;
import org.postern.server.config.PosternConfig;
import org.postern.testkit.ScratchDatabase;
import org.postern.testkit.TlsClient;
import org.postern.testkit.Transcript;

/**
 * A provider that runs one profile, for one test class: its files as they are, but on loopback, with all ports moved by one
 * offset, on the tests' database, and with failed logins all but undelayed: every row's come from one client address.
 *
 * <pre>{@code
 * @RegisterExtension
 * static final Provider PROVIDER = new Provider("plans");
 * }</pre>
 */
@SuppressWarnings("NullAway.Init") // Opened with the class.
final class Provider implements BeforeAllCallback, AfterAllCallback {
    private static final Path PROFILES = Path.of("../../config/profiles");

    /** Every port that a row speaks of, and the console's. */
    private static final int[] PORTS = {25, 110, 143, 465, 587, 993, 995, 8443, 9025};

    private static final int FIRST_OFFSET = 10_000;
    private static final int LAST_OFFSET = 32_000; // Below the ports that clients get.
    private static final int PEOPLE_POOL = 12;

    private final String profile;
    private final String keys;
    private final ScratchDatabase scratch = ScratchDatabase.withPoolSize(PEOPLE_POOL);
    private final AtomicInteger people = new AtomicInteger();
    private final Set<String> domains = new HashSet<>();
    private Path folder;
    private int offset;
    private Postern node;

    Provider(String profile) {
        this(profile, "");
    }

    /** @param keys more of postern.yml, for what tests must have otherwise: name servers */
    Provider(String profile, String keys) {
        this.profile = profile;
        this.keys = keys;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        scratch.beforeAll(context);
        folder = Files.createTempDirectory("postern-profile-");
        offset = freeOffset();
        write(Files.readString(PROFILES.resolve(profile).resolve("postern.yml")));
        node = Postern.start(PosternSettings.of(config(), folder.resolve("data"), offset));
    }

    /** The profile's text, and behind it what belongs to the test. */
    private void write(String text) throws IOException {
        var database = scratch.settings();
        Files.createDirectories(configFolder());
        Files.copy(
                PROFILES.resolve(profile).resolve("plans.yml"), configFolder().resolve("plans.yml"));
        Files.writeString(configFolder().resolve("password"), database.password() + "\n");
        Files.writeString(
                configFolder().resolve("postern.yml"),
                text.replace("{protocol: ", "{bind: 127.0.0.1, protocol: ")
                        + """

                database: {url: '%s', user: '%s', password-file: password, cell: '%s'}
                login-failures: {first-delay: 1ms, longest-delay: 10ms}
                relay: {enabled: false}
                %s
                """.formatted(database.url(), database.user(), database.cell(), keys));
    }

    /** Another node beside the first, on the same database, for what the profile's own file cannot show in a test's time. */
    Postern another(UnaryOperator<PosternConfig> change) throws IOException, ConfigRefused {
        var data = Files.createTempDirectory(folder, "another-");
        return Postern.start(PosternSettings.of(change.apply(config()), data, freeOffset()));
    }

    /** A record with one component changed, beyond the bounds that files are held to. */
    static <R extends Record> R with(R record, String component, Object value) {
        try {
            var components = record.getClass().getRecordComponents();
            var values = new Object[components.length];
            for (int i = 0; i < components.length; i++) {
                values[i] = components[i].getName().equals(component)
                        ? value
                        : components[i].getAccessor().invoke(record);
            }
            var types = Stream.of(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            @SuppressWarnings("unchecked") // The class of R.
            var copy = (R) record.getClass().getDeclaredConstructor(types).newInstance(values);
            return copy;
        } catch (ReflectiveOperationException e) {
            throw new IllegalArgumentException("no component " + component + " of " + record.getClass(), e);
        }
    }

    private static int freeOffset() {
        while (true) {
            int offset = ThreadLocalRandom.current().nextInt(FIRST_OFFSET, LAST_OFFSET);
            if (IntStream.of(PORTS).allMatch(port -> isFree(port + offset))) {
                return offset;
            }
        }
    }

    private static boolean isFree(int port) {
        try (var socket = new ServerSocket()) {
            socket.bind(new InetSocketAddress(InetAddress.ofLiteral("127.0.0.1"), port));
            return true;
        } catch (IOException e) {
            return false; // Taken: the next offset is tried.
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (node != null) {
            node.close();
        }
        scratch.afterAll(context);
        if (folder != null) {
            try (var files = Files.walk(folder)) {
                files.sorted(Comparator.reverseOrder()).forEach(Provider::delete);
            }
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What the node was started with. */
    PosternConfig config() throws ConfigRefused {
        return new ConfigFiles(configFolder()).read();
    }

    private Path configFolder() {
        return folder.resolve("config");
    }

    Postern node() {
        return node;
    }

    Administration admin() {
        return node.administration();
    }

    Database database() {
        return scratch.database();
    }

    /** The port that this provider has in the place of the one that its customers use. */
    int port(int known) {
        return known + offset;
    }

    /** One client with TLS from the first byte. */
    TlsClient implicit(int known) {
        return TlsClient.to(port(known)).implicit();
    }

    TlsClient plain(int known) {
        return TlsClient.to(port(known)).plain();
    }

    /** Clients with TLS from the first byte, which hear the greeting next. */
    Transcript talk(int known, Person person) {
        return known(Transcript.with(() -> implicit(known)), person);
    }

    /** Clients that begin in clear. */
    Transcript talkInClear(int known, Person person) {
        return known(Transcript.with(() -> plain(known)), person);
    }

    private static Transcript known(Transcript transcript, Person person) {
        return transcript
                .let("user", person.address())
                .let("secret", person.secret())
                .let("plain", person.plain());
    }

    /** Somebody new with a mailbox in an account of that plan, and a client token for everything. */
    Person person(String plan) {
        return personAt(plan, plan + ".example");
    }

    /** Likewise, in a domain that is made with its account if need be. */
    Person personAt(String plan, String domain) {
        if (domains.add(domain)) {
            done(admin().accounts().add(new AccountName(domain), new PlanName(plan)));
            done(admin().domains().add(new AccountName(domain), new Domain(domain)));
        }
        var address =
                Address.parse("p" + people.incrementAndGet() + '@' + domain).orElseThrow();
        var mailbox = done(admin().mailboxes().add(address, ""));
        var token = done(admin().tokens().create(address, TokenRequest.named("Phone")));
        return new Person(this, mailbox.account(), mailbox.id(), address.toString(), token.secret());
    }

    static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(var value) -> value;
            case Outcome.Failed<T>(var problem) -> throw new AssertionError(problem.text());
        };
    }

    /** What an administrator's command prints. @throws AssertionError unless it succeeds */
    String postern(String... arguments) {
        var line = new ArrayList<>(List.of(arguments));
        line.addAll(List.of(
                "--config",
                configFolder().toString(),
                "--data",
                folder.resolve("data").toString()));
        var out = new StringWriter();
        var err = new StringWriter();
        int status =
                PosternCommand.run(new PrintWriter(out, true), new PrintWriter(err, true), line.toArray(String[]::new));
        if (status != 0) {
            throw new AssertionError("postern " + String.join(" ", arguments) + " ended with " + status + ": " + err);
        }
        return out.toString();
    }
}
