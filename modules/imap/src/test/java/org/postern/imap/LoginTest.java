package org.postern.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.testkit.ScramClient;
import org.postern.testkit.TlsClient;

/** Before login: RFC 3501 §6.1, §6.2. */
class LoginTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    private static final String REFUSED = "NO [AUTHENTICATIONFAILED] Authentication failed. Use your full email address"
            + " and a client token, not your account password. Help: https://example.org/help";

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    @DisplayName("RFC 3501 §6.1.1, §6.2.3: the greeting and LOGIN's OK carry the capabilities; LOGOUT says BYE")
    void login() {
        try (var imap = IMAP.person().strangers()) {
            imap.plays("""
                    S: * OK [CAPABILITY IMAP4rev1 IMAP4rev2 SASL-IR LITERAL+ ID ENABLE IDLE AUTH=SCRAM-SHA-256-PLUS AUTH=SCRAM-SHA-256 AUTH=PLAIN AUTH=LOGIN] Postern ready, session $id
                    C: a1 capability
                    S: * CAPABILITY IMAP4rev1 IMAP4rev2 SASL-IR LITERAL+ ID ENABLE IDLE AUTH=SCRAM-SHA-256-PLUS AUTH=SCRAM-SHA-256 AUTH=PLAIN AUTH=LOGIN
                    S: a1 OK CAPABILITY completed
                    C: a2 NOOP
                    S: a2 OK NOOP completed
                    C: a3 LOGIN $user $secret
                    S: a3 OK [CAPABILITY IMAP4rev1 ... APPENDLIMIT=1048576] Logged in
                    C: a4 LOGIN $user $secret
                    S: a4 BAD ...
                    C: a5 LOGOUT
                    S: * BYE Logging out
                    S: a5 OK LOGOUT completed
                    C! CLOSED
                    """);
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.2.3: LOGIN with literals, synchronising and not")
    void loginWithLiterals() {
        var person = IMAP.person();
        int user = person.address().toString().length();
        int secret = person.secret().length();
        try (var imap = person.strangers()) {
            imap.plays("""
                    S: * OK ...
                    C: a1 LOGIN {%d}
                    S: + OK
                    C: $user {%d}
                    S: + OK
                    C: $secret
                    S: a1 OK ...
                    """.formatted(user, secret));
        }
        try (var imap = person.strangers()) {
            imap.plays("""
                    S: * OK ...
                    C: a1 LOGIN {%d+}
                    C: $user {%d+}
                    C: $secret
                    S: a1 OK ...
                    """.formatted(user, secret));
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.2.2, RFC 4959 §3: AUTHENTICATE PLAIN asked, with an initial response, and cancelled")
    void authenticatePlain() {
        var person = IMAP.person();
        var right = base64("\0" + person.address() + "\0" + person.secret());
        try (var imap = person.strangers().let("right", right)) {
            imap.plays("""
                    S: * OK ...
                    C: a1 AUTHENTICATE PLAIN
                    S: +\s
                    C: *
                    S: a1 BAD AUTHENTICATE cancelled
                    C: a2 AUTHENTICATE X-NONE
                    S: a2 NO Unknown mechanism
                    C: a3 AUTHENTICATE PLAIN
                    S: +\s
                    C: $right
                    S: a3 OK [CAPABILITY ...] Logged in
                    C: a4 LOGOUT
                    S: * BYE ...
                    S: a4 OK ...
                    """);
        }
        try (var imap = person.strangers().let("right", right)) {
            imap.plays("""
                    S: * OK ...
                    C: a1 authenticate plain $right
                    S: a1 OK [CAPABILITY ...] Logged in
                    """);
        }
    }

    @Test
    @DisplayName("AUTHENTICATE LOGIN, as Outlook speaks it")
    void authenticateLogin() {
        var person = IMAP.person();
        try (var imap = person.strangers()
                .let("user64", base64(person.address().toString()))
                .let("secret64", base64(person.secret()))) {
            imap.plays("""
                    S: * OK ...
                    C: a1 AUTHENTICATE LOGIN
                    S: + VXNlcm5hbWU6
                    C: $user64
                    S: + UGFzc3dvcmQ6
                    C: $secret64
                    S: a1 OK [CAPABILITY ...] Logged in
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5802, RFC 7677, RFC 5929: AUTHENTICATE SCRAM-SHA-256-PLUS, over TLS as it is")
    void authenticateScram() {
        var person = IMAP.person();
        try (var imap = person.strangers()) {
            var certificate = imap.client(1).serverCertificate().orElseThrow();
            var scram = ScramClient.plus(person.address().toString(), person.secret(), certificate);
            imap.let("first", scram.first()).plays("""
                    S: * OK ...
                    C: a1 AUTHENTICATE SCRAM-SHA-256-PLUS $first
                    S: + $challenge
                    """);
            imap.let("last", scram.last(imap.value("challenge"))).plays("""
                    C: $last
                    S: + $signature
                    C:\s
                    S: a1 OK [CAPABILITY ...] Logged in
                    """);
            assertThat(scram.trusts(imap.value("signature"))).isTrue();
        }
    }

    @Test
    @DisplayName("REPLIES: a wrong secret, an unknown mailbox, acting for others and garbage are refused alike")
    void refusals() {
        var person = IMAP.person();
        for (var attempt : new String[] {
            "LOGIN " + person.address() + " wrong",
            "LOGIN nobody@example.org wrong",
            "AUTHENTICATE PLAIN " + base64("other@example.org\0" + person.address() + "\0" + person.secret()),
            "AUTHENTICATE PLAIN " + base64("no nul"),
            "AUTHENTICATE PLAIN %%%",
        }) {
            try (var client = TlsClient.to(IMAP.port()).implicit()) {
                client.readLine();
                client.sendLine("a1 " + attempt.replace("%%%", "AAA="));
                assertThat(client.readLine()).as(attempt).isEqualTo("a1 " + REFUSED);
            }
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.2.1, §11.2: no login in clear, STARTTLS, capabilities anew")
    void startTls() {
        try (var imap = IMAP.person().inClear()) {
            imap.plays("""
                    S: * OK [CAPABILITY IMAP4rev1 IMAP4rev2 SASL-IR LITERAL+ ID ENABLE IDLE STARTTLS LOGINDISABLED] Postern ready, session $id
                    C: a1 LOGIN $user $secret
                    S: a1 NO [PRIVACYREQUIRED] Start TLS before you log in.
                    C: a2 AUTHENTICATE PLAIN
                    S: a2 NO [PRIVACYREQUIRED] Start TLS before you log in.
                    C: a3 LOGIN {5}
                    S: a3 NO [PRIVACYREQUIRED] Start TLS before you log in.
                    C: a4 SELECT INBOX
                    S: a4 BAD SELECT is not possible before login
                    C: a5 STARTTLS
                    S: a5 OK Begin TLS negotiation now
                    C! STARTTLS
                    C: a6 STARTTLS
                    S: a6 BAD TLS is already active
                    C: a7 CAPABILITY
                    S: * CAPABILITY IMAP4rev1 IMAP4rev2 SASL-IR LITERAL+ ID ENABLE IDLE AUTH=SCRAM-SHA-256-PLUS AUTH=SCRAM-SHA-256 AUTH=PLAIN AUTH=LOGIN
                    S: a7 OK ...
                    C: a8 LOGIN $user $secret
                    S: a8 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 3207 §6, CVE-2011-0411: what comes in clear behind STARTTLS is an attack")
    void injection() {
        try (var client = TlsClient.to(IMAP.clearPort()).plain()) {
            client.readLine();
            client.send("a1 STARTTLS\r\na2 NOOP\r\n");
            assertThat(client.readToEnd()).doesNotContain("a1 OK").doesNotContain("a2");
        }
    }

    @Test
    @DisplayName("RFC 2971: ID before and after login")
    void id() {
        try (var imap = IMAP.person().strangers()) {
            imap.plays("""
                    S: * OK ...
                    C: a1 ID ("name" "K-9" "version" NIL)
                    S: * ID ("name" "Postern")
                    S: a1 OK ID completed
                    C: a2 ID NIL
                    S: * ID ("name" "Postern")
                    S: a2 OK ID completed
                    C: a3 ID x
                    S: a3 BAD ...
                    """);
        }
    }

    @Test
    @DisplayName("bound: bad commands in a row end the connection; one good command in between does not")
    void badCommands() {
        try (var client = TlsClient.to(IMAP.port()).implicit()) {
            client.readLine();
            for (int i = 1; i < ImapLimits.STANDARD.badCommands(); i++) {
                client.sendLine("a NONSENSE");
                assertThat(client.readLine()).isEqualTo("a BAD Unknown command");
            }
            client.sendLine("a NOOP");
            assertThat(client.readLine()).startsWith("a OK");
            for (int i = 1; i <= ImapLimits.STANDARD.badCommands(); i++) {
                client.sendLine("\"");
                assertThat(client.readLine()).startsWith("* BAD");
            }
            assertThat(client.readToEnd()).isEqualTo("* BYE Too many bad commands\r\n");
        }
    }

    @Test
    @DisplayName("bound: an endless line, a huge literal announced, garbage")
    void endless() {
        try (var client = TlsClient.to(IMAP.port()).implicit()) {
            client.readLine();
            client.send("a1 " + "x".repeat(ImapLimits.STANDARD.lineBytes() + 10));
            assertThat(client.readToEnd()).isEqualTo("* BYE [TOOBIG] Command too long\r\n");
        }
        try (var client = TlsClient.to(IMAP.port()).implicit()) {
            client.readLine();
            client.sendLine("a1 LOGIN {1073741824}");
            assertThat(client.readLine()).isEqualTo("a1 BAD [TOOBIG] Literal too big");
            client.sendLine("a2 NOOP");
            assertThat(client.readLine()).startsWith("a2 OK");
            client.sendLine("a3 LOGIN {1073741824+}");
            assertThat(client.readToEnd()).isEqualTo("* BYE [TOOBIG] Literal too big\r\n");
        }
        try (var client = TlsClient.to(IMAP.port()).implicit()) {
            client.readLine();
            client.send(new byte[] {0, 1, 2, (byte) 0xFF, '\r', '\n'});
            assertThat(client.readLine()).startsWith("* BAD");
        }
    }

    @Test
    @DisplayName("commands that come one byte at a time are understood, literals too")
    void byteByByte() {
        var person = IMAP.person();
        try (var client = TlsClient.to(IMAP.port()).implicit()) {
            client.readLine();
            var login = "a1 LOGIN {" + person.address().toString().length() + "+}\r\n" + person.address() + ' '
                    + person.secret() + "\r\na2 LIST \"\" INBOX\r\n";
            for (var b : login.getBytes(StandardCharsets.UTF_8)) {
                client.send(new byte[] {b});
            }
            assertThat(client.readLine()).startsWith("a1 OK");
            assertThat(client.readUntil("a2").getFirst()).isEqualTo("* LIST (\\HasNoChildren) \"/\" INBOX");
        }
    }

    @Test
    @DisplayName("a revoked token ends the session at once, with its reason")
    void revoked() {
        var person = IMAP.person();
        try (var client = person.loggedIn()) {
            IMAP.tokens().revoke(person.address(), "Phone");
            assertThat(client.readToEnd())
                    .isEqualTo(
                            "* BYE [UNAVAILABLE] Access with this client token has ended. Help: https://example.org/help\r\n");
        }
    }

    @Test
    @DisplayName("metrics: commands by name and outcome")
    void metrics() {
        try (var client = IMAP.person().loggedIn()) {
            client.sendLine("a1 ENABLE X");
            client.readUntil("a1");
            client.sendLine("a2 NOOP");
            client.readUntil("a2");
            assertThat(IMAP.meters()
                            .get("postern.commands")
                            .tag("command", "ENABLE")
                            .tag("status", "OK")
                            .timer()
                            .count())
                    .isEqualTo(1);
        }
    }
}
