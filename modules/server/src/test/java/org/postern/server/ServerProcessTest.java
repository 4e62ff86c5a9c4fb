package org.postern.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.ImapTestClient;
import org.postern.testkit.SmtpTestClient;
import org.postern.testkit.TlsClient;

/** The real process with its embedded PostgreSQL: its settings, its stop, its logs. */
final class ServerProcessTest {
    private static final String ANN = "ann@example.org";

    @TempDir
    private Path folder;

    @Test
    @DisplayName("start, command line beside it, drain with exit status 0; no secret is ever logged")
    void livesAndStops() throws Exception {
        try (var server = ServerProcess.in(folder).start()) {
            assertThat(server.log())
                    .contains("Incoming IMAP  localhost, port " + server.imaps() + ", SSL/TLS")
                    .contains("Outgoing SMTP  localhost, port " + server.submission() + ", STARTTLS (or SSL/TLS)")
                    .contains("self-signed (made just now)");
            server.postern("account", "add", "Example", "--plan", "test");
            server.postern("domain", "add", "example.org", "--account", "Example");
            server.postern("mailbox", "add", ANN);
            var password =
                    server.postern("mailbox", "passwd", ANN, "--generate").strip();
            var token = server.postern("token", "add", ANN, "--name", "Phone").strip();
            assertThat(token).matches("[a-z0-9]+(-[a-z0-9]+)+");

            use(server, token);
            refusedWith(server, password);
            await("the slots are free")
                    .untilAsserted(() -> assertThat(server.postern("connections", "list", "--json"))
                            .isEqualTo("[]\n"));
            assertThat(server.postern("limits", "show", ANN, "--json")).contains("\"used\":1");
            server.postern("token", "revoke", ANN, "Phone");
            refusedWith(server, token);

            secondServerIsRefused(server);
            try (var client = TlsClient.to(server.imaps()).implicit()) {
                client.readLine();
                assertThat(server.stop()).isZero();
                assertThat(client.readToEnd()).startsWith("* BYE");
            }
            assertThat(server.log())
                    .contains("auth-failed")
                    .doesNotContain(token)
                    .doesNotContain(token.replace("-", ""))
                    .doesNotContain(password)
                    .doesNotContain("PostgreSQL died");
        }
    }

    private static void use(ServerProcess server, String token) {
        try (var smtp = SmtpTestClient.loggedIn(server.smtps(), ANN, token);
                var imap = ImapTestClient.loggedIn(server.imaps(), ANN, token)) {
            var message = ("From: " + ANN + "\r\n\r\nHi\r\n").getBytes(StandardCharsets.US_ASCII);
            assertThat(smtp.submit(ANN, ANN, message)).startsWith("250");
            imap.ok("SELECT INBOX");
            assertThat(imap.fetch(1)).isNotEmpty();
        }
    }

    private static void refusedWith(ServerProcess server, String secret) {
        try (var imap = ImapTestClient.connect(server.imaps())) {
            assertThat(imap.command("LOGIN " + ANN + ' ' + secret).getLast())
                    .contains("NO [AUTHENTICATIONFAILED] Authentication failed. Use your full email address");
        }
    }

    private static void secondServerIsRefused(ServerProcess server) throws IOException, InterruptedException {
        var second = new ProcessBuilder(server.commandLine())
                .redirectErrorStream(true)
                .start();
        assertThat(second.waitFor(1, TimeUnit.MINUTES)).isTrue();
        assertThat(new String(second.getInputStream().readAllBytes(), StandardCharsets.UTF_8))
                .contains("postern: another Postern (process " + server.pid() + ") already serves");
        assertThat(second.exitValue()).isEqualTo(75);
    }
}
