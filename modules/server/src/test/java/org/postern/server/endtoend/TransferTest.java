package org.postern.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.server.ServerProcess;

/** Whole mailboxes in and out, by the command line, beside a running server. */
class TransferTest {
    private static final int MESSAGES = 3_000;

    @TempDir
    static Path data;

    private static ServerProcess server;

    @TempDir
    Path folder;

    @BeforeAll
    static void start() {
        server = ServerProcess.in(data).start();
        TestMailbox.prepare(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static int messages(TestMailbox mailbox) {
        try (var imap = mailbox.imap()) {
            var status = String.join("", imap.ok("STATUS INBOX (MESSAGES)"));
            return Integer.parseInt(status.replaceAll("(?s).*MESSAGES (\\d+).*", "$1"));
        }
    }

    @Test
    @DisplayName("kill -9 in the middle of an import, and run again: every message is there, and none twice")
    void killed() throws Exception {
        var maildir = folder.resolve("Maildir");
        var cur = Files.createDirectories(maildir.resolve("cur"));
        for (int n = 1; n <= MESSAGES; n++) {
            Files.writeString(
                    cur.resolve("1500000000.M" + (100_000 + n) + ".host:2,S"),
                    "Message-ID: <" + n + "@e2e.example>\nSubject: x\n\n" + "A line of a message.\n".repeat(100));
        }
        var mailbox = TestMailbox.add(server, "killed");
        var arguments = new String[] {"import", "maildir", maildir.toString(), "--mailbox", mailbox.address()};
        var running = new Process[] {server.posternProcess(arguments)};
        await("some messages are there").atMost(Duration.ofMinutes(3)).until(() -> {
            if (!running[0].isAlive()) { // On a machine that is all too busy it gives up, and may be run again.
                running[0] = server.posternProcess(arguments);
            }
            return messages(mailbox) > 0;
        });
        running[0].destroyForcibly().waitFor();
        int before = messages(mailbox);
        assertThat(server.postern(arguments))
                .containsPattern("imported: +" + (MESSAGES - before))
                .containsPattern("known: +" + before)
                .containsPattern("left_out: +0");
        try (var imap = mailbox.imap()) {
            imap.ok("SELECT INBOX");
            var ids = imap.ok("FETCH 1:* BODY.PEEK[HEADER.FIELDS (MESSAGE-ID)]").stream()
                    .filter(line -> line.contains("<"))
                    .map(line -> line.replaceAll("(?s).*<(\\d+)@.*", "$1"))
                    .toList();
            assertThat(ids).hasSize(MESSAGES).doesNotHaveDuplicates();
        }
    }

    private static List<String> everything(TestMailbox mailbox, String folder) {
        try (var imap = mailbox.imap()) {
            imap.ok("EXAMINE " + folder);
            return imap.ok("UID FETCH 1:* (FLAGS INTERNALDATE BODY.PEEK[])").stream()
                    .filter(line -> line.startsWith("*"))
                    .map(line -> line.replaceFirst(" ?\\\\Recent", "")) // Who looks first is told.
                    .toList();
        }
    }

    @Test
    @DisplayName(
            "import imap: folders, flags, keywords, dates, UIDs, subscriptions; again: what is new, and flags that have changed")
    void imap() throws IOException {
        var before = TestMailbox.add(server, "before");
        try (var imap = before.imap()) {
            imap.append("INBOX", "Subject: one\r\n\r\n1\r\n".getBytes(StandardCharsets.US_ASCII));
            imap.append("INBOX", "Subject: two\r\n\r\n2\n\r\n".getBytes(StandardCharsets.US_ASCII));
            imap.append(
                    "INBOX",
                    ("Subject: large\r\n\r\n" + "0123456789\r\n".repeat(100_000)).getBytes(StandardCharsets.US_ASCII));
            imap.ok("SELECT INBOX");
            imap.ok("STORE 1 +FLAGS (\\Flagged \\Answered $Label1)");
            imap.ok("STORE 2 +FLAGS (\\Deleted)");
            imap.ok("UID EXPUNGE 2");
            imap.append("INBOX", "Subject: four\r\n\r\n4\r\n".getBytes(StandardCharsets.US_ASCII));
            imap.ok("CREATE Work/2026");
            imap.ok("SUBSCRIBE Work/2026");
            imap.ok("COPY 1 Work/2026");
        }
        var after = TestMailbox.add(server, "after");
        var secret = Files.writeString(folder.resolve("secret"), before.token() + "\n");
        var arguments = new String[] {
            "import",
            "imap",
            "localhost",
            "--port",
            Integer.toString(server.imaps()),
            "--user",
            before.address(),
            "--password-file",
            secret.toString(),
            "--mailbox",
            after.address(),
            "--keep-uids",
            "--ca",
            server.data().resolve("tls/certificate.pem").toString(),
            "--json"
        };
        assertThat(server.postern(arguments)).contains("\"imported\":4").contains("\"troubles\":[]");
        assertThat(everything(after, "INBOX")).hasSize(3).isEqualTo(everything(before, "INBOX"));
        assertThat(everything(after, "Work/2026")).hasSize(1).isEqualTo(everything(before, "Work/2026"));
        try (var imap = after.imap()) {
            assertThat(imap.ok("LSUB \"\" *")).anyMatch(line -> line.contains("Work/2026"));
            imap.ok("SELECT INBOX");
            imap.ok("STORE 1 +FLAGS (Mine)");
        }
        try (var imap = before.imap()) {
            imap.ok("SELECT INBOX");
            imap.ok("STORE 1 -FLAGS (\\Flagged)");
            imap.append("INBOX", "Subject: five\r\n\r\n5\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        assertThat(server.postern(arguments)).contains("\"imported\":1,").contains("\"reflagged\":1,");
        assertThat(everything(after, "INBOX"))
                .hasSize(4)
                .first()
                .asString()
                .contains("FLAGS (\\Answered $Label1 Mine)");
    }

    @Test
    @DisplayName("import imap goes on where it was when the other server breaks off")
    void brokenOff() throws IOException {
        var cur = Files.createDirectories(folder.resolve("Maildir/cur"));
        for (int n = 1; n <= 200; n++) {
            Files.writeString(cur.resolve(n + ".a:2,"), "Subject: " + n + "\n\n" + "0123456789abcde\n".repeat(200));
        }
        var source = TestMailbox.add(server, "breaking");
        server.postern("import", "maildir", folder.resolve("Maildir").toString(), "--mailbox", source.address());
        var target = TestMailbox.add(server, "patient");
        var secret = Files.writeString(folder.resolve("secret"), source.token() + "\n");
        try (var proxy = new BreakingProxy(server.imaps(), 300_000)) {
            assertThat(server.postern(
                            "import",
                            "imap",
                            "localhost",
                            "--port",
                            Integer.toString(proxy.port()),
                            "--user",
                            source.address(),
                            "--password-file",
                            secret.toString(),
                            "--mailbox",
                            target.address(),
                            "--ca",
                            server.data().resolve("tls/certificate.pem").toString(),
                            "--json"))
                    .contains("\"imported\":200,", "\"known\":0,", "\"left_out\":0,");
        }
        assertThat(messages(target)).isEqualTo(200);
    }

    @Test
    @DisplayName("import imap takes no certificate that nobody vouches for, and no wrong password")
    void untrusted() throws IOException {
        var mailbox = TestMailbox.add(server, "untrusted");
        var secret = Files.writeString(folder.resolve("secret"), "wrong\n");
        var imap = new String[] {
            "import",
            "imap",
            "localhost",
            "--port",
            Integer.toString(server.imaps()),
            "--user",
            mailbox.address(),
            "--password-file",
            secret.toString(),
            "--mailbox",
            mailbox.address()
        };
        assertThat(catchThrowable(() -> server.postern(imap)))
                .hasMessageContaining("ended with 1")
                .hasMessageContaining("certification path");
        var trusting = Arrays.copyOf(imap, imap.length + 1);
        trusting[imap.length] = "--insecure";
        assertThat(catchThrowable(() -> server.postern(trusting)))
                .hasMessageContaining("INSECURE: the certificate of localhost is not checked")
                .hasMessageContaining("ended with 1")
                .hasMessageContaining("Authentication failed.");
    }

    @Test
    @DisplayName("an export in the form of the other is imported again")
    void exported() throws IOException {
        var mailbox = TestMailbox.add(server, "exported");
        try (var imap = mailbox.imap()) {
            imap.append("INBOX", "Subject: one\r\n\r\nFrom me\r\n".getBytes(StandardCharsets.US_ASCII));
        }
        server.postern(
                "export", "mbox", mailbox.address(), folder.resolve("mbox").toString());
        assertThat(Files.readString(folder.resolve("mbox/INBOX")))
                .startsWith("From MAILER-DAEMON ")
                .contains("\n>From me\n");
        server.postern("import", "mbox", folder.resolve("mbox").toString(), "--mailbox", mailbox.address());
        server.postern(
                "export",
                "maildir",
                mailbox.address(),
                folder.resolve("Maildir").toString());
        try (var files = Files.list(folder.resolve("Maildir/cur"))) {
            assertThat(files).hasSize(2);
        }
        assertThat(catchThrowable(() -> server.postern(
                        "export",
                        "mbox",
                        mailbox.address(),
                        folder.resolve("mbox").toString())))
                .hasMessageContaining("ended with 1")
                .hasMessageContaining("it is not empty");
    }
}
