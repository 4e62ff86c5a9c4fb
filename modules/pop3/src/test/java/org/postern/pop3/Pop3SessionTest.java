package org.postern.pop3;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.testbed.ProtocolServer;
import org.postern.testkit.ScramClient;
import org.postern.testkit.Transcript;

class Pop3SessionTest {
    @RegisterExtension
    static final ProtocolServer POP3 = Pop3Server.standard();

    /** A session in TRANSACTION over {@code messages} small messages. */
    private static Transcript maildrop(int messages) {
        return POP3.person().withMessages(messages).clients().plays(LOGIN);
    }

    private static final String LOGIN = """
            C: USER $user
            S: +OK Postern POP3 ready, session ...
            S: +OK ...
            C: PASS $secret
            S: +OK ...
            """;

    @Test
    @DisplayName("RFC 1939 §5: STAT, LIST, RETR, DELE, RSET, NOOP; marked messages are no more, until RSET")
    void transaction() {
        maildrop(3).plays("""
                C: STAT
                S: +OK 3 90
                C: LIST
                S: +OK 3 messages (90 octets)
                S: 1 30
                S: 2 30
                S: 3 30
                S: .
                C: LIST 2
                S: +OK 2 30
                C: RETR 2
                S: +OK 30 octets
                S: Subject: message 2
                S:
                S: body 2
                S: .
                C: DELE 2
                S: +OK Message 2 deleted
                C: RETR 2
                S: -ERR No such message
                C: LIST 2
                S: -ERR No such message
                C: STAT
                S: +OK 2 60
                C: LIST
                S: +OK 2 messages (60 octets)
                S: 1 30
                S: 3 30
                S: .
                C: RSET
                S: +OK 3 messages
                C: NOOP
                S: +OK
                C: STAT
                S: +OK 3 90
                """);
    }

    @Test
    @DisplayName("RFC 1939 §6: DELE takes effect at QUIT only, and numbers never move before")
    void update() {
        var person = POP3.person().withMessages(3);
        person.clients().plays(LOGIN).plays("""
                C: DELE 1
                S: +OK Message 1 deleted
                1! HANGUP
                """);
        person.clients().plays(LOGIN).plays("""
                C: STAT
                S: +OK 3 90
                C: DELE 1
                S: +OK Message 1 deleted
                C: UIDL 2
                S: +OK 2 $second
                C: QUIT
                S: +OK Goodbye, 1 messages removed
                C! CLOSED
                """);
        person.clients().plays(LOGIN).plays("""
                C: STAT
                S: +OK 2 60
                C: RETR 1
                S: +OK 30 octets
                S: Subject: message 2
                S:
                S: body 2
                S: .
                """);
    }

    @Test
    @DisplayName("RFC 1939 §7: UIDL is the same in every session and never given to another message")
    void uniqueIds() {
        var person = POP3.person().withMessages(2);
        var first = person.clients().plays(LOGIN).plays("""
                C: UIDL
                S: +OK 2 messages ...
                S: 1 $one
                S: 2 $two
                S: .
                C: DELE 2
                S: +OK Message 2 deleted
                C: QUIT
                S: +OK ...
                """);
        person.withMessages(1);
        person.clients().let("one", first.value("one")).plays(LOGIN).plays("""
                C: UIDL
                S: +OK 2 messages ...
                S: 1 $one
                S: 2 $three
                S: .
                """);
        assertThat(first.value("one")).isNotEqualTo(first.value("two"));
    }

    @Test
    @DisplayName("the maildrop is frozen at login: what comes or goes meanwhile is not seen")
    void frozen() {
        var person = POP3.person().withMessages(2);
        person.clients().plays("""
                1> USER $user
                1< +OK ...
                1< +OK ...
                1> PASS $secret
                1< +OK 2 messages (60 octets)
                2> USER $user
                2< +OK ...
                2< +OK ...
                2> PASS $secret
                2< +OK 2 messages (60 octets)
                2> DELE 1
                2< +OK Message 1 deleted
                2> QUIT
                2< +OK Goodbye, 1 messages removed
                1> STAT
                1< +OK 2 60
                1> RETR 1
                1< +OK 30 octets
                1< Subject: message 1
                1<
                1< body 1
                1< .
                1> DELE 1
                1< +OK Message 1 deleted
                1> QUIT
                1< +OK Goodbye, 1 messages removed
                """);
    }

