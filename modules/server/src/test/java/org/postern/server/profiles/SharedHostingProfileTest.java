package org.postern.server.profiles;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.postern.server.profiles.Provider.done;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.accounts.TokenRequest;
import org.postern.testkit.CramMd5Client;
import org.postern.testkit.ImapTestClient;
import org.postern.testkit.Pop3TestClient;
import org.postern.testkit.SmtpTestClient;
import org.postern.testkit.TlsClient;
import org.postern.testkit.Transcript;

/** The profile {@code shared-hosting}, row by row. */
@DisplayName("Profile shared-hosting")
class SharedHostingProfileTest {
    @RegisterExtension
    static final Provider PROVIDER = new Provider("shared-hosting");

    private static final String PLAN = "basic";
    private static final long STORAGE = 1L << 30;

    @Test
    @DisplayName("K1: incoming and outgoing servers have names of their own, each with its own certificate")
    void certificates() throws Exception {
        for (int port : List.of(993, 995)) {
            try (var client = PROVIDER.implicit(port)) {
                assertThat(names(client)).contains("in.example.com").doesNotContain("out.example.com");
            }
        }
        try (var client = PROVIDER.implicit(587)) {
            assertThat(names(client)).contains("out.example.com").doesNotContain("in.example.com");
        }
        assertThat(shown("in.example.com")).isNotEqualTo(shown("out.example.com"));
    }

    private static List<Object> names(TlsClient client) throws CertificateParsingException {
        return client.serverCertificate().orElseThrow().getSubjectAlternativeNames().stream()
                .<Object>map(name -> name.get(1))
                .toList();
    }

    /** What a client sees that asks for the server by name. */
    private static X509Certificate shown(String name) {
        try (var client = TlsClient.to(PROVIDER.port(993)).sni(name).implicit()) {
            return client.serverCertificate().orElseThrow();
        }
    }

    @Test
    @DisplayName("K2: IMAP 993 and POP3 995 with TLS, and STARTTLS on 143 and 110")
    void incoming() {
        var ann = PROVIDER.person(PLAN);
        ann.imap().close();
        Pop3TestClient.loggedIn(PROVIDER.port(995), ann.address(), ann.secret()).close();
        try (var imap = PROVIDER.talkInClear(143, ann)) {
            imap.plays("""
                    S: * OK ...
                    C: a1 STARTTLS
                    S: a1 OK ...
                    C! STARTTLS
                    C: a2 LOGIN $user $secret
                    S: a2 OK ...
                    """);
        }
        try (var pop3 = PROVIDER.talkInClear(110, ann)) {
            pop3.plays("""
                    S: +OK ...
                    C: STLS
                    S: +OK ...
                    C! STARTTLS
                    C: AUTH PLAIN $plain
                    S: +OK ...
                    """);
        }
    }

    @Test
    @DisplayName("K3: on 587 a client that begins TLS at once and one that waits for STARTTLS both send")
    void bothHabits() {
        var ann = PROVIDER.person(PLAN);
        try (var smtp = SmtpTestClient.loggedIn(PROVIDER.port(587), ann.address(), ann.secret())) {
            assertThat(smtp.submit(ann.address(), ann.address(), ann.mail("by TLS")))
                    .startsWith("250 2.0.0");
        }
        try (var smtp = PROVIDER.talkInClear(587, ann)) {
            smtp.plays("""
                    S: 220 ...
                    C: EHLO client.example
                    S: ...
                    S: 250 STARTTLS
                    C: STARTTLS
                    S: 220 ...
                    C! STARTTLS
                    C: EHLO client.example
                    S: ...
                    S: 250 AUTH ...
                    C: AUTH PLAIN $plain
                    S: 235 2.7.0 ...
                    C: MAIL FROM:<$user>
                    S: 250 ...
                    C: RCPT TO:<$user>
                    S: 250 ...
                    C: DATA
                    S: 354 ...
                    C: Subject: by STARTTLS
                    C:\s
                    C: .
                    S: 250 2.0.0 ...
                    """);
        }
        try (var imap = ann.imap()) {
            assertThat(imap.ok("SELECT INBOX")).contains("* 2 EXISTS");
        }
    }

    @Test
    @DisplayName("K4: SMTP login by PLAIN and LOGIN, and by CRAM-MD5 with a token that is made for it")
    void mechanisms() {
        var ann = PROVIDER.person(PLAN);
        var old = ann.with(done(PROVIDER.admin()
                        .tokens()
                        .create(
                                ann.parsedAddress(),
                                TokenRequest.named("Old app").withCramMd5()))
                .secret());
        try (var smtp = greeted(ann)) {
            smtp.plays("""
                    C: AUTH PLAIN $plain
                    S: 235 2.7.0 ...
                    """);
        }
        try (var smtp = greeted(ann)) {
            smtp.let("user64", Person.base64(ann.address()))
                    .let("secret64", Person.base64(ann.secret()))
                    .plays("""
                            C: AUTH LOGIN
                            S: 334 VXNlcm5hbWU6
                            C: $user64
                            S: 334 UGFzc3dvcmQ6
                            C: $secret64
                            S: 235 2.7.0 ...
                            """);
        }
        assertThat(cramMd5(old)).startsWith("235 2.7.0");
        assertThat(cramMd5(old.with(old.secret().replace("-", "")))).startsWith("235 2.7.0");
        assertThat(cramMd5(ann)).startsWith("535 5.7.8");
        assertThat(cramMd5(ann.with("wrong"))).startsWith("535 5.7.8");
        try (var imap = ImapTestClient.connect(PROVIDER.port(993))) {
            assertThat(String.join("\n", imap.ok("CAPABILITY"))).doesNotContain("CRAM-MD5");
            assertThat(imap.command("AUTHENTICATE CRAM-MD5").getLast()).startsWith("NO");
        }
    }

