package org.postern.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postern.accounts.AccountName;
import org.postern.accounts.Outcome;
import org.postern.accounts.TokenRequest;
import org.postern.model.Address;
import org.postern.model.Domain;
import org.postern.model.PlanName;
import org.postern.server.cli.PosternCommand;
import org.postern.server.config.ConfigFiles;
import org.postern.testkit.ImapTestClient;
import org.postern.testkit.ScratchDatabase;
import org.postern.testkit.SmtpTestClient;
import org.postern.testkit.TlsClient;

/** One node in this process: wiring, administration, reload, drain. */
final class PosternTest {
    @RegisterExtension
    static final ScratchDatabase SCRATCH = new ScratchDatabase();

    private static final String PLANS = """
            plans:
              small:
                imap: {per-client-address: 2, per-mailbox: 2}
                smtp: {per-client-address: 2, per-mailbox: 2}
                storage: {size: 10MB}
                sending: {quotas: {mailbox: {1h: {messages: %d}}}}
            """;

    @TempDir
    private static Path folder;

    private static Postern postern;
    private static String token;

    @BeforeAll
    static void start() throws Exception {
        var config = Files.createDirectories(folder.resolve("config"));
        writeConfig(config);
        Files.writeString(config.resolve("plans.yml"), PLANS.formatted(1));
        postern = Postern.start(settings(config));
        var admin = postern.administration();
        done(admin.accounts().add(new AccountName("Example"), new PlanName("small")));
        done(admin.domains().add(new AccountName("Example"), new Domain("example.org")));
        done(admin.mailboxes().add(address("ann@example.org"), "Ann"));
        token = done(admin.tokens().create(address("ann@example.org"), TokenRequest.named("Phone")))
                .secret();
    }

    @AfterAll
    static void stop() {
        postern.close();
    }

    private static void writeConfig(Path config) throws IOException {
        var database = SCRATCH.settings();
        Files.writeString(config.resolve("password"), database.password() + "\n");
        Files.writeString(
                config.resolve("postern.yml"), """
                listeners:
                  imaps: {port: 0, bind: 127.0.0.1}
                  pop3s: {port: 0, bind: 127.0.0.1}
                  smtps: {port: 0, bind: 127.0.0.1}
                  submission: {port: 0, bind: 127.0.0.1}
                console: {port: 0}
                relay: {enabled: false}
                drain: 5s
                database: {url: '%s', user: '%s', password-file: password, cell: '%s', pool: 4}
                """.formatted(database.url(), database.user(), database.cell()));
    }

    private static PosternSettings settings(Path config) throws Exception {
        return PosternSettings.of(new ConfigFiles(config).read(), folder.resolve("data"), 0);
    }

