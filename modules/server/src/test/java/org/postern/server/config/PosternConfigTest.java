package org.postern.server.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.net.TlsMode;

/** postern.yml: defaults, and errors that a person can act on. */
final class PosternConfigTest {
    private static final Path SHIPPED = Path.of("../../config");

    @TempDir
    private Path folder;

    @Test
    @DisplayName("the shipped file says the defaults: the same as an empty one")
    void shippedFileIsTheDefaults() throws Exception {
        var shipped = new ConfigFiles(SHIPPED).read();
        assertThat(shipped).isEqualTo(ConfigFiles.defaults(SHIPPED));
    }

    @Test
    @DisplayName("the shipped file names every key, and the bounds of every key that has some")
    void shippedFileIsComplete() throws IOException {
        var text = Files.readString(SHIPPED.resolve("postern.yml"));
        Binder.keysOf(PosternConfig.class).forEach((path, component) -> {
            assertThat(text).as(path).contains(component(path) + ':');
            var bounds = component.getAnnotation(Bounds.class);
            if (bounds != null) {
                assertThat(text).as("bounds of " + path).contains("(" + bounds.min() + " to " + bounds.max() + ")");
            }
        });
    }

    private static String component(String path) {
        return path.substring(path.lastIndexOf('.') + 1);
    }

    @Test
    void listenersAreLaidOverTheDefaults() throws Exception {
        var config = read("""
                listeners:
                  imaps: {port: 1993}
                  pop3s: {enabled: false}
                  extra: {protocol: smtp, port: 2525, tls: starttls, proxy-from: [10.0.0.0/8]}
                """);
        assertThat(listener(config, "imaps").port()).isEqualTo(1993);
        assertThat(listener(config, "imaps").tls()).isEqualTo(TlsMode.IMPLICIT);
        assertThat(listener(config, "pop3s").enabled()).isFalse();
        assertThat(listener(config, "extra").protocol()).isEqualTo(ListenerProtocol.SMTP);
        assertThat(config.listeners()).hasSize(10);
    }

    private static PosternConfig.Port listener(PosternConfig config, String name) {
        return Objects.requireNonNull(config.listeners().get(name));
    }

    @Test
    void unitsAreRead() throws Exception {
        var config = read("""
                drain: 90s
                connections: {detect-window: 300ms, inbox: 1MB}
                """);
        assertThat(config.drain()).isEqualTo(Duration.ofSeconds(90));
        assertThat(config.connections().detectWindow()).isEqualTo(Duration.ofMillis(300));
        assertThat(config.connections().inbox()).isEqualTo(new ByteSize(1 << 20));
    }

    @Test
    void relativePathsAreRelativeToTheFile() throws Exception {
        var config = read("database: {password-file: secrets/password}\n");
        assertThat(config.database().passwordFile())
                .hasValue(folder.resolve("secrets/password").toAbsolutePath());
    }

    @Test
    @DisplayName("all problems are reported at once, each with its line, column and key")
    void problems() {
        assertThat(problemsOf("""
                        hostname: localhost
                        drian: 5s
                        database:
                          pol: 3
                          checkout-timeout: 3 parsecs
                          pool: 1000
                        listeners:
                          imaps: {tls: sometimes}
                          mine: {port: 1}
                        exempt-networks: 10.0.0.0/8
                        log:
                        """))
                .contains("""
                        $:2:1: drian: no such key; did you mean drain?
                        $:4:3: database.pol: no such key; did you mean pool?
                        $:5:21: database.checkout-timeout: expected a duration such as 250ms, 10s, 30m, 24h or 7d, \
                        250ms to 1m, found "3 parsecs"
                        $:6:9: database.pool: 1000 is out of bounds; allowed is 2 to 500
                        """.stripTrailing().split("\n"))
                .contains("""
                        $:8:16: listeners.imaps.tls: expected one of implicit, starttls, detect, found "sometimes"
                        $:9:9: listeners.mine.protocol: is missing
                        $:9:9: listeners.mine.tls: is missing
                        $:10:18: exempt-networks: expected a list, such as [a, b]
                        $:11:5: log: has no value; give one, or leave the key out
                        """.stripTrailing().split("\n"))
                .hasSize(9);
    }

