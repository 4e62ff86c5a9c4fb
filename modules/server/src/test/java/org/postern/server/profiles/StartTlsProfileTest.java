package org.postern.server.profiles;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.ConnectException;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The profile {@code starttls}, row by row; N4 and N7 are to come. */
@DisplayName("Profile starttls")
class StartTlsProfileTest {
    @RegisterExtension
    static final Provider PROVIDER = new Provider("starttls");

    private static final String PLAN = "mail";

    @Test
    @DisplayName("N1: one host name; IMAP 993 and 143, POP3 995 and 110, SMTP 587 and 465, by TLS or STARTTLS")
    void ports() throws Exception {
        var ann = PROVIDER.person(PLAN);
        for (int port : List.of(993, 995, 465)) {
            try (var client = PROVIDER.implicit(port)) {
                assertNamed(client.serverCertificate().orElseThrow());
                assertThat(client.readLine()).matches("\\* OK .*|\\+OK .*|220 mail\\.example\\.com .*");
            }
        }
        try (var imap = PROVIDER.talkInClear(143, ann)) {
            imap.plays("""
                    S: * OK [CAPABILITY ... STARTTLS LOGINDISABLED] ...
                    C: a1 STARTTLS
                    S: a1 OK ...
                    C! STARTTLS
                    C: a2 LOGIN $user $secret
                    S: a2 OK ...
                    """);
            assertNamed(imap.client(1).serverCertificate().orElseThrow());
        }
        try (var pop3 = PROVIDER.talkInClear(110, ann)) {
            pop3.plays("""
                    S: +OK ...
                    C: STLS
                    S: +OK ...
                    C! STARTTLS
                    C: USER $user
                    S: +OK ...
                    C: PASS $secret
                    S: +OK ...
                    """);
        }
        try (var smtp = submission(ann)) {
            smtp.plays("""
                    C: AUTH PLAIN $plain
                    S: 235 2.7.0 ...
                    """);
        }
    }

    private static void assertNamed(java.security.cert.X509Certificate certificate) throws Exception {
        assertThat(certificate.getSubjectAlternativeNames()).anyMatch(name -> name.contains("mail.example.com"));
    }

    /** A client of 587 that has greeted under TLS. */
    private static org.postern.testkit.Transcript submission(Person person) {
        return PROVIDER.talkInClear(587, person).plays("""
                S: 220 mail.example.com ...
                C: EHLO client.example
                S: ...
                S: 250 STARTTLS
                C: STARTTLS
                S: 220 ...
                C! STARTTLS
                C: EHLO client.example
                S: ...
                S: 250 AUTH ...
                """);
    }

    @Test
    @DisplayName("N2: port 25 takes no submission: nobody listens there")
    void port25() {
        assertThatThrownBy(() -> PROVIDER.plain(25)).hasRootCauseInstanceOf(ConnectException.class);
    }

    @Test
    @DisplayName("N3: the same address and token for reading and sending; sending wants a login")
    void credentials() {
        var ann = PROVIDER.person(PLAN);
        try (var smtp = submission(ann)) {
            smtp.plays("""
                    C: MAIL FROM:<$user>
                    S: 530 5.7.0 Authentication required
                    C: AUTH PLAIN $plain
                    S: 235 2.7.0 ...
                    C: MAIL FROM:<$user>
                    S: 250 ...
                    C: RCPT TO:<$user>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: Subject: x
                    C:\s
                    C: Hello
                    C: .
                    S: 250 2.0.0 ...
                    """);
        }
        try (var imap = ann.imap()) {
            assertThat(imap.ok("SELECT INBOX")).contains("* 1 EXISTS");
        }
    }

    @Test
    @DisplayName(
            "N5: the standard folders are subscribed from the beginning, and folders can be subscribed and unsubscribed")
    void subscriptions() {
        try (var imap = PROVIDER.person(PLAN).imap()) {
            assertThat(imap.ok("LSUB \"\" \"*\""))
                    .contains(
                            "* LSUB () \"/\" INBOX",
                            "* LSUB () \"/\" Drafts",
                            "* LSUB () \"/\" Sent",
                            "* LSUB () \"/\" Junk",
                            "* LSUB () \"/\" Trash");
            imap.ok("UNSUBSCRIBE Junk");
            imap.ok("CREATE Work");
            imap.ok("SUBSCRIBE Work");
            assertThat(imap.ok("LSUB \"\" \"*\""))
                    .contains("* LSUB () \"/\" Work")
                    .doesNotContain("* LSUB () \"/\" Junk");
        }
    }

    @Test
    @DisplayName("N5: the personal namespace has no prefix, and INBOX works as one")
    void inboxAsPrefix() {
        var ann = PROVIDER.person(PLAN);
        try (var imap = ann.imap()) {
            assertThat(imap.ok("NAMESPACE")).contains("* NAMESPACE ((\"\" \"/\")) ((\"Other Users/\" \"/\")) NIL");
            imap.ok("CREATE INBOX/Travel");
            imap.ok("SUBSCRIBE INBOX/Travel");
            assertThat(imap.ok("LIST \"INBOX/\" \"*\"")).anyMatch(line -> line.endsWith(" \"/\" INBOX/Travel"));
            assertThat(imap.ok("LSUB \"\" \"INBOX/%\"")).contains("* LSUB () \"/\" INBOX/Travel");
            assertThat(imap.append("INBOX/Travel", ann.mail("ticket"))).startsWith("OK");
            assertThat(imap.ok("SELECT inbox/Travel")).contains("* 1 EXISTS");
        }
    }

    @Test
    @DisplayName("N6: on 143 and 110 no login before TLS, and what is injected before TLS is discarded")
    void noLoginInClear() {
        var ann = PROVIDER.person(PLAN);
        try (var imap = PROVIDER.talkInClear(143, ann)) {
            imap.plays("""
                    S: * OK ...
                    C: a1 LOGIN $user $secret
                    S: a1 NO [PRIVACYREQUIRED] ...
                    C: a2 AUTHENTICATE PLAIN $plain
                    S: a2 NO [PRIVACYREQUIRED] ...
                    """);
        }
        try (var pop3 = PROVIDER.talkInClear(110, ann)) {
            pop3.plays("""
                    S: +OK ...
                    C: USER $user
                    S: -ERR [AUTH] ...
                    C: AUTH PLAIN $plain
                    S: -ERR [AUTH] ...
                    C: APOP $user c4c9334bac560ecc979e58001b3e22fb
                    S: -ERR ...
                    """);
        }
        injects(143, "a1 STARTTLS\r\na2 LOGIN " + ann.address() + " injected\r\n");
        injects(110, "STLS\r\nUSER injected\r\n");
    }

    /** Says both in one flight: the server ends the connection, and no TLS session hears an answer to what came in clear. */
    private static void injects(int port, String flight) {
        try (var client = PROVIDER.plain(port)) {
            client.readLine();
            client.send(flight.getBytes(US_ASCII));
            assertThat(client.readToEnd()).doesNotContain(" OK").doesNotStartWith("+OK");
        }
    }
}
