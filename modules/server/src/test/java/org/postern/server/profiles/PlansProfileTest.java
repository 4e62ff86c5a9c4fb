package org.postern.server.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.postern.server.profiles.Provider.done;

import java.net.ConnectException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.accounts.TokenRequest;
import org.postern.delivery.PausedMailboxes;
import org.postern.delivery.domains.DnsRecord;
import org.postern.delivery.domains.DomainChecks;
import org.postern.delivery.domains.DomainVerdict;
import org.postern.delivery.domains.Finding;
import org.postern.model.Domain;
import org.postern.testkit.FakeDns;
import org.postern.testkit.ImapTestClient;
import org.postern.testkit.SmtpTestClient;
import org.postern.testkit.TlsClient;

/** The profile {@code plans}, row by row; P9 is to come. */
@DisplayName("Profile plans")
class PlansProfileTest {
    private static final Domain CHECKED = new Domain("checked.example");

    @AutoClose
    private static final FakeDns DNS = new FakeDns();

    @RegisterExtension
    static final Provider PROVIDER =
            new Provider("plans", "dns: {servers: ['127.0.0.1:" + DNS.address().getPort() + "']}");

    @Test
    @DisplayName("P1: IMAP 993 and SMTP 465 with TLS, SMTP 587 by STARTTLS; nothing on 143, no submission on 25")
    void ports() {
        var ann = PROVIDER.person("starter");
        ann.imap().close();
        ann.smtp().close();
        for (int port : List.of(25, 143)) {
            assertThatThrownBy(() -> PROVIDER.plain(port)).hasRootCauseInstanceOf(ConnectException.class);
        }
        try (var smtp = PROVIDER.talkInClear(587, ann)) {
            smtp.plays("""
                    S: 220 mail.example.com ...
                    C: EHLO client.example
                    S: ...
                    S: 250 STARTTLS
                    C: AUTH PLAIN $plain
                    S: 538 5.7.11 ...
                    C: STARTTLS
                    S: 220 ...
                    C! STARTTLS
                    C: EHLO client.example
                    S: ...
                    S: 250 AUTH ...
                    C: AUTH PLAIN $plain
                    S: 235 2.7.0 ...
                    """);
        }
    }

    @Test
    @DisplayName("P2: the address and one generated secret are all that a mail app needs; the account password fails")
    void oneSecret() {
        var ann = PROVIDER.person("starter");
        try (var smtp = ann.smtp()) {
            assertThat(smtp.submit(ann.address(), ann.address(), ann.mail("to myself")))
                    .startsWith("250 2.0.0");
        }
        try (var imap = ann.imap()) {
            assertThat(imap.ok("SELECT INBOX")).contains("* 1 EXISTS");
        }
        var owner = ann.with(done(PROVIDER.admin().mailboxes().generatePassword(ann.parsedAddress())));
        assertThatThrownBy(owner::imap).hasMessageContaining("AUTHENTICATIONFAILED");
        assertThatThrownBy(owner::smtp).hasMessageContaining("535 5.7.8");
    }

    @ParameterizedTest(name = "P3: {0}: {1} IMAP connections from one client address, {2} in all, and no more")
    @CsvSource({"nano, 10, 15", "starter, 25, 40", "pro, 50, 80", "agency, 100, 150"})
    void caps(String plan, int perClientAddress, int inAll) {
        var ann = PROVIDER.person(plan);
        var open = new ArrayList<TlsClient>();
        try {
            for (int n = 0; n < perClientAddress; n++) {
                open.add(letIn(ann, "127.0.0.1"));
            }
            assertThat(refused(ann, "127.0.0.1"))
                    .isEqualTo(
                            "a1 NO [LIMIT] Maximum connections exceeded: %1$d of %1$d from your network address on the"
                                            .formatted(perClientAddress)
                                    + " %s plan. Close a mail app or wait for idle connections to end."
                                            .formatted(plan));
            for (int n = perClientAddress; n < inAll; n++) {
                open.add(letIn(ann, "127.0.0.2"));
            }
            assertThat(refused(ann, "127.0.0.3"))
                    .isEqualTo("a1 NO [LIMIT] Maximum connections exceeded: %1$d of %1$d for this mailbox on the"
                                    .formatted(inAll)
                            + " %s plan. Close a mail app or wait for idle connections to end.".formatted(plan));
            var last = open.removeLast();
            last.sendLine("a2 LOGOUT");
            last.readToEnd();
            open.add(letIn(ann, "127.0.0.3"));
        } finally {
            open.forEach(TlsClient::close);
        }
    }

