package org.postern.bench.peer;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/**
 * Apache James' memory app, for submission: its users and mail live in its heap, and it says that a message is accepted before it is
 * delivered. Its own configuration, but for listeners, certificate, and what would ask the network.
 */
public final class JamesServer implements SubmissionServer {
    private static final String LIBRARIES = "lib";
    private static final String CONFIGURATION = "james-server-memory-app/conf";
    private static final String SECRET = "bench-secret";
    private static final Duration START = Duration.ofMinutes(2);
    private static final int CREATED = 204;

    private final Path libraries;
    private final Path folder;
    private final Path log;
    private final int smtps = Scratch.freePort();
    private final int administration = Scratch.freePort();
    private final Process process;

    public static boolean isIn(Path app) {
        return Files.isDirectory(app.resolve(LIBRARIES)) && Files.isDirectory(app.resolve(CONFIGURATION));
    }

    /** @param app with its libraries and its configuration, as {@code modules/bench/james/pom.xml} fetches them */
    public JamesServer(Scratch scratch, Path app) {
        this.libraries = app.resolve(LIBRARIES);
        this.folder = scratch.folder("james");
        this.log = folder.resolve("server.log");
        configure(scratch, app.resolve(CONFIGURATION), scratch.folder("james/conf"));
        this.process = start();
        addMailboxes();
    }

    private void configure(Scratch scratch, Path from, Path to) {
        try (var files = Files.list(from)) {
            for (var file : files.toList()) {
                Files.copy(file, to.resolve(file.getFileName()));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Processes.run(List.of(
                "openssl",
                "pkcs12",
                "-export",
                "-in",
                scratch.chain().toString(),
                "-inkey",
                scratch.key().toString(),
                "-name",
                "james",
                "-passout",
                "pass:" + SECRET,
                "-out",
                to.resolve("keystore").toString()));
        Scratch.write(to.resolve("smtpserver.xml"), """
                <smtpservers>
                  <smtpserver enabled="true">
                    <jmxName>smtps</jmxName>
                    <bind>127.0.0.1:%d</bind>
                    <tls socketTLS="true" startTLS="false">
                      <keystore>file://conf/keystore</keystore>
                      <keystoreType>PKCS12</keystoreType>
                      <secret>%s</secret>
                    </tls>
                    <auth>
                      <announce>always</announce>
                      <requireSSL>true</requireSSL>
                      <plainAuthEnabled>true</plainAuthEnabled>
                    </auth>
                    <handlerchain>
                      <handler class="org.apache.james.smtpserver.fastfail.ValidRcptHandler"/>
                      <handler class="org.apache.james.smtpserver.CoreCmdHandlerLoader"/>
                    </handlerchain>
                  </smtpserver>
                </smtpservers>
                """.formatted(smtps, SECRET));
        for (var other : List.of("imap", "pop3", "lmtp", "managesieve")) {
            Scratch.write(to.resolve(other + "server.xml"), "<" + other + "servers/>");
        }
        Scratch.write(to.resolve("jmap.properties"), "enabled=false\n");
        Scratch.write(to.resolve("jmx.properties"), "jmx.enabled=false\n");
        Scratch.write(
                to.resolve("webadmin.properties"), "enabled=true\nhost=127.0.0.1\nport=%d\n".formatted(administration));
        Scratch.write(to.resolve("dnsservice.xml"), """
                <dnsservice>
                  <servers><server>127.0.0.1</server></servers>
                  <autodiscover>false</autodiscover>
                </dnsservice>
                """);
        Scratch.write(to.resolve("logback.xml"), """
                <configuration>
                  <appender name="console" class="ch.qos.logback.core.ConsoleAppender">
                    <encoder><pattern>%d %level %logger - %msg%n</pattern></encoder>
                  </appender>
                  <logger name="org.apache.james.GuiceJamesServer" level="INFO"/>
                  <root level="WARN"><appender-ref ref="console"/></root>
                </configuration>
                """);
    }

    private Process start() {
        var java = Path.of(System.getProperty("java.home"), "bin", "java");
        return Processes.startUntil(
                "JAMES server started",
                START,
                log,
                List.of(
                        java.toString(),
                        "-Xmx4g", // All mail of a run stays in its heap.
                        "-Dworking.directory=" + folder,
                        "-Dlogback.configurationFile=" + folder.resolve("conf/logback.xml"),
                        "-cp",
                        libraries + "/*",
                        "org.apache.james.MemoryJamesServerMain"));
    }

    private void addMailboxes() {
        try (var client = HttpClient.newHttpClient()) {
            for (int i = 0; i < MAILBOXES; i++) {
                put(client, "domains/" + domain(i), "");
                put(client, "users/" + user(i), "{\"password\": \"" + SECRET + "\"}");
            }
        }
    }

    private void put(HttpClient client, String what, String body) {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + administration + '/' + what))
                .header("Content-Type", "application/json")
                .PUT(HttpRequest.BodyPublishers.ofString(body))
                .build();
        try {
            var response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != CREATED) {
                throw new IllegalStateException(
                        "James says " + response.statusCode() + " to " + what + ": " + response.body());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private static String domain(int mailbox) {
        return "bench" + mailbox + ".example";
    }

    private static String user(int mailbox) {
        return "u@" + domain(mailbox);
    }

    @Override
    public String name() {
        return "James";
    }

    @Override
    public int smtps() {
        return smtps;
    }

    @Override
    public Login login(int mailbox) {
        return new Login(user(mailbox), SECRET);
    }

    @Override
    public Duration cpu() {
        return Processes.cpu(process.toHandle());
    }

    @Override
    public void close() {
        Processes.stop(process);
    }
}