    private static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(var value) -> value;
            case Outcome.Failed<T>(var problem) -> throw new AssertionError(problem.text());
        };
    }

    private static Address address(String text) {
        return Address.parse(text).orElseThrow();
    }

    @Test
    @DisplayName(
            "a message submitted over SMTP is read over IMAP; the second of the hour is refused until the plan changes")
    void submitsAndReloadsPlans() throws Exception {
        try (var smtp = SmtpTestClient.loggedIn(postern.port("smtps"), "ann@example.org", token)) {
            assertThat(submit(smtp)).startsWith("250");
            assertThat(submit(smtp)).startsWith("451 4.7.1 Hourly sending limit reached: 1 of 1 messages.");

            Files.writeString(folder.resolve("config/plans.yml"), "plans: {small: {storage: none}}\n");
            postern.reload();
            assertThat(submit(smtp)).as("a broken file changes nothing").startsWith("451 4.7.1");

            Files.writeString(folder.resolve("config/plans.yml"), PLANS.formatted(100));
            await("the changed file is noticed")
                    .untilAsserted(() -> assertThat(submit(smtp)).startsWith("250"));
        }
        try (var imap = ImapTestClient.loggedIn(postern.port("imaps"), "ann@example.org", token)) {
            imap.ok("SELECT INBOX");
            assertThat(new String(imap.fetch(1), StandardCharsets.UTF_8)).endsWith("\r\n\r\nHello\r\n");
        }
    }

    @Test
    @DisplayName("plan diff says whom other plans would meet, plan override what one mailbox has different")
    void plansAreComparedAndOverridden() throws Exception {
        try (var imap = ImapTestClient.loggedIn(postern.port("imaps"), "ann@example.org", token);
                var other = ImapTestClient.loggedIn(postern.port("imaps"), "ann@example.org", token)) {
            imap.ok("NOOP");
            other.ok("NOOP");
            var file = folder.resolve("newer.yml");
            Files.writeString(file, """
                    plans:
                      small:
                        imap: {per-mailbox: 1}
                        smtp: {per-mailbox: 2}
                        storage: {size: 20MB}
                      large: {extends: small}
                    """);
            var diff = postern("plan", "diff", file.toString());
            assertThat(diff)
                    .containsPattern("small +imap.per-mailbox +2 +1 +1 +1 +mailboxes")
                    .containsPattern("small +storage.size +10MB +20MB +1 +0 +mailboxes")
                    .containsPattern("small +sending.quotas.mailbox.1h.messages +[0-9]+ +- +1 +- +mailboxes")
                    .containsPattern("large +\\(the plan\\) +- +new +0");
            assertThat(postern(
                            "plan",
                            "override",
                            "set",
                            "--mailbox",
                            "ann@example.org",
                            "imap.per-mailbox=3",
                            "imap.per-client-address=3"))
                    .containsPattern("ann@example.org +small +imap.per-client-address +3")
                    .containsPattern("ann@example.org +small +imap.per-mailbox +3");
            await("the third fits now").untilAsserted(() -> {
                try (var third = ImapTestClient.loggedIn(postern.port("imaps"), "ann@example.org", token)) {
                    third.ok("NOOP");
                }
            });
            assertThat(postern("plan", "diff", file.toString()))
                    .containsPattern("small +imap.per-mailbox +2 +1 +0 +0 +mailboxes");
            assertThat(postern("plan", "override", "set", "--account", "Example", "imap.per-mailbox=none"))
                    .contains("imap.per-mailbox: expected a whole number");
            assertThat(postern("plan", "override", "set", "--account", "Example", "storage.size=30MB"))
                    .containsPattern("account +Example +small +storage.size +30MB")
                    .containsPattern("mailbox +ann@example.org +small +imap.per-mailbox +3");
            assertThat(postern("plan", "override", "remove", "--account", "Example", "storage.size"))
                    .doesNotContain("Example");
            assertThat(postern("plan", "override", "remove", "--mailbox", "ann@example.org"))
                    .isEmpty();
        }
    }

    @Test
    @DisplayName("address add, set, list, remove: aliases, and addresses that lead elsewhere")
    void addresses() {
        assertThat(postern("address", "add", "info@example.org", "--to", "ann@example.org"))
                .containsPattern("aliases: +info@example.org");
        assertThat(postern("address", "add", "team@example.org", "--to", "x@example.net"))
                .contains("there is no mailbox x@example.net");
        assertThat(postern(
                        "address",
                        "add",
                        "team@example.org",
                        "--to",
                        "ann@example.org,x@example.net",
                        "--owner",
                        "ann@example.org"))
                .containsPattern("mailbox: +ann@example.org")
                .containsPattern("to: +ann@example.org,x@example.net");
        assertThat(postern("address", "set", "team@example.org", "--to", "y@example.net"))
                .containsPattern("to: +y@example.net");
        assertThat(postern("address", "list"))
                .containsPattern("ann@example.org +ann@example.org +no +-")
                .containsPattern("info@example.org +ann@example.org +yes +-")
                .containsPattern("team@example.org +ann@example.org +yes +y@example.net");
        assertThat(postern("mailbox", "show", "ann@example.org"))
                .containsPattern("aliases: +info@example.org")
                .containsPattern("owns:\\RADDRESS +TO\\Rteam@example.org +y@example.net");
        assertThat(postern("address", "remove", "team@example.org")).contains("ann@example.org");
        assertThat(postern("address", "remove", "info@example.org")).containsPattern("aliases: +-");
        assertThat(postern("mailbox", "show", "ann@example.org")).containsPattern("owns: +-");
        assertThat(postern("address", "list")).doesNotContain("team", "info");
    }

    @Test
    @DisplayName(
            "mailbox share: gives, shows and takes rights to a folder, by SETACL's rules; who idles in it hears at once")
    void sharesFolders() {
        var admin = postern.administration();
        done(admin.mailboxes().add(address("bob@example.org"), "Bob"));
        done(admin.mailboxes().addAlias(address("bobby@example.org"), address("bob@example.org")));
        var secret = done(admin.tokens().create(address("bob@example.org"), TokenRequest.named("Phone")))
                .secret();
        assertThat(share("Archive"))
                .containsPattern("shown_as: +Other Users/ann@example.org/Archive")
                .containsPattern("shared_with: +-");
        assertThat(share("Archive", "--with", "bob@example.org", "--rights", "read"))
                .containsPattern("bob@example.org +lrs +read +no");
        try (var imap = ImapTestClient.loggedIn(postern.port("imaps"), "bob@example.org", secret)) {
            imap.ok("SELECT \"Other Users/ann@example.org/Archive\"");
            imap.socket().sendLine("i1 IDLE");
            assertThat(imap.socket().readLine()).startsWith("+ ");
            assertThat(share("Archive", "--with", "bobby@example.org", "--rights", "+t"))
                    .containsPattern("bob@example.org +lrst +- +no");
            imap.socket().readUntil("* OK [PERMANENTFLAGS (\\Seen \\Deleted)]");
            assertThat(share("Archive", "--with", "anyone", "--rights", "write"))
                    .containsPattern("anyone +lrswite +write +no");
            assertThat(share("Archive", "--revoke", "bob@example.org")).doesNotContain("bob");
            assertThat(share())
                    .containsPattern("Archive +anyone +lrswite +write +no")
                    .containsPattern("sees: +-");
            assertThat(postern("mailbox", "share", "bob@example.org"))
                    .containsPattern("shares: +-")
                    .containsPattern("Other Users/ann@example.org/Archive +lrswite +write");
            assertThat(share("Archive", "--deny", "bob@example.org", "--rights", "full"))
                    .containsPattern("bob@example.org +lrswipkxtea +full +yes");
            assertThat(imap.socket().readToEnd()).contains("* BYE You may no longer read the selected folder");
        }
        assertThat(share("Archive", "--deny", "bob@example.org", "--rights", "none"))
                .doesNotContain("bob");
        assertThat(share("Archive", "--revoke", "anyone")).containsPattern("shared_with: +-");
    }

    @Test
    @DisplayName("mailbox share: what SETACL refuses is refused, each for its own reason")
    void sharesNotEverything() {
        var admin = postern.administration();
        done(admin.accounts().add(new AccountName("Other"), new PlanName("small")));
        done(admin.domains().add(new AccountName("Other"), new Domain("example.net")));
        done(admin.mailboxes().add(address("eve@example.net"), "Eve"));
        assertThat(share("Nowhere")).isEqualTo("postern: mailbox ann@example.org has no folder Nowhere\n");
        assertThat(share("Sent", "--with", "eve@example.net", "--rights", "read"))
                .isEqualTo("postern: mailbox eve@example.net belongs to another account\n");
        assertThat(share("Sent", "--with", "nobody@example.org", "--rights", "read"))
                .isEqualTo("postern: there is no mailbox nobody@example.org\n");
        assertThat(share("Sent", "--with", "ann@example.org", "--rights", "read"))
                .isEqualTo("postern: the owner of a folder may always do everything in it\n");
        assertThat(share("Sent")).containsPattern("shared_with: +-");
        assertThat(postern("mailbox", "share", "nobody@example.org", "Sent"))
                .isEqualTo("postern: there is no mailbox nobody@example.org\n");
    }

    private static String share(String... words) {
        return postern(Stream.concat(Stream.of("mailbox", "share", "ann@example.org"), Stream.of(words))
                .toArray(String[]::new));
    }

    /** What a command beside the server says. */
    private static String postern(String... words) {
        var said = new StringWriter();
        var out = new PrintWriter(said, true);
        var all = new ArrayList<>(List.of(words));
        all.addAll(List.of(
                "--config",
                folder.resolve("config").toString(),
                "--data",
                folder.resolve("data").toString()));
        PosternCommand.run(out, out, all.toArray(String[]::new));
        return said.toString();
    }

    private static String submit(SmtpTestClient smtp) {
        var message = "From: ann@example.org\r\nTo: ann@example.org\r\nSubject: x\r\n\r\nHello\r\n";
        return smtp.submit("ann@example.org", "ann@example.org", message.getBytes(StandardCharsets.US_ASCII));
    }

    @Test
    void healthAndMetrics() throws Exception {
        assertThat(get("/health/ready")).contains("\"status\":\"up\"");
        try (var imap = ImapTestClient.loggedIn(postern.port("imaps"), "ann@example.org", token)) {
            imap.ok("NOOP");
            assertThat(get("/metrics"))
                    .contains("postern_connections{plan=\"small\",protocol=\"imap\"}")
                    .contains("postern_logins_total")
                    .contains("hikaricp_connections");
        }
    }

    private static String get(String path) throws Exception {
        var uri = URI.create("http://127.0.0.1:" + postern.consolePort().orElseThrow() + path);
        try (var http = HttpClient.newHttpClient()) {
            return http.send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                    .body();
        }
    }

    @Test
    void aSecondServerOnTheSameFolderIsRefused() {
        assertThat(catchThrowable(() -> Postern.start(settings(folder.resolve("config")))))
                .isInstanceOf(DataFolder.DataFolderTaken.class)
                .hasMessageContaining("already serves " + folder.resolve("data"))
                .hasMessageContaining("process " + ProcessHandle.current().pid());
    }

    @Test
    void aTakenPortIsNamedAndEverythingStopsAgain() throws Exception {
        var config = Files.createDirectories(folder.resolve("other"));
        writeConfig(config);
        Files.copy(folder.resolve("config/plans.yml"), config.resolve("plans.yml"));
        int port = postern.port("imaps");
        var text = Files.readString(config.resolve("postern.yml"));
        Files.writeString(
                config.resolve("postern.yml"), text.replaceFirst("imaps: \\{port: 0", "imaps: {port: " + port));
        var other = PosternSettings.of(new ConfigFiles(config).read(), folder.resolve("other-data"), 0);
        assertThat(catchThrowable(() -> Postern.start(other)))
                .isInstanceOf(IOException.class)
                .hasMessageContaining(Integer.toString(port));
        DataFolder.take(folder.resolve("other-data")).close();
    }

    @Test
    @DisplayName("a stop tells the clients, frees the ports, and leaves the folder to the next")
    void drains() throws Exception {
        var config = Files.createDirectories(folder.resolve("third"));
        writeConfig(config);
        Files.copy(folder.resolve("config/plans.yml"), config.resolve("plans.yml"));
        var data = folder.resolve("third-data");
        var third = Postern.start(PosternSettings.of(new ConfigFiles(config).read(), data, 0));
        int port = third.port("imaps");
        try (var imap = ImapTestClient.connect(port);
                var smtp = TlsClient.to(third.port("smtps")).implicit()) {
            assertThat(smtp.readLine()).startsWith("220 ");
            third.close();
            assertThat(imap.socket().readToEnd()).contains("* BYE [UNAVAILABLE] The server is restarting.");
            assertThat(smtp.readToEnd()).contains("421 4.3.2 The server is restarting.");
        }
        assertThat(catchThrowable(() -> new Socket(InetAddress.getLoopbackAddress(), port).close()))
                .isInstanceOf(ConnectException.class);
        DataFolder.take(data).close();
        third.close();
    }
}
