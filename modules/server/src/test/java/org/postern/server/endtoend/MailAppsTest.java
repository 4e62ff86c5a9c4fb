package org.postern.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.server.ServerProcess;
import org.postern.testkit.MailCorpus;

/** Real mail apps against the real server: curl, mbsync, swaks, neomutt, mpop, fetchmail, Angus Mail and Python's own clients. */
class MailAppsTest {
    private static final AtomicInteger MAILBOXES = new AtomicInteger();

    @TempDir
    static Path data;

    private static ServerProcess server;

    @TempDir
    Path home;

    @BeforeAll
    static void start() {
        server = ServerProcess.in(data).start();
        TestMailbox.prepare(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    private static TestMailbox mailbox() {
        return TestMailbox.add(server, "user" + MAILBOXES.incrementAndGet());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] mail(TestMailbox mailbox, String subject) {
        return bytes("From: " + mailbox.address() + "\r\nTo: " + mailbox.address() + "\r\nSubject: " + subject
                + "\r\n\r\nGrüße, " + subject + "\r\n.\r\n");
    }

    /** The server's certificate as the PEM file that an app is told to trust. */
    private static Path certificate() {
        return server.data().resolve("tls/certificate.pem");
    }

    private static void awaitMessages(TestMailbox mailbox, int count) {
        await("messages in INBOX").atMost(Duration.ofSeconds(20)).untilAsserted(() -> {
            try (var imap = mailbox.imap()) {
                assertThat(String.join("\n", imap.ok("STATUS INBOX (MESSAGES)")))
                        .contains("MESSAGES " + count + ")");
            }
        });
    }

    @Test
    @DisplayName("curl: IMAP upload and download, POP3 download, SMTP over 465 and over 587 with both habits")
    void curl() throws IOException {
        var mailbox = mailbox();
        var curl = MailApp.installed("curl", home);
        var login = mailbox.address() + ':' + mailbox.token();
        var first = Files.write(home.resolve("first.eml"), mail(mailbox, "appended"));
        curl.run("-sSk", "-u", login, "-T", first.toString(), "imaps://127.0.0.1:" + server.imaps() + "/INBOX");
        var read = curl.run("-sSk", "-u", login, "imaps://127.0.0.1:" + server.imaps() + "/INBOX;UID=1");
        assertThat(read.getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(Files.readAllBytes(first));
        var popped = curl.run("-sSk", "-u", login, "pop3s://127.0.0.1:" + server.pop3s() + "/1");
        assertThat(popped.getBytes(StandardCharsets.ISO_8859_1)).isEqualTo(Files.readAllBytes(first));

        var urls = List.of(
                "smtps://127.0.0.1:" + server.smtps(),
                "smtps://127.0.0.1:" + server.submission(),
                "smtp://127.0.0.1:" + server.submission());
        for (var url : urls) {
            var sent = Files.write(home.resolve("sent.eml"), mail(mailbox, "sent"));
            curl.run(
                    "-sSk",
                    "--ssl-reqd",
                    "-u",
                    login,
                    "--mail-from",
                    mailbox.address(),
                    "--mail-rcpt",
                    mailbox.address(),
                    "-T",
                    sent.toString(),
                    url);
        }
        awaitMessages(mailbox, 1 + urls.size());
    }

    @Test
    @DisplayName(
            "Angus Mail: hears by IDLE of what it sends over 465, and over 587 with STARTTLS; reads by IMAP and POP3")
    void angusMail() throws Exception {
        var mailbox = mailbox();
        var app = new AngusMailApp(mailbox);
        assertThat(app.hears(server.imaps(), () -> app.send("smtps", server.smtps(), "by 465")))
                .isEqualTo("by 465");
        assertThat(app.hears(server.imaps(), () -> app.send("smtp", server.submission(), "by 587")))
                .isEqualTo("by 587");
        var all = List.of("by 465: " + AngusMailApp.TEXT, "by 587: " + AngusMailApp.TEXT);
        assertThat(app.reads("imaps", server.imaps())).isEqualTo(all);
        assertThat(app.reads("pop3s", server.pop3s())).isEqualTo(all);
    }

    @Test
    @DisplayName("swaks: PLAIN and LOGIN over 465 and over 587 with STARTTLS; a wrong token is refused")
    void swaks() {
        var mailbox = mailbox();
        var swaks = MailApp.installed("swaks", home);
        var ports = List.of(
                List.of("--tls-on-connect", "-p", Integer.toString(server.smtps())),
                List.of("--tls", "-p", Integer.toString(server.submission())));
        for (var port : ports) {
            for (var mechanism : List.of("PLAIN", "LOGIN")) {
                assertThat(swaks.run("", swaksArguments(mailbox, port, mechanism, mailbox.token())))
                        .contains("<~  250 2.0.0")
                        .contains("<~  221");
            }
        }
        awaitMessages(mailbox, 4);
        var wrong = swaksArguments(mailbox, ports.getFirst(), "PLAIN", "wrong-token");
        assertThat(org.assertj.core.api.Assertions.catchThrowable(() -> swaks.run("", wrong)))
                .hasMessageContaining(
                        "535 5.7.8 Authentication failed. Use your full email address and a client token");
    }

    private static List<String> swaksArguments(
            TestMailbox mailbox, List<String> port, String mechanism, String secret) {
        return Stream.concat(
                        Stream.of(
                                "-s",
                                "127.0.0.1",
                                "-a",
                                mechanism,
                                "-au",
                                mailbox.address(),
                                "-ap",
                                secret,
                                "-f",
                                mailbox.address(),
                                "-t",
                                mailbox.address(),
                                "--h-Subject",
                                "by swaks"),
                        port.stream())
                .toList();
    }

    @Test
    @DisplayName("Python's imaplib, poplib, smtplib: 300 messages come back byte for byte")
    void python() throws IOException, URISyntaxException {
        var mailbox = mailbox();
        var python = MailApp.installed("python3", home);
        var corpus = Files.createDirectory(home.resolve("corpus"));
        var mails = new MailCorpus(2026).messages(300);
        for (int n = 0; n < mails.size(); n++) {
            Files.write(corpus.resolve(String.format(Locale.ROOT, "%04d.eml", n)), mails.get(n));
        }
        Files.write(corpus.resolve("9999.eml"), new MailCorpus(2026).large(30_000_000));
        var script = Path.of(Objects.requireNonNull(getClass().getResource("/python_clients.py"))
                .toURI());
        var printed = python.run(
                script.toString(),
                Integer.toString(server.imaps()),
                Integer.toString(server.pop3s()),
                Integer.toString(server.smtps()),
                Integer.toString(server.submission()),
                mailbox.address(),
                mailbox.token(),
                corpus.toString());
        assertThat(printed.strip()).isEqualTo("ok");
    }

    @Test
    @DisplayName("mbsync: what changed on either side is on both after a sync")
    void mbsync() throws IOException {
        var mailbox = mailbox();
        var mbsync = MailApp.installed("mbsync", home);
        var maildir = home.resolve("Mail");
        var inbox = maildir.resolve("INBOX");
        Files.createDirectories(maildir);
        Files.writeString(home.resolve("mbsyncrc"), """
                IMAPAccount postern
                Host 127.0.0.1
                Port %d
                User %s
                Pass %s
                SSLType IMAPS
                CertificateFile %s

                IMAPStore remote
                Account postern

                MaildirStore local
                Path %s/
                Inbox %s/INBOX
                SubFolders Verbatim

                Channel all
                Far :remote:
                Near :local:
                Patterns *
                Create Both
                Expunge Both
                SyncState *
                """.formatted(
                        server.imaps(), mailbox.address(), mailbox.token(), certificate(), maildir, maildir));
        var corpus = new MailCorpus(5);
        try (var imap = mailbox.imap()) {
            for (int n = 0;
                    imap.ok("STATUS INBOX (MESSAGES)").stream().noneMatch(line -> line.contains("MESSAGES 30)"));
                    n++) {
                if (hasBody(corpus.message(n))) {
                    assertThat(imap.append("INBOX", corpus.message(n))).startsWith("OK");
                }
            }
            imap.ok("CREATE Work/2026");
            imap.append("Work/2026", corpus.message(31));
        }
        mbsync.run("-c", "mbsyncrc", "-a");
        assertThat(files(inbox)).hasSize(30);
        assertThat(files(maildir.resolve("Work/2026"))).hasSize(1);

        var flagged = files(inbox).getFirst();
        flag(inbox, flagged, "FS");
        var trashed = files(inbox).get(5);
        flag(inbox, trashed, "T");
        Files.write(inbox.resolve("new/1.local.example"), mail(mailbox, "written locally"));
        try (var imap = mailbox.imap()) {
            imap.ok("SELECT INBOX");
            imap.ok("STORE 20 +FLAGS (\\Deleted)");
            imap.ok("EXPUNGE");
            imap.append("INBOX", corpus.message(41));
        }
        mbsync.run("-c", "mbsyncrc", "-a");
        assertThat(files(inbox)).hasSize(30); // 30 − 1 here − 1 there + 1 here + 1 there
        try (var imap = mailbox.imap()) {
            assertThat(imap.ok("SELECT INBOX")).contains("* 30 EXISTS");
            assertThat(imap.ok("SEARCH FLAGGED SEEN")).anyMatch(line -> line.matches("\\* SEARCH \\d+"));
            assertThat(imap.ok("SEARCH SUBJECT \"written locally\"")).anyMatch(line -> line.matches("\\* SEARCH \\d+"));
        }
    }

    /** mbsync leaves out messages whose header has no end. */
    private static boolean hasBody(byte[] message) {
        return new String(message, StandardCharsets.ISO_8859_1).contains("\r\n\r\n");
    }

    private static List<Path> files(Path maildir) throws IOException {
        try (var seen = Files.list(maildir.resolve("cur"));
                var unseen = Files.list(maildir.resolve("new"))) {
            return Stream.concat(seen, unseen).sorted().toList();
        }
    }

    /** Gives a message of a Maildir flags, as a local mail app would. */
    private static void flag(Path maildir, Path message, String flags) throws IOException {
        var name = message.getFileName().toString().replaceFirst(":2,.*", "");
        Files.move(message, maildir.resolve("cur").resolve(name + ":2," + flags));
    }

    @Test
    @DisplayName("neomutt: sends over 465, and copies what it reads over IMAP into a local mbox")
    void neomutt() throws IOException {
        var mailbox = mailbox();
        var neomutt = MailApp.installed("neomutt", home);
        var user = mailbox.address().replace("@", "%40");
        Files.createDirectory(home.resolve("Mail")); // Else it asks whether to make it.
        Files.writeString(home.resolve("muttrc"), """
                set ssl_force_tls=yes
                set ssl_verify_host=no
                set certificate_file="%s"
                set from="%s"
                set imap_user="%s"
                set imap_pass="%s"
                set smtp_url="smtps://%s@127.0.0.1:%d/"
                set smtp_pass="%s"
                set copy=no
                set confirmappend=no
                set confirmcreate=no
                set delete=yes
                set quit=yes
                set wait_key=no
                set mbox_type=mbox
                set header_cache=""
                """.formatted(
                        certificate(),
                        mailbox.address(),
                        mailbox.address(),
                        mailbox.token(),
                        user,
                        server.smtps(),
                        mailbox.token()));
        neomutt.run("Hello from neomutt\n", List.of("-F", "muttrc", "-s", "by neomutt", "--", mailbox.address()));
        awaitMessages(mailbox, 1);
        var script = MailApp.installed("script", home);
        script.run(
                "-qec",
                "neomutt -F muttrc -f 'imaps://" + user + "@127.0.0.1:" + server.imaps()
                        + "/INBOX' -e 'push \"<copy-message><kill-line>" + home + "/copied<enter><exit>\"'",
                "/dev/null");
        assertThat(Files.readString(home.resolve("copied")))
                .contains("Subject: by neomutt")
                .contains("Hello from neomutt");
    }

    private TestMailbox threeMessages() {
        var mailbox = mailbox();
        try (var imap = mailbox.imap()) {
            for (var subject : List.of("one", "two", "three")) {
                imap.append("INBOX", mail(mailbox, subject));
            }
        }
        return mailbox;
    }

    private Path maildir() throws IOException {
        for (var part : List.of("cur", "new", "tmp")) {
            Files.createDirectories(home.resolve("popped").resolve(part));
        }
        return home.resolve("popped");
    }

    private Path privately(String name, String text) throws IOException {
        var file = Files.writeString(home.resolve(name), text);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------")); // They insist.
        return file;
    }

    @Test
    @DisplayName("mpop: POP3 over TLS, pipelined; what it keeps on the server it knows by UIDL and takes once")
    void mpop() throws IOException {
        var mailbox = threeMessages();
        var mpop = MailApp.installed("mpop", home);
        privately("mpoprc", """
                account postern
                host localhost
                port %d
                tls on
                tls_starttls off
                tls_trust_file %s
                user %s
                password %s
                keep on
                uidls_file %s/uidls
                delivery maildir %s
                account default : postern
                """.formatted(
                        server.pop3s(), certificate(), mailbox.address(), mailbox.token(), home, maildir()));
        for (int run = 0; run < 2; run++) {
            mpop.run("-C", "mpoprc");
            assertThat(files(maildir())).hasSize(3);
        }
    }

    @Test
    @DisplayName("fetchmail: POP3 over TLS, then what it has taken is gone")
    void fetchmail() throws IOException {
        var mailbox = threeMessages();
        var fetchmail = MailApp.installed("fetchmail", home);
        privately(
                "fetchmailrc", """
                poll localhost protocol POP3 service %d user "%s" password "%s" ssl sslcertck sslcertfile %s
                    mda "/bin/sh -c 'cat >> %s/fetched'"
                """.formatted(server.pop3s(), mailbox.address(), mailbox.token(), certificate(), home));
        fetchmail.run("-f", "fetchmailrc", "--nobounce", "--pidfile", home + "/pid", "-i", home + "/ids");
        assertThat(Files.readString(home.resolve("fetched")).lines().filter(line -> line.startsWith("Subject:")))
                .containsExactly("Subject: one", "Subject: two", "Subject: three");
        awaitMessages(mailbox, 0);
    }
}