    private static TlsClient letIn(Person person, String from) {
        var client = TlsClient.to(PROVIDER.port(993)).from(from).implicit();
        assertThat(login(client, person)).startsWith("a1 OK");
        return client;
    }

    private static String refused(Person person, String from) {
        try (var client = TlsClient.to(PROVIDER.port(993)).from(from).implicit()) {
            return login(client, person);
        }
    }

    private static String login(TlsClient client, Person person) {
        client.readLine();
        client.sendLine("a1 LOGIN " + person.address() + ' ' + person.secret());
        return client.readLine();
    }

    @Test
    @DisplayName(
            "P4: the limit is 30 minutes; an idle connection ends and frees its slot, and so does one that vanished")
    void idle() throws Exception {
        assertThat(PROVIDER.config().sessions().imapIdle()).isEqualTo(Duration.ofMinutes(30));
        var ann = PROVIDER.person("nano");
        // The same node once more, in a hurry: nobody waits for half an hour.
        try (var hurried = PROVIDER.another(config -> Provider.with(
                config, "sessions", Provider.with(config.sessions(), "imapIdle", Duration.ofMillis(1_500))))) {
            int port = hurried.port("imaps");
            var vanished = ImapTestClient.loggedIn(port, ann.address(), ann.secret());
            vanished.socket().reset();
            try (var idle = ImapTestClient.loggedIn(port, ann.address(), ann.secret())) {
                assertThat(idle.socket().readToEnd()).isEqualTo("* BYE Idle for 0 minutes\r\n");
                await("both slots are free")
                        .untilAsserted(() -> assertThat(connections(ann)).isZero());
            }
        }
    }

    private static int connections(Person person) {
        return PROVIDER.database()
                .once(tx -> tx.one(
                        "SELECT count(*) FROM connection WHERE mailbox_id = ?",
                        row -> row.intValue(1),
                        person.mailbox().value()));
    }

    @Test
    @DisplayName("P5: nano logs in to send, and every attempt is refused with 550; receiving works")
    void nanoCannotSend() {
        var ann = PROVIDER.person("nano");
        var bob = PROVIDER.person("starter");
        try (var smtp = ann.smtp()) {
            for (var to : List.of(bob.address(), ann.address(), "somebody@elsewhere.example")) {
                assertThat(smtp.submit(ann.address(), to, ann.mail("no")))
                        .isEqualTo(
                                "550 5.7.1 The nano plan does not include sending. Help: https://example.com/help/mail");
            }
        }
        try (var smtp = bob.smtp()) {
            assertThat(smtp.submit(bob.address(), ann.address(), bob.mail("yes")))
                    .startsWith("250 2.0.0");
        }
        try (var imap = ann.imap()) {
            assertThat(imap.ok("SELECT INBOX")).contains("* 1 EXISTS");
        }
    }

    @ParameterizedTest(name = "P6: {0}: {3} messages in {2} by {1}, then 451 until the window has room again")
    @CsvSource({
        "starter, account, 1h, 500, Hourly sending limit of the account",
        "starter, mailbox, 24h, 1000, Daily sending limit",
        "starter, account, 24h, 6000, Daily sending limit of the account",
        "pro, account, 1h, 1500, Hourly sending limit of the account",
        "pro, mailbox, 24h, 2000, Daily sending limit",
        "pro, account, 24h, 15000, Daily sending limit of the account",
        "agency, account, 1h, 3000, Hourly sending limit of the account",
        "agency, mailbox, 24h, 2500, Daily sending limit",
        "agency, account, 24h, 40000, Daily sending limit of the account"
    })
    void quotas(String plan, String per, String window, int max, String name) {
        var ann = PROVIDER.personAt(plan, String.join("-", plan, per, window) + ".example");
        try (var smtp = ann.smtp()) {
            assertThat(send(smtp, ann)).startsWith("250 2.0.0");
            // What was sent counts for all but one, and, for a day's window, has left the hour's.
            var subject = per.equals("account")
                    ? ann.account().value()
                    : ann.mailbox().value();
            weigh(per, subject, max - 1);
            age(ann, window.equals("1h") ? Duration.ofMinutes(10) : Duration.ofHours(2));
            assertThat(send(smtp, ann)).startsWith("250 2.0.0");
            assertThat(send(smtp, ann))
                    .startsWith("451 4.7.1 %s reached: %2$d of %2$d messages. Next slot at ".formatted(name, max));
            age(ann, window.equals("1h") ? Duration.ofMinutes(50) : Duration.ofHours(22));
            assertThat(send(smtp, ann)).as("the same message, tried again").startsWith("250 2.0.0");
        }
    }