    @Test
    void aKeyGivenTwiceIsRefused() {
        assertThat(problemsOf("drain: 5s\nhelp: x\ndrain: 6s\n"))
                .containsExactly("$:3:1: drain: is here twice; the first is in line 1");
    }

    @Test
    void whatIsNoYamlIsRefusedWithItsLine() {
        assertThat(problemsOf("help: ok\nlisteners: {imaps: {port: 1\n"))
                .singleElement()
                .asString()
                .startsWith("$:3:1: is not YAML: ");
        assertThat(problemsOf("- a\n")).containsExactly("$:1:1: is not a list of keys and values");
        assertThat(problemsOf("help: &a x\nplans: *a\n"))
                .singleElement()
                .asString()
                .contains("anchors");
        assertThat(problemsOf("help: a\n---\nhelp: b\n"))
                .singleElement()
                .asString()
                .contains("more than one document");
        assertThat(problemsOf("help: " + "[".repeat(40) + "]".repeat(40)))
                .singleElement()
                .asString()
                .contains("nested deeper");
    }

    @Test
    void aMissingFileIsNamed() {
        var refused = catchThrowableOfType(ConfigRefused.class, () -> new ConfigFiles(folder).read());
        assertThat(refused).hasMessage(folder.resolve("postern.yml") + ": there is no such file");
    }

    @Test
    @DisplayName("only name servers that are named can be trusted to validate")
    void whoIsTrustedIsNamed() throws Exception {
        assertThat(problemsOf("dns: {trust-ad: true}\n"))
                .singleElement()
                .asString()
                .contains("trust-ad wants the servers that are trusted");
        assertThat(read("dns: {trust-ad: true, servers: [127.0.0.1]}\n").dns().trustAd())
                .isTrue();
    }

    @Test
    void aPasswordDoesNotBelongInTheUrl() {
        assertThat(problemsOf("database: {url: 'jdbc:postgresql://db/postern?password=hunter2'}\n"))
                .singleElement()
                .asString()
                .contains("password-file")
                .doesNotContain("hunter2");
    }

    @Test
    @DisplayName("programs are the embedded database's: beside a url nobody would run them")
    void programsOrUrl() throws Exception {
        assertThat(problemsOf(
                        "database: {url: 'jdbc:postgresql://db/postern', programs: /usr/lib/postgresql/18/bin}\n"))
                .singleElement()
                .asString()
                .contains("programs are of the embedded database; url names another one");
        assertThat(read("database: {programs: /usr/lib/postgresql/18/bin}\n")
                        .database()
                        .programs())
                .hasValue(Path.of("/usr/lib/postgresql/18/bin"));
    }

    @Test
    void thePasswordComesFromAFileOrTheEnvironment() throws Exception {
        var none = read("").database();
        assertThat(ConfigFiles.databasePassword(none, Map.of())).isEmpty();
        assertThat(ConfigFiles.databasePassword(none, Map.of(ConfigFiles.PASSWORD_VARIABLE, "s3cret")))
                .hasValue("s3cret");
        Files.writeString(folder.resolve("password"), "other\n");
        var file = read("database: {password-file: password}\n").database();
        assertThat(ConfigFiles.databasePassword(file, Map.of())).hasValue("other");
        var away = read("database: {password-file: nowhere}\n").database();
        assertThat(catchThrowableOfType(ConfigRefused.class, () -> ConfigFiles.databasePassword(away, Map.of())))
                .hasMessageContaining("database.password-file");
    }

    private PosternConfig read(String text) throws IOException, ConfigRefused {
        Files.writeString(folder.resolve("postern.yml"), text);
        return new ConfigFiles(folder).read();
    }

    /** Each problem on its line, the file written as $. */
    private List<String> problemsOf(String text) {
        var refused = catchThrowableOfType(ConfigRefused.class, () -> read(text));
        return refused.problems().stream()
                .map(problem ->
                        problem.toString().replace(folder.resolve("postern.yml").toString(), "$"))
                .collect(Collectors.toList());
    }
}
