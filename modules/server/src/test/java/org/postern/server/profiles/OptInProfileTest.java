package org.postern.server.profiles;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.postern.server.profiles.Provider.done;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.accounts.IdleAccessNow;
import org.postern.testkit.Pop3TestClient;
import org.postern.testkit.SmtpTestClient;
import org.postern.testkit.TlsClient;

/** The profile {@code opt-in}, row by row. */
@DisplayName("Profile opt-in")
class OptInProfileTest {
    @RegisterExtension
    static final Provider PROVIDER = new Provider("opt-in");

    /** Recipients that may be refused within an hour. */
    private static final int REFUSED_RECIPIENTS = 20;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Somebody who has switched everything on, long enough ago. */
    private static Person opened(String plan) {
        var person = PROVIDER.person(plan);
        PROVIDER.database().transact(tx -> tx.update("""
                        INSERT INTO access_switch (mailbox_id, protocol, allowed, effective_at, changed_by)
                        SELECT ?, protocol, true, now() - interval '1 day', 'owner'
                          FROM unnest(ARRAY['imap', 'pop3', 'smtp']) protocol
                        """, person.mailbox().value()));
        return person;
    }

    private static Pop3TestClient pop3(Person person) {
        return Pop3TestClient.loggedIn(PROVIDER.port(995), person.address(), person.secret());
    }

    /** Ends the session as it should be, and waits until the next one may come. */
    private static void quit(Pop3TestClient client, Person person) {
        client.ok("QUIT");
        await("the session has ended")
                .atMost(PATIENCE)
                .until(() -> PROVIDER.database()
                        .once(tx -> tx.one(
                                "SELECT count(*) = 0 FROM connection WHERE mailbox_id = ? AND protocol = 'pop3'",
                                row -> row.bool(1),
                                person.mailbox().value())));
    }

    /** Lets the last check by POP3 be longer ago. */
    private static void checkedEarlier(Person person, String by) {
        PROVIDER.database()
                .transact(tx -> tx.update(
                        "UPDATE pop3_login SET at = at - ?::interval WHERE mailbox_id = ?",
                        by,
                        person.mailbox().value()));
    }