    @Test
    @DisplayName("RFC 1939 §7: TOP gives the header and so many lines; dots at line starts are doubled")
    void top() {
        var person = POP3.person().append("INBOX", "A: b\r\n\r\n.one\r\ntwo\r\nthree\r\n");
        person.clients().plays(LOGIN).plays("""
                C: TOP 1 0
                S: +OK ...
                S: A: b
                S:
                S: .
                C: TOP 1 2
                S: +OK ...
                S: A: b
                S:
                S: ..one
                S: two
                S: .
                C: TOP 1 99
                S: +OK ...
                S: A: b
                S:
                S: ..one
                S: two
                S: three
                S: .
                C: TOP 1
                S: -ERR TOP takes a message number and a count of lines
                C: TOP 1 x
                S: -ERR TOP takes a message number and a count of lines
                C: TOP 2 1
                S: -ERR No such message
                """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0", "4", "-1", "x", "1x", "99999999999999999999", "1 2"})
    @DisplayName("a number that names no message is refused")
    void noSuchMessage(String number) {
        maildrop(3).plays("C: RETR " + number + "\nS: -ERR No such message\n");
    }

    @Test
    @DisplayName("RFC 2449 §5: CAPA says what the session can be asked for now")
    void capabilities() {
        POP3.person().clients().plays("""
                C: CAPA
                S: +OK Postern POP3 ready, session ...
                S: +OK Capability list follows
                S: TOP
                S: UIDL
                S: RESP-CODES
                S: AUTH-RESP-CODE
                S: PIPELINING
                S: EXPIRE NEVER
                S: USER
                S: SASL SCRAM-SHA-256-PLUS SCRAM-SHA-256 PLAIN LOGIN
                S: UTF8 USER
                S: IMPLEMENTATION Postern
                S: .
                """);
        POP3.person().inClear().plays("""
                C: CAPA
                S: +OK Postern POP3 ready, session ...
                S: +OK Capability list follows
                S: TOP
                S: UIDL
                S: RESP-CODES
                S: AUTH-RESP-CODE
                S: PIPELINING
                S: EXPIRE NEVER
                S: STLS
                S: IMPLEMENTATION Postern
                S: .
                """);
    }

    @Test
    @DisplayName("RFC 2595 §4, RFC 8314 §3.2: before STLS no credential is taken, not even one sent unasked")
    void startTls() {
        POP3.person().inClear().plays("""
                C: USER $user
                S: +OK ...
                S: -ERR [AUTH] Start TLS before you log in.
                C: PASS $secret
                S: -ERR [AUTH] Start TLS before you log in.
                C: AUTH PLAIN AGEAYg==
                S: -ERR [AUTH] Start TLS before you log in.
                C: STLS
                S: +OK Begin TLS
                C! STARTTLS
                C: USER $user
                S: +OK ...
                C: PASS $secret
                S: +OK 0 messages (0 octets)
                C: STLS
                S: -ERR You are logged in already
                """);
    }

    @Test
    @DisplayName(
            "RFC 6856 §2.1: UTF8 before the login and behind TLS only; headers in UTF-8 come as they are, whoever asks")
    void utf8() {
        var person = POP3.person().append("INBOX", "Subject: Grüße\r\n\r\nä\r\n");
        var retrieved = """
                C: USER $user
                S: +OK ...
                C: PASS $secret
                S: +OK ...
                C: RETR 1
                S: +OK 24 octets
                S: Subject: Grüße
                S:
                S: ä
                S: .
                """;
        person.clients().plays("""
                C: UTF8 yes
                S: +OK ...
                S: -ERR UTF8 takes no argument
                C: UTF8
                S: +OK UTF-8 is welcome
                """).plays(retrieved).plays("""
                C: UTF8
                S: -ERR You are logged in already
                """);
        person.clients().plays("S: +OK ...\n").plays(retrieved);
        person.inClear().plays("""
                C: UTF8
                S: +OK ...
                S: -ERR [AUTH] Start TLS before you log in.
                """);
    }

    @Test
    @DisplayName("RFC 3207 §6's attack on STLS: bytes in the same flight behind it end the connection")
    void injection() {
        POP3.person().inClear().plays("""
                C- STLS␍␊USER $user␍␊
                S: +OK ...
                S: -ERR Nothing may follow STLS in the same flight
                C! CLOSED
                """);
    }

    @Test
    @DisplayName("RFC 5034 §4: AUTH PLAIN with an initial response, with a challenge, cancelled, damaged")
    void sasl() {
        var person = POP3.person();
        var plain = Base64.getEncoder()
                .encodeToString(("\0" + person.address() + '\0' + person.secret()).getBytes(StandardCharsets.UTF_8));
        person.clients().let("plain", plain).plays("""
                1> AUTH PLAIN $plain
                1< +OK ...
                1< +OK 0 messages (0 octets)
                2> AUTH PLAIN
                2< +OK ...
                2< +\s
                2> $plain
                2< +OK 0 messages (0 octets)
                3> AUTH PLAIN
                3< +OK ...
                3< +\s
                3> *
                3< -ERR AUTH cancelled
                3> AUTH PLAIN !!!
                3< -ERR That is not what the mechanism wants
                3> AUTH CRAM-MD5
                3< -ERR Mechanism not known; CAPA lists them
                3> AUTH
                3< -ERR AUTH takes a mechanism; CAPA lists them
                3> AUTH PLAIN $plain
                3< +OK 0 messages (0 octets)
                """);
    }

    @Test
    @DisplayName("RFC 5034, RFC 5802, RFC 7677, RFC 5929: AUTH SCRAM-SHA-256-PLUS, over TLS as it is")
    void scram() {
        var person = POP3.person();
        try (var pop3 = person.clients()) {
            var certificate = pop3.client(1).serverCertificate().orElseThrow();
            var scram = ScramClient.plus(person.address().toString(), person.secret(), certificate);
            pop3.let("first", scram.first()).plays("""
                    S: +OK ...
                    C: AUTH SCRAM-SHA-256-PLUS $first
                    S: + $challenge
                    """);
            pop3.let("last", scram.last(pop3.value("challenge"))).plays("""
                    C: $last
                    S: + $signature
                    C:\s
                    S: +OK 0 messages (0 octets)
                    """);
            assertThat(scram.trusts(pop3.value("signature"))).isTrue();
        }
    }

    @Test
    @DisplayName("refusals are alike: unknown address, wrong token, account password")
    void refusals() {
        var person = POP3.person();
        person.clients().plays("""
                C: PASS secret
                S: +OK ...
                S: -ERR Send USER first
                C: USER nobody@example.org
                S: +OK ...
                C: PASS x
                S: -ERR [AUTH] Authentication failed. Use your full email address and a client token, not your account password. Help: https://example.org/help
                C: USER $user
                S: +OK ...
                C: PASS x
                S: -ERR [AUTH] Authentication failed. Use your full email address and a client token, not your account password. Help: https://example.org/help
                C: PASS $secret
                S: -ERR Send USER first
                C: STAT
                S: -ERR Log in first
                C: USER $user
                S: +OK ...
                C: PASS $secret
                S: +OK ...
                C: USER $user
                S: -ERR You are logged in already
                """);
    }

    @Test
    @DisplayName("RFC 2449 §6.6: pipelined commands are answered in order")
    void pipelining() {
        maildrop(2).plays("""
                C- STAT␍␊DELE 1␍␊STAT␍␊NOSUCH␍␊QUIT␍␊
                S: +OK 2 60
                S: +OK Message 1 deleted
                S: +OK 1 30
                S: -ERR Command not known
                S: +OK Goodbye, 1 messages removed
                C! CLOSED
                """);
    }

    @Test
    @DisplayName("a line over the bound, control characters and damaged UTF-8 are refused, and the session goes on")
    void badLines() {
        maildrop(1).plays("C: STAT " + "x".repeat(Pop3Limits.DEFAULT.line().commandLine()) + """

                S: -ERR Line too long
                C: ST␀AT
                S: -ERR Control characters are not taken
                C: STAT \\x{ff}
                S: -ERR Lines are UTF-8
                C: STAT
                S: +OK 1 30
                """);
    }

    @Test
    @DisplayName("twenty refused commands end the session")
    void tooManyRefusals() {
        var script = new StringBuilder();
        for (int i = 0; i < Pop3Limits.DEFAULT.line().badCommands(); i++) {
            script.append("C: NOSUCH\nS: -ERR Command not known\n");
        }
        maildrop(0).plays(script + """
                S: -ERR [SYS/TEMP] Too many commands
                C! CLOSED
                """);
    }
}