    private static String send(SmtpTestClient smtp, Person person) {
        return smtp.submit(person.address(), person.address(), person.mail("one of many"));
    }

    /** Lets the one message that was sent count as many. */
    private static void weigh(String kind, long subject, int messages) {
        PROVIDER.database()
                .transact(tx -> tx.update(
                                "UPDATE send_usage SET messages = ? WHERE subject_kind = ? AND subject_id = ?",
                                messages,
                                kind,
                                subject)
                        + tx.update(
                                "UPDATE send_event SET messages = ? WHERE subject_kind = ? AND subject_id = ?",
                                messages,
                                kind,
                                subject));
    }

    /** Lets all that the person has sent be longer ago. */
    private static void age(Person person, Duration by) {
        var interval = by.toSeconds() + " seconds";
        PROVIDER.database()
                .transact(tx -> tx.update(
                                "UPDATE send_usage SET last_at = last_at - ?::interval WHERE subject_id IN (?, ?)",
                                interval,
                                person.account().value(),
                                person.mailbox().value())
                        + tx.update(
                                "UPDATE send_event SET at = at - ?::interval WHERE subject_id IN (?, ?)",
                                interval,
                                person.account().value(),
                                person.mailbox().value()));
    }

    @Test
    @DisplayName("P7: a paused mailbox's connections end, it fails to log in as with a wrong secret, its mail is held")
    void pause() {
        var ann = PROVIDER.person("starter");
        var bob = PROVIDER.person("starter");
        try (var imap = ann.imap();
                var smtp = ann.smtp()) {
            PROVIDER.postern("mailbox", "pause", ann.address());
            assertThat(imap.socket().readToEnd())
                    .startsWith("* BYE [UNAVAILABLE] Access with this client token has ended.");
            assertThat(smtp.socket().readToEnd()).startsWith("421 4.3.2 Access with this client token has ended.");
        }
        assertThatThrownBy(ann::imap)
                .hasMessageContaining("NO [AUTHENTICATIONFAILED] Authentication failed. Use your full");
        assertThatThrownBy(ann::smtp).hasMessageContaining("535 5.7.8 Authentication failed. Use your full");
        try (var smtp = bob.smtp()) {
            assertThat(smtp.submit(bob.address(), ann.address(), bob.mail("for later")))
                    .startsWith("250 2.0.0");
        }
        PROVIDER.postern("mailbox", "resume", ann.address());
        try (var imap = ann.imap()) {
            assertThat(imap.ok("SELECT INBOX")).contains("* 1 EXISTS");
        }
    }

    @Test
    @DisplayName("P7: with paused-mailboxes: refuse, mail for a paused mailbox is refused")
    void pausedRefuses() throws Exception {
        var ann = PROVIDER.person("starter");
        var bob = PROVIDER.person("starter");
        PROVIDER.postern("mailbox", "pause", ann.address());
        try (var strict = PROVIDER.another(config -> Provider.with(config, "pausedMailboxes", PausedMailboxes.REFUSE));
                var smtp = SmtpTestClient.loggedIn(strict.port("smtps"), bob.address(), bob.secret())) {
            assertThat(smtp.submit(bob.address(), ann.address(), bob.mail("no")))
                    .isEqualTo("550 5.2.1 " + ann.address() + " takes no mail at the moment.");
            smtp.command("RSET");
            PROVIDER.postern("mailbox", "resume", ann.address());
            assertThat(smtp.submit(bob.address(), ann.address(), bob.mail("yes")))
                    .startsWith("250 2.0.0");
        }
    }

    @Test
    @DisplayName("P10: support finds a failed login and a refused message by address and time, with the reason")
    void support() {
        var ann = PROVIDER.personAt("starter", "support.example");
        try (var imap = PROVIDER.talk(993, ann)) {
            imap.plays("""
                    S: * OK [CAPABILITY ...] Postern ready, session $session
                    C: a1 LOGIN $user wrong
                    S: a1 NO [AUTHENTICATIONFAILED] ...
                    """);
            assertFound(List.of("auth", "log"), ann, imap.value("session"), "auth-failed", "unknown-secret");
        }
        try (var smtp = ann.smtp()) {
            assertThat(send(smtp, ann)).startsWith("250 2.0.0");
            weigh("account", ann.account().value(), 500);
        }
        try (var smtp = PROVIDER.talk(465, ann)) {
            smtp.plays("""
                    S: 220 ... session $session
                    C: EHLO client.example
                    S: ...
                    S: 250 AUTH ...
                    C: AUTH PLAIN $plain
                    S: 235 ...
                    C: MAIL FROM:<$user>
                    S: 250 ...
                    C: RCPT TO:<$user>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: Subject: one too many
                    C:\s
                    C: .
                    S: 451 4.7.1 ...
                    """);
            assertFound(
                    List.of("event", "list"),
                    ann,
                    "quota-reached",
                    smtp.value("session"),
                    "max=500",
                    "used=500",
                    "window=hourly");
        }
    }