    private static Transcript greeted(Person person) {
        return PROVIDER.talk(587, person).plays("""
                S: 220 ...
                C: EHLO client.example
                S: ...
                S: 250 AUTH SCRAM-SHA-256 PLAIN LOGIN CRAM-MD5
                """);
    }

    private static String cramMd5(Person person) {
        try (var smtp = SmtpTestClient.connect(PROVIDER.port(587))) {
            smtp.command("EHLO client.example");
            var challenge = smtp.command("AUTH CRAM-MD5").getLast().substring("334 ".length());
            return smtp.command(CramMd5Client.answer(person.address(), person.secret(), challenge))
                    .getLast();
        }
    }

    @Test
    @DisplayName("K5: POP3 downloads and removes; IMAP keeps")
    void popRemoves() {
        var ann = PROVIDER.person(PLAN);
        try (var imap = ann.imap()) {
            assertThat(imap.append("INBOX", ann.mail("one"))).startsWith("OK");
            imap.ok("SELECT INBOX");
            imap.fetch(1);
        }
        try (var pop3 = Pop3TestClient.loggedIn(PROVIDER.port(995), ann.address(), ann.secret())) {
            assertThat(pop3.retrieve(1)).isEqualTo(ann.mail("one"));
            pop3.ok("DELE 1");
            pop3.ok("QUIT");
        }
        try (var imap = ann.imap()) {
            assertThat(imap.ok("SELECT INBOX")).contains("* 0 EXISTS");
        }
    }

    @Test
    @DisplayName("K5: a full mailbox says so and loses nothing: what is sent to it goes through when there is room")
    void fullMailbox() {
        var ann = PROVIDER.person(PLAN);
        try (var imap = ann.imap();
                var smtp = SmtpTestClient.loggedIn(PROVIDER.port(587), ann.address(), ann.secret())) {
            assertThat(imap.append("INBOX", ann.mail("kept"))).startsWith("OK");
            fill(ann, STORAGE - 1);
            assertThat(imap.append("INBOX", ann.mail("too much"))).startsWith("NO [OVERQUOTA] The mailbox is full:");
            assertThat(smtp.submit(ann.address(), ann.address(), ann.mail("again")))
                    .startsWith("452 4.2.2 The mailbox is full:");
            assertThat(imap.ok("SELECT INBOX")).contains("* 1 EXISTS");
            assertThat(imap.fetch(1)).isEqualTo(ann.mail("kept"));
            fill(ann, ann.mail("kept").length);
            assertThat(smtp.submit(ann.address(), ann.address(), ann.mail("again")))
                    .startsWith("250 2.0.0");
            assertThat(imap.ok("STATUS INBOX (MESSAGES)")).contains("* STATUS INBOX (MESSAGES 2)");
        }
    }

    /** What the mailbox holds, as the store counts it. */
    private static void fill(Person person, long bytes) {
        PROVIDER.database()
                .transact(tx -> tx.update(
                        "UPDATE mailbox_usage SET bytes = ? WHERE mailbox_id = ?",
                        bytes,
                        person.mailbox().value()));
    }

    @Test
    @DisplayName("K6: many customers' domains on one server; the user name is the whole address in one's own domain")
    void domains() {
        var ann = PROVIDER.personAt("basic", "bakery.example");
        var bob = PROVIDER.personAt("large", "garage.example");
        ann.imap().close();
        bob.imap().close();
        var strayed = new Person(
                PROVIDER, bob.account(), bob.mailbox(), ann.address().replace("bakery", "garage"), ann.secret());
        assertThatThrownBy(strayed::imap).hasMessageContaining("AUTHENTICATIONFAILED");
        assertThatThrownBy(bob.with(ann.secret())::imap).hasMessageContaining("AUTHENTICATIONFAILED");
        try (var smtp = SmtpTestClient.loggedIn(PROVIDER.port(587), ann.address(), ann.secret())) {
            assertThat(smtp.submit(ann.address(), bob.address(), ann.mail("from next door")))
                    .startsWith("250 2.0.0");
            assertThat(smtp.submit(bob.address(), ann.address(), ann.mail("forged")))
                    .startsWith("553 5.7.1");
        }
        try (var imap = bob.imap()) {
            assertThat(imap.ok("SELECT INBOX")).contains("* 1 EXISTS");
        }
    }
}