    @Test
    @DisplayName("I1: IMAP 993, POP3 995 and SMTP 465 with TLS, SMTP 587 by STARTTLS; sending wants a login")
    void ports() {
        var ann = opened("free");
        ann.imap().close();
        pop3(ann).close();
        try (var smtp = PROVIDER.talk(465, ann)) {
            smtp.plays("""
                    S: 220 mail.example.com ...
                    C: EHLO client.example
                    S: ...
                    S: 250 AUTH ...
                    C: MAIL FROM:<$user>
                    S: 530 5.7.0 Authentication required
                    C: AUTH PLAIN $plain
                    S: 235 2.7.0 ...
                    C: MAIL FROM:<$user>
                    S: 250 ...
                    """);
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
                    C: MAIL FROM:<$user>
                    S: 530 5.7.0 Authentication required
                    C: AUTH PLAIN $plain
                    S: 235 2.7.0 ...
                    C: MAIL FROM:<$user>
                    S: 250 ...
                    """);
        }
    }

    @Test
    @DisplayName("I2: access by mail apps is off by default; switched on, it works after 15 minutes")
    void optIn() {
        var ann = PROVIDER.person("free");
        assertAllOut(ann);
        PROVIDER.postern("access", "on", ann.address(), "imap", "pop3", "smtp");
        assertThat(PROVIDER.postern("access", "show", ann.address())).contains("coming-on");
        switchedOnEarlier(ann, "10 minutes");
        assertAllOut(ann);
        switchedOnEarlier(ann, "5 minutes");
        ann.imap().close();
        pop3(ann).close();
        ann.smtp().close();
    }

    @Test
    @DisplayName("I2: the owner switches it on in one step, with the account password")
    void optInByTheOwner() {
        var ann = PROVIDER.person("free");
        var password = done(PROVIDER.admin().mailboxes().generatePassword(ann.parsedAddress()));
        var form = "address=" + ann.address() + "&password=" + password + "&do=on&over=imap&over=pop3&over=smtp";
        try (var browser = TlsClient.to(PROVIDER.port(8443)).implicit()) {
            browser.send("POST / HTTP/1.1\r\nHost: mail.example.com\r\nContent-Length: " + form.length()
                    + "\r\nContent-Type: application/x-www-form-urlencoded\r\n\r\n" + form);
            assertThat(browser.readToEnd()).startsWith("HTTP/1.1 200").contains("IMAP</th><td>works from ");
        }
        assertAllOut(ann);
        switchedOnEarlier(ann, "15 minutes");
        ann.imap().close();
    }

    private static void assertAllOut(Person person) {
        assertThatThrownBy(person::imap).hasMessageContaining("AUTHENTICATIONFAILED");
        assertThatThrownBy(() -> pop3(person)).hasMessageContaining("-ERR [AUTH]");
        assertThatThrownBy(person::smtp).hasMessageContaining("535 5.7.8");
    }

    private static void switchedOnEarlier(Person person, String by) {
        int moved = PROVIDER.database()
                .transact(tx -> tx.update(
                        "UPDATE access_switch SET effective_at = effective_at - ?::interval WHERE mailbox_id = ?",
                        by,
                        person.mailbox().value()));
        assertThat(moved).isEqualTo(3);
    }

    @Test
    @DisplayName("I3: abuse and disuse switch access off, and a notice tells the owner which, when and why")
    void switchedOff() {
        var ann = opened("free");
        var bob = opened("free");
        try (var smtp = ann.smtp()) {
            abuse(smtp, ann);
            assertThat(smtp.socket().readToEnd()).contains("421 4.3.2 Access with this client token has ended.");
        }
        assertThatThrownBy(ann::smtp).hasMessageContaining("535 5.7.8");
        lastUsed(bob, "imap", 1);
        lastUsed(bob, "pop3", 61);
        sweep();
        assertThat(notice(ann, "SMTP access to " + ann.address() + " is switched off"))
                .containsPattern("At 20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC the server switched off SMTP access")
                .contains("The reason: more than 20 recipients that do not exist within 60 minutes, most of them"
                        + " with the client token Phone.");
        assertThat(notice(bob, "POP3 access to " + bob.address() + " is switched off"))
                .containsPattern("At 20\\d\\d-\\d\\d-\\d\\d \\d\\d:\\d\\d UTC the server switched off POP3 access")
                .contains("The reason: not used for 60 days.");
    }

    /** Names one recipient too many that is not there; what the last one hears is the caller's. */
    private static void abuse(SmtpTestClient smtp, Person person) {
        var domain = person.parsedAddress().domain();
        assertThat(smtp.command("MAIL FROM:<" + person.address() + '>').getLast())
                .startsWith("250");
        for (int n = 1; n <= REFUSED_RECIPIENTS; n++) {
            assertThat(smtp.command("RCPT TO:<nobody" + n + '@' + domain + '>').getLast())
                    .startsWith("550 5.1.1");
        }
        smtp.socket().sendLine("RCPT TO:<nobody@" + domain + '>');
    }

    /** The text of the notice in the owner's INBOX, when it has come. */
    private static String notice(Person person, String subject) {
        try (var imap = person.imap()) {
            imap.ok("SELECT INBOX");
            int number = await("the notice")
                    .atMost(PATIENCE)
                    .until(
                            () -> {
                                imap.ok("NOOP");
                                return imap.ok("SEARCH SUBJECT \"" + subject + '"').stream()
                                        .filter(line -> line.matches("\\* SEARCH \\d+"))
                                        .mapToInt(line -> Integer.parseInt(line.substring("* SEARCH ".length())))
                                        .findFirst()
                                        .orElse(0);
                            },
                            found -> found > 0);
            return new String(imap.fetch(number), UTF_8);
        }
    }

    @Test
    @DisplayName("I4: free: 5 messages a minute and 15 an hour; beyond them 451, and later it goes through")
    void freeQuotas() {
        var ann = opened("free");
        try (var smtp = ann.smtp()) {
            for (int minute = 0; minute < 2; minute++) {
                sendsFiveAndNoMore(smtp, ann);
                sentEarlier(ann, Duration.ofMinutes(1));
            }
            sendsFive(smtp, ann);
            sentEarlier(ann, Duration.ofMinutes(1));
            assertThat(send(smtp, ann)).startsWith("451 4.7.1 Hourly sending limit reached: 15 of 15 messages.");
            sentEarlier(ann, Duration.ofMinutes(57));
            assertThat(send(smtp, ann)).startsWith("250 2.0.0");
        }
    }

    @Test
    @DisplayName("I4: paid: no hourly limit, and the 5 a minute stay")
    void paidQuotas() {
        var ann = opened("paid");
        try (var smtp = ann.smtp()) {
            for (int minute = 0; minute < 4; minute++) {
                sendsFiveAndNoMore(smtp, ann);
                sentEarlier(ann, Duration.ofMinutes(1));
            }
            assertThat(send(smtp, ann)).startsWith("250 2.0.0");
        }
    }

    private static void sendsFiveAndNoMore(SmtpTestClient smtp, Person person) {
        sendsFive(smtp, person);
        assertThat(send(smtp, person)).startsWith("451 4.7.1 Minute sending limit reached: 5 of 5 messages.");
    }

    private static void sendsFive(SmtpTestClient smtp, Person person) {
        for (int n = 0; n < 5; n++) {
            assertThat(send(smtp, person)).startsWith("250 2.0.0");
        }
    }

    private static String send(SmtpTestClient smtp, Person person) {
        return smtp.submit(person.address(), person.address(), person.mail("one of many"));
    }

    /** Lets all that the mailbox has sent be longer ago. */
    private static void sentEarlier(Person person, Duration by) {
        var interval = by.toSeconds() + " seconds";
        long mailbox = person.mailbox().value();
        PROVIDER.database().transact(tx -> tx.update("""
                                UPDATE send_usage SET last_at = last_at - ?::interval
                                 WHERE subject_kind = 'mailbox' AND subject_id = ?
                                """, interval, mailbox) + tx.update("""
                                UPDATE send_event SET at = at - ?::interval
                                 WHERE subject_kind = 'mailbox' AND subject_id = ?
                                """, interval, mailbox));
    }

    @Test
    @DisplayName("I5: POP3 is checked once in 5 minutes; CAPA says so, and an earlier login hears LOGIN-DELAY")
    void loginDelay() {
        var ann = opened("free");
        try (var pop3 = PROVIDER.talk(995, ann)) {
            pop3.plays("""
                    S: +OK ...
                    C: CAPA
                    S: +OK ...
                    S: ...
                    S: LOGIN-DELAY 300 USER
                    S: ...
                    S: .
                    """);
        }
        quit(pop3(ann), ann);
        assertThatThrownBy(() -> pop3(ann)).hasMessageContaining("-ERR [LOGIN-DELAY] Check again in 5 min.");
        checkedEarlier(ann, "4 minutes");
        assertThatThrownBy(() -> pop3(ann)).hasMessageContaining("-ERR [LOGIN-DELAY] Check again in 1 min.");
        checkedEarlier(ann, "1 minute");
        pop3(ann).close();
    }

    @Test
    @DisplayName("I6: one POP3 session of a mailbox at a time; a second hears IN-USE")
    void oneSession() {
        var ann = opened("free");
        try (var first = pop3(ann)) {
            checkedEarlier(ann, "5 minutes");
            assertThatThrownBy(() -> pop3(ann)).hasMessageContaining("-ERR [IN-USE] Another POP3 session");
            quit(first, ann);
        }
        pop3(ann).close();
    }

    @Test
    @DisplayName("I7: what POP3 deletes is kept for IMAP while the mailbox is set so, and gone when it is not")
    void keepCopy() {
        var ann = opened("free");
        PROVIDER.postern("mailbox", "set", ann.address(), "--pop3-keep-copy");
        try (var imap = ann.imap()) {
            assertThat(imap.append("INBOX", ann.mail("kept"))).startsWith("OK");
            deleteByPop3(ann, "kept");
            assertThat(imap.ok("SELECT INBOX")).contains("* 1 EXISTS");
            assertThat(imap.fetch(1)).isEqualTo(ann.mail("kept"));

            PROVIDER.postern("mailbox", "set", ann.address(), "--no-pop3-keep-copy");
            assertThat(imap.append("INBOX", ann.mail("gone"))).startsWith("OK");
            deleteByPop3(ann, "gone");
            assertThat(imap.ok("SELECT INBOX")).contains("* 1 EXISTS");
            assertThat(imap.fetch(1)).isEqualTo(ann.mail("kept"));
        }
    }

    /** The only message that POP3 shows. */
    private static void deleteByPop3(Person person, String subject) {
        checkedEarlier(person, "5 minutes");
        try (var pop3 = pop3(person)) {
            assertThat(pop3.ok("STAT")).startsWith("+OK 1 ");
            assertThat(pop3.retrieve(1)).isEqualTo(person.mail(subject));
            pop3.ok("DELE 1");
            quit(pop3, person);
        }
        checkedEarlier(person, "5 minutes");
        try (var pop3 = pop3(person)) {
            assertThat(pop3.ok("STAT")).startsWith("+OK 0 ");
            quit(pop3, person);
        }
    }

    @Test
    @DisplayName("I8: abuse locks sending until an administrator unlocks it; reading still works")
    void abuseLocks() {
        var ann = opened("paid");
        try (var smtp = ann.smtp()) {
            assertThat(send(smtp, ann)).startsWith("250 2.0.0");
            abuse(smtp, ann);
            assertThat(smtp.socket().readLine()).startsWith("550 5.1.1");
            smtp.command("RSET");
            assertThat(send(smtp, ann))
                    .isEqualTo("550 5.7.1 Sending from this mailbox is locked. Help:"
                            + " https://example.com/help/mail-apps");
            smtp.command("RSET");
            try (var imap = ann.imap();
                    var pop3 = pop3(ann)) {
                imap.ok("SELECT INBOX");
                assertThat(new String(imap.fetch(1), UTF_8)).contains("one of many");
                assertThat(new String(pop3.retrieve(1), UTF_8)).contains("one of many");
            }
            assertThat(PROVIDER.postern("sending", "unlock", ann.address())).contains("unlocked");
            assertThat(send(smtp, ann)).startsWith("250 2.0.0");
        }
    }

    @ParameterizedTest(name = "I9: a mailbox last used {0} days ago, by POP3 too, keeps or loses POP3 access")
    @ValueSource(ints = {29, 31})
    void inactive(int days) {
        var ann = opened("free");
        for (var protocol : List.of("imap", "pop3", "smtp")) {
            lastUsed(ann, protocol, days);
        }
        sweep();
        assertPop3(ann, days < 30, "the mailbox was not used for 30 days");
    }

    @ParameterizedTest(name = "I9: POP3 last used {0} days ago, in a mailbox that is used, is on or off")
    @ValueSource(ints = {59, 61})
    void unused(int days) {
        var ann = opened("free");
        lastUsed(ann, "imap", 1);
        lastUsed(ann, "pop3", days);
        sweep();
        assertPop3(ann, days < 60, "not used for 60 days");
    }

    private static void assertPop3(Person person, boolean on, String why) {
        if (on) {
            pop3(person).close();
        } else {
            assertThatThrownBy(() -> pop3(person)).hasMessageContaining("-ERR [AUTH]");
            assertThat(done(PROVIDER.admin().accessSwitches().show(person.parsedAddress())))
                    .anySatisfy(each -> assertThat(each.why()).isEqualTo(why));
        }
        person.imap().close();
    }

    /** A mailbox of a year, and when the protocol was used for the last time. */
    private static void lastUsed(Person person, String protocol, int days) {
        long mailbox = person.mailbox().value();
        PROVIDER.database().transact(tx -> {
            tx.update("UPDATE mailbox SET created_at = now() - interval '1 year' WHERE mailbox_id = ?", mailbox);
            tx.update(
                    "UPDATE access_switch SET effective_at = now() - interval '1 year' WHERE mailbox_id = ?", mailbox);
            return tx.update("""
                    INSERT INTO token_use (token_id, protocol, used_at, client_address)
                    SELECT token_id, ?, now() - ?::interval, '127.0.0.1' FROM client_token WHERE mailbox_id = ?
                    """, protocol, days + " days", mailbox);
        });
    }

    private static void sweep() {
        IdleAccessNow.sweep(
                PROVIDER.database(), PROVIDER.admin().plans(), PROVIDER.admin().accessSwitches());
    }
}
