package org.postern.server.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postern.server.profiles.Provider.done;

import java.net.ConnectException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.testkit.ImapTestClient;
import org.postern.testkit.SmtpTestClient;
import org.postern.testkit.TlsClient;

/** The profile {@code token-only}, row by row. */
@DisplayName("Profile token-only")
class TokenOnlyProfileTest {
    @RegisterExtension
    static final Provider PROVIDER = new Provider("token-only");

    private static final String PLAN = "personal";
    private static final String WHAT_TO_DO =
            "Authentication failed. Use your full email address and a client token, not your account password."
                    + " Help: https://example.com/help/mail-apps";

    /** A client that connects and says nothing: its time runs while the other rows are walked. */
    private static TlsClient silent;

    @BeforeAll
    static void waitInSilence() {
        silent = PROVIDER.plain(993);
    }

    @Test
    @DisplayName("T1: IMAP on 993, SMTP on 465 and 587, with TLS from the first byte")
    void ports() {
        var ann = PROVIDER.person(PLAN);
        for (int port : List.of(465, 587)) {
            try (var smtp = SmtpTestClient.loggedIn(PROVIDER.port(port), ann.address(), ann.secret())) {
                assertThat(smtp.submit(ann.address(), ann.address(), ann.mail("by " + port)))
                        .startsWith("250 2.0.0");
            }
        }
        try (var imap = ann.imap()) {
            assertThat(imap.ok("SELECT INBOX")).contains("* 2 EXISTS");
        }
    }

    @Test
    @DisplayName("T2: no clear text and no STARTTLS anywhere, 587 included")
    void noStartTls() {
        for (int port : List.of(25, 110, 143, 995)) {
            assertThatThrownBy(() -> PROVIDER.plain(port)).hasRootCauseInstanceOf(ConnectException.class);
        }
        var ann = PROVIDER.person(PLAN);
        for (int port : List.of(465, 587)) {
            try (var smtp = PROVIDER.talk(port, ann)) {
                smtp.plays("""
                        S: 220 ...
                        C: EHLO client.example
                        S: 250-...
                        S: 250-PIPELINING
                        S: 250-8BITMIME
                        S: 250-ENHANCEDSTATUSCODES
                        S: 250-SIZE ...
                        S: ...
                        S: 250 AUTH ...
                        C: STARTTLS
                        S: 503 ...
                        """);
            }
        }
        try (var imap = ImapTestClient.connect(PROVIDER.port(993))) {
            assertThat(String.join("\n", imap.ok("CAPABILITY"))).doesNotContain("STARTTLS");
            assertThat(imap.command("STARTTLS").getLast()).doesNotStartWith("OK");
        }
    }

    @Test
    @DisplayName("T3: the user name is the full address; the local part alone fails")
    void fullAddress() {
        var ann = PROVIDER.person(PLAN);
        var localPart = ann.address().substring(0, ann.address().indexOf('@'));
        ann.imap().close();
        ann.smtp().close();
        try (var imap = ImapTestClient.connect(PROVIDER.port(993))) {
            assertThat(imap.command("LOGIN " + localPart + ' ' + ann.secret()).getLast())
                    .isEqualTo("NO [AUTHENTICATIONFAILED] " + WHAT_TO_DO);
        }
        assertThat(auth(Person.base64("\0" + localPart + '\0' + ann.secret()))).isEqualTo("535 5.7.8 " + WHAT_TO_DO);
    }

    @Test
    @DisplayName("T4: the account password never works; the refusal says what to do, and to a stranger nothing more")
    void accountPassword() {
        var ann = PROVIDER.person(PLAN);
        var password = done(PROVIDER.admin().mailboxes().generatePassword(ann.parsedAddress()));
        for (var who : List.of(ann.address(), "nobody@personal.example", "nobody@elsewhere.example")) {
            var plain = Person.base64("\0" + who + '\0' + password);
            try (var imap = ImapTestClient.connect(PROVIDER.port(993))) {
                assertThat(imap.command("LOGIN " + who + ' ' + password).getLast())
                        .isEqualTo("NO [AUTHENTICATIONFAILED] " + WHAT_TO_DO);
                assertThat(imap.command("AUTHENTICATE PLAIN " + plain).getLast())
                        .isEqualTo("NO [AUTHENTICATIONFAILED] " + WHAT_TO_DO);
            }
            assertThat(auth(plain)).isEqualTo("535 5.7.8 " + WHAT_TO_DO);
        }
    }

    private static String auth(String plain) {
        try (var smtp = SmtpTestClient.connect(PROVIDER.port(587))) {
            smtp.command("EHLO client.example");
            return smtp.command("AUTH PLAIN " + plain).getLast();
        }
    }

    @Test
    @DisplayName(
            "T5: tokens are made, named, listed and revoked one by one; the secret is shown once; revoked, it ends at once")
    void tokens() {
        var ann = PROVIDER.person(PLAN);
        var tablet = ann.with(PROVIDER.postern("token", "add", ann.address(), "--name", "Tablet")
                .strip());
        assertThat(PROVIDER.postern("token", "list", ann.address()))
                .contains("Phone")
                .contains("Tablet")
                .doesNotContain(tablet.secret())
                .doesNotContain(ann.secret());
        try (var onTablet = tablet.imap();
                var onPhone = ann.imap()) {
            PROVIDER.postern("token", "revoke", ann.address(), "Tablet");
            assertThat(onTablet.socket().readToEnd())
                    .isEqualTo("* BYE [UNAVAILABLE] Access with this client token has ended."
                            + " Help: https://example.com/help/mail-apps\r\n");
            assertThatThrownBy(tablet::imap).hasMessageContaining("AUTHENTICATIONFAILED");
            assertThatThrownBy(tablet::smtp).hasMessageContaining("535 5.7.8");
            onPhone.ok("NOOP");
        }
        assertThat(PROVIDER.postern("token", "list", ann.address()))
                .contains("Phone")
                .doesNotContain("Tablet");
    }

    @Test
    @DisplayName("T6: a client without TLS fails at once when it speaks, and at the handshake's deadline when it waits")
    void withoutTls() {
        for (int port : List.of(465, 587)) {
            try (var smtp = PROVIDER.plain(port)) {
                smtp.sendLine("EHLO client.example");
                assertThat(smtp.readToEnd())
                        .isEqualTo("554 5.7.0 This port speaks TLS from the first byte."
                                + " Choose SSL/TLS in your mail app.\r\n");
            }
        }
        try (var imap = PROVIDER.plain(993)) {
            imap.sendLine("a1 CAPABILITY");
            assertThat(imap.readToEnd()).isEmpty();
        }
        assertThat(silent.readToEnd()).isEmpty();
    }
}