    /** The command's lines about the address, of the last hour, have all of this in one. */
    private static void assertFound(List<String> command, Person person, String... said) {
        var line = new ArrayList<>(command);
        line.addAll(List.of(person.address(), "--since", "1h"));
        await("the event is written")
                .untilAsserted(() -> assertThat(
                                PROVIDER.postern(line.toArray(String[]::new)).lines())
                        .anySatisfy(event -> assertThat(event).contains(said)));
    }

    @Test
    @DisplayName(
            "P8: a domain's records are printed and compared with the DNS; unverified, its mailboxes log in all the same")
    void domainRecords() {
        var ann = PROVIDER.personAt("starter", "checked.example");
        assertThat(PROVIDER.postern("domain", "dns", "checked.example"))
                .contains(
                        "checked.example. IN MX 10 mail.example.com.\n",
                        "checked.example. IN TXT \"v=spf1 mx -all\"\n",
                        "_dmarc.checked.example. IN TXT \"v=DMARC1; p=quarantine\"\n",
                        ";   mx: mail.example.com\n",
                        "_imaps._tcp.checked.example. IN SRV 0 1 993 mail.example.com.\n",
                        "_pop3s._tcp.checked.example. IN SRV 0 0 0 .\n");
        assertThat(check().verdict().problems())
                .contains("MX checked.example", "SPF checked.example", "DMARC _dmarc.checked.example")
                .hasSize(5);
        ann.imap().close();

        done(PROVIDER.admin().domainChecks().records(CHECKED)).forEach(PlansProfileTest::publish);
        assertThat(check().findings()).extracting(Finding::state).containsOnly(Finding.State.PRESENT);
        assertThat(PROVIDER.postern("domain", "check", "checked.example")).startsWith("checked.example is verified.\n");

        DNS.mx("checked.example", 50, "mail.elsewhere.example");
        PROVIDER.postern("domain", "dkim", "rotate", "checked.example");
        assertThatThrownBy(() -> PROVIDER.postern("domain", "check", "checked.example"))
                .hasMessageContaining("ended with 1");
        assertThat(PROVIDER.admin().domainChecks().last(CHECKED))
                .get()
                .extracting(DomainVerdict::verified)
                .isEqualTo(false);
        assertThatThrownBy(() -> PROVIDER.postern("domain", "dkim", "rotate", "checked.example"))
                .hasMessageContaining("the DNS does not have the record of ");
        PROVIDER.postern("domain", "dkim", "rotate", "checked.example", "--unseen");
    }

    private static DomainChecks.Checked check() {
        return done(PROVIDER.admin().domainChecks().check(CHECKED));
    }

    /** As a zone file would have it. */
    private static void publish(DnsRecord record) {
        var words = record.value().split(" ", -1);
        switch (record.type()) {
            case MX -> DNS.mx(record.name(), Integer.parseInt(words[0]), words[1]);
            case TXT -> DNS.txt(record.name(), record.value());
            case SRV -> DNS.srv(record.name(), 0, 1, Integer.parseInt(words[2]), words[3]);
            case CNAME -> DNS.cname(record.name(), words[0]);
        }
    }

    @Test
    @DisplayName("P11: the mail secret and the account password are replaced, and the old ones work no more")
    void replacing() {
        var ann = PROVIDER.person("starter");
        PROVIDER.postern("token", "revoke", ann.address(), "Phone");
        var renewed = ann.with(done(PROVIDER.admin().tokens().create(ann.parsedAddress(), TokenRequest.named("Phone")))
                .secret());
        assertThatThrownBy(ann::imap).hasMessageContaining("AUTHENTICATIONFAILED");
        renewed.imap().close();
        renewed.smtp().close();

        var mailboxes = PROVIDER.admin().mailboxes();
        var old = done(mailboxes.generatePassword(ann.parsedAddress()));
        assertThat(mailboxes.passwordMatches(ann.parsedAddress(), old)).isTrue();
        var next = done(mailboxes.generatePassword(ann.parsedAddress()));
        assertThat(mailboxes.passwordMatches(ann.parsedAddress(), old)).isFalse();
        assertThat(mailboxes.passwordMatches(ann.parsedAddress(), next)).isTrue();
    }
}
