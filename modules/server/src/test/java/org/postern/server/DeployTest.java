package org.postern.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.server.cli.PosternCommand;
import org.postern.server.config.ConfigFiles;
import org.postern.server.config.PosternConfig;
import tools.jackson.dataformat.yaml.YAMLMapper;

/** What deploy/, docker-compose.yml and README name is there: files, flags, keys, ports, commands. */
final class DeployTest {
    private static final Path ROOT = Path.of("../..");
    private static final Pattern SERVE_FLAG = Pattern.compile("scripts/serve[^\\n]*");
    private static final Pattern FLAG = Pattern.compile("--[a-z][a-z-]+");

    @TempDir
    private Path folder;

    private static String read(String path) throws IOException {
        return Files.readString(ROOT.resolve(path));
    }

    @Test
    void theDockerfileCopiesWhatIsThere() throws IOException {
        var dockerfile = read("deploy/Dockerfile");
        var copied = Pattern.compile("^COPY (?!--from)(.*) \\S+$", Pattern.MULTILINE)
                .matcher(dockerfile)
                .results()
                .flatMap(found -> Stream.of(found.group(1).split(" ")))
                .toList();
        assertThat(copied).contains("pom.xml", "modules", "config", "scripts/serve", "scripts/jvm.options");
        assertThat(copied).allSatisfy(path -> assertThat(ROOT.resolve(path)).exists());
        assertThat(dockerfile)
                .contains("modules/server/target/postern/lib", "USER postern", "HEALTHCHECK", "/health/ready")
                .doesNotContain(":latest");
        assertThat(read("modules/server/pom.xml")).contains("${project.build.directory}/postern/lib");
    }

    @Test
    void composeNamesWhatIsThere() throws IOException {
        var compose = new YAMLMapper().readTree(read("docker-compose.yml"));
        var postern = compose.at("/services/postern");
        assertThat(ROOT.resolve(postern.at("/build/dockerfile").asString())).exists();
        for (var volume : postern.at("/volumes")) {
            var source = volume.asString().split(":", -1)[0];
            if (source.startsWith("./")) {
                assertThat(ROOT.resolve(source)).exists();
            } else {
                assertThat(compose.at("/volumes").has(source)).as(source).isTrue();
            }
        }
        assertThat(compose.at("/services/database/image").asString()).isEqualTo("postgres:18");
        assertThat(compose.at("/secrets").has("database-password")).isTrue();
        var exposed = read("deploy/Dockerfile")
                .lines()
                .filter(line -> line.startsWith("EXPOSE"))
                .findFirst();
        for (var port : postern.at("/ports")) {
            assertThat(exposed.orElseThrow()).contains(port.asString().split(":", -1)[1]);
        }
    }

    @Test
    void theConfigOfComposeIsGood() throws Exception {
        Files.copy(ROOT.resolve("deploy/compose/postern.yml"), folder.resolve("postern.yml"));
        var config = new ConfigFiles(folder).read();
        assertThat(config.database().passwordFile()).hasValue(Path.of("/run/secrets/database-password"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy/Dockerfile", "deploy/systemd/postern.service", "README.md"})
    void everyFlagOfServeIsUnderstood(String file) throws IOException {
        var help = help("serve");
        var flags = SERVE_FLAG
                .matcher(read(file))
                .results()
                .flatMap(found -> FLAG.matcher(found.group()).results())
                .map(found -> found.group())
                .toList();
        assertThat(flags).allSatisfy(flag -> assertThat(help).contains(flag));
    }

    @Test
    void theUnitStartsWhatIsThere() throws IOException {
        var unit = read("deploy/systemd/postern.service");
        assertThat(unit).contains("ExecStart=/opt/postern/scripts/serve --config /etc/postern --data /var/lib/postern");
        assertThat(ROOT.resolve("scripts/serve")).isExecutable();
        assertThat(ROOT.resolve("scripts/postern")).isExecutable();
        assertThat(ROOT.resolve("scripts/test")).isExecutable();
        assertThat(ROOT.resolve(".ci/run")).isExecutable();
    }

    @Test
    void haproxyNamesPortsAndKeysOfTheConfig() throws Exception {
        var haproxy = read("deploy/haproxy/haproxy.cfg");
        var config = ConfigFiles.defaults(folder);
        config.listeners().forEach((name, port) -> {
            if (port.enabled()) {
                assertThat(haproxy).contains("frontend " + name, "bind :" + port.port(), name + ":");
            }
        });
        assertThat(haproxy).contains("send-proxy-v2", "port " + config.console().port(), "proxy-from:");
    }

    @Test
    void everyCommandOfTheReadmeIsUnderstood() throws IOException {
        var commands = Pattern.compile("^(?:TOKEN=\\$\\()?scripts/postern ((?:[a-z-]+ ?){1,2})", Pattern.MULTILINE)
                .matcher(read("README.md"))
                .results()
                .map(found -> List.of(found.group(1).strip().split(" ")))
                .toList();
        assertThat(commands).hasSizeGreaterThan(6);
        assertThat(commands)
                .allSatisfy(
                        words -> assertThat(help(words.toArray(String[]::new))).contains("Usage:"));
    }

    @Test
    void theReadmeNamesEveryGroupOfKeys() throws IOException {
        var readme = read("README.md");
        for (var component : PosternConfig.class.getRecordComponents()) {
            var key = component.getName().replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
            assertThat(readme).contains("`" + key + "`");
        }
    }

    private static String help(String... command) {
        var out = new StringWriter();
        var words = Stream.concat(Stream.of(command), Stream.of("--help")).toArray(String[]::new);
        var writer = new PrintWriter(out, true);
        assertThat(PosternCommand.run(writer, writer, words)).as(out.toString()).isZero();
        return out.toString();
    }
}
