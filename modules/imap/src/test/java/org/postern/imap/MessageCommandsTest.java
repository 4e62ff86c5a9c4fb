package org.postern.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.testkit.MailCorpus;

/** Messages: RFC 3501 §6.3.11, §6.4 and the extensions about them, one client. */
class MessageCommandsTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    static final String NESTED = """
            From: Ann <ann@example.org>
            To: bob@example.org
            Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
            Date: Sat, 21 Nov 2026 10:00:00 +0100
            Message-ID: <m1@example.org>
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: base64

            TcO8bGxlcg==
            --b
            Content-Type: message/rfc822

            From: eve@example.org
            Subject: inner

            inner text
            --b--
            """.replace("\n", "\r\n");

    @Test
    @DisplayName(
            "RFC 3501 §6.3.11, RFC 4315 §3: APPEND with flags and date answers APPENDUID; TRYCREATE comes before the message")
    void append() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 APPEND nothing {10}
                    S: a1 NO [TRYCREATE] No such folder
                    C: a2 APPEND Sent (\\Seen $Label) " 7-Feb-1994 21:52:25 -0800" {10}
                    S: + OK
                    C: 0123456789
                    S: a2 OK [APPENDUID $validity 1] APPEND completed
                    C: a3 APPEND Sent {3+}
                    C: abc
                    S: a3 OK [APPENDUID $validity 2] APPEND completed
                    C: a4 APPEND Sent {0}
                    S: + OK
                    C:
                    S: a4 OK [APPENDUID $validity 3] APPEND completed
                    C: a5 SELECT Sent
                    S: * FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $$Label)
                    S: * OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft $$Label \\*)] ...
                    S: * 3 EXISTS
                    S: * 3 RECENT
                    S: * OK [UNSEEN 2] First unseen
                    S: * OK [UIDVALIDITY $validity] ...
                    S: * OK [UIDNEXT 4] ...
                    S: * OK [HIGHESTMODSEQ 4] ...
                    S: * OK [MAILBOXID ...] Its id
                    S: a5 OK ...
                    C: a6 FETCH 1:3 (UID FLAGS INTERNALDATE RFC822.SIZE BODY.PEEK[])
                    S: * 1 FETCH (UID 1 FLAGS (\\Seen $$Label \\Recent) INTERNALDATE "08-Feb-1994 05:52:25 +0000" RFC822.SIZE 10 BODY[] {10}
                    1| 0123456789)
                    S: * 2 FETCH (UID 2 FLAGS (\\Recent) INTERNALDATE "21-Nov-2026 12:00:00 +0000" RFC822.SIZE 3 BODY[] {3}
                    1| abc)
                    S: * 3 FETCH (UID 3 FLAGS (\\Recent) INTERNALDATE "21-Nov-2026 12:00:00 +0000" RFC822.SIZE 0 BODY[] {0}
                    1| )
                    S: a6 OK FETCH completed
                    C: a7 APPEND Sent {3} x
                    S: a7 BAD Missing or invalid literal
                    C: a8 APPEND Sent {3}
                    S: + OK
                    C: abc more
                    S: a8 BAD Missing or invalid literal
                    C: a9 NOOP
                    S: a9 OK NOOP completed
                    """.replace("$Label)", "$$Label)").replace("$$$", "$$"));
        }
    }

    @Test
    @DisplayName("RFC 3501 §9 CHAR8, RFC 7889, RFC 9208 §4.3: NUL, too big, over quota: nothing is stored")
    void appendRefused() {
        var person = IMAP.person();
        try (var imap = person.clients().let("half", "x".repeat(700_000))) {
            imap.plays("""
                    C: a1 APPEND INBOX {5}
                    S: + OK
                    C: ab␀cd
                    S: a1 BAD A message has no NUL (RFC 3501 section 9, CHAR8)
                    C: a2 APPEND INBOX {1048577}
                    S: a2 NO [TOOBIG] Message too big: the limit is 1048576 bytes
                    C: a3 APPEND INBOX {1073741824}
                    S: a3 NO [TOOBIG] Message too big: the limit is 1048576 bytes
                    C: a4 STATUS INBOX (MESSAGES)
                    S: * STATUS INBOX (MESSAGES 0)
                    S: a4 OK ...
                    """);
            for (int i = 0; i < 4; i++) {
                imap.plays("""
                        C: b%d APPEND INBOX {700000+}
                        C: $half
                        S: b%d OK ...
                        """.formatted(i, i));
            }
            imap.plays("""
                    C: c1 APPEND INBOX {700000+}
                    C: $half
                    S: c1 NO [OVERQUOTA] The mailbox is full: 2 of 3 MiB are used. Delete mail to make room.
                    C: c2 SELECT INBOX
                    S: ...
                    S: c2 OK ...
                    C: c3 COPY 1:4 Sent
                    S: c3 NO [OVERQUOTA] ...
                    C: c4 STATUS Sent (MESSAGES)
                    S: * STATUS Sent (MESSAGES 0)
                    S: c4 OK ...
                    C: c5 APPEND INBOX {1048577+}
                    C: $half-more
                    """.replace("$half-more", "")).client(1).send("x".repeat(1_048_577) + "\r\n");
            imap.plays("""
                    S: c5 NO [TOOBIG] Message too big: the limit is 1048576 bytes
                    C: c6 NOOP
                    S: c6 OK NOOP completed
                    C: c7 APPEND INBOX {99999999+}
                    S: * BYE [TOOBIG] Literal too big
                    C! CLOSED
                    """);
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.4.5: FETCH ENVELOPE, BODY, BODYSTRUCTURE and the macros")
    void fetchParsed() {
        try (var imap = IMAP.person().append("INBOX", NESTED).inInbox()) {
            imap.plays("""
                    C: a1 FETCH 1 ENVELOPE
                    S: * 1 FETCH (ENVELOPE ("Sat, 21 Nov 2026 10:00:00 +0100" "=?utf-8?q?Gr=C3=BC=C3=9Fe?=" (("Ann" NIL "ann" "example.org")) (("Ann" NIL "ann" "example.org")) (("Ann" NIL "ann" "example.org")) ((NIL NIL "bob" "example.org")) NIL NIL NIL "<m1@example.org>"))
                    S: a1 OK FETCH completed
                    C: a2 FETCH 1 FAST
                    S: * 1 FETCH (FLAGS (\\Recent) INTERNALDATE "21-Nov-2026 12:00:00 +0000" RFC822.SIZE %d)
                    S: a2 OK FETCH completed
                    C: a3 FETCH 1 FULL
                    S: * 1 FETCH (FLAGS (\\Recent) INTERNALDATE ... RFC822.SIZE ... ENVELOPE (... BODY (("text" "plain" ("charset" "utf-8") NIL NIL "base64" 12 1)("message" "rfc822" NIL NIL NIL "7bit" 51 (NIL "inner" ((NIL NIL "eve" "example.org")) ...) ("text" "plain" ("charset" "us-ascii") NIL NIL "7bit" 10 1) 4) "mixed"))
                    S: a3 OK FETCH completed
                    C: a4 FETCH 1 BODYSTRUCTURE
                    S: * 1 FETCH (BODYSTRUCTURE (... "mixed" ("boundary" "b") NIL NIL NIL))
                    S: a4 OK FETCH completed
                    C: a5 UID FETCH 1:* RFC822.SIZE
                    S: * 1 FETCH (UID 1 RFC822.SIZE %d)
                    S: a5 OK FETCH completed
                    C: a6 FETCH 2 FLAGS
                    S: a6 BAD No such message
                    C: a7 UID FETCH 2:9 FLAGS
                    S: * 1 FETCH (UID 1 FLAGS (\\Recent))
                    S: a7 OK FETCH completed
                    """.replace(
                            "C: a7 UID FETCH 2:9 FLAGS\nS: * 1 FETCH (UID 1 FLAGS (\\Recent))",
                            "C: a7 UID FETCH 2:9 FLAGS")
                    .formatted(NESTED.length(), NESTED.length()));
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.4.5: sections, part numbers, header fields, partials; a part that is not there is NIL")
    void fetchSections() {
        try (var imap = IMAP.person().append("INBOX", NESTED).inInbox()) {
            imap.plays(
                    """
                    C: a1 FETCH 1 BODY.PEEK[1]
                    S: * 1 FETCH (BODY[1] {12}
                    1| TcO8bGxlcg==)
                    S: a1 OK ...
                    C: a2 FETCH 1 BODY.PEEK[1.MIME]
                    S: * 1 FETCH (BODY[1.MIME] {78}
                    1| Content-Type: text/plain; charset=utf-8
                    1| Content-Transfer-Encoding: base64
                    1|
                    1| )
                    S: a2 OK ...
                    C: a3 FETCH 1 BODY.PEEK[2.HEADER]
                    S: * 1 FETCH (BODY[2.HEADER] {41}
                    1| From: eve@example.org
                    1| Subject: inner
                    1|
                    1| )
                    S: a3 OK ...
                    C: a4 FETCH 1 (BODY.PEEK[2.TEXT] BODY.PEEK[2.1] BODY.PEEK[2.HEADER.FIELDS (SUBJECT)])
                    S: * 1 FETCH (BODY[2.TEXT] {10}
                    1| inner text BODY[2.1] {10}
                    1| inner text BODY[2.HEADER.FIELDS (SUBJECT)] {18}
                    1| Subject: inner
                    1|
                    1| )
                    S: a4 OK ...
                    C: a5 FETCH 1 (BODY.PEEK[3] BODY.PEEK[1.TEXT] BODY.PEEK[1.1])
                    S: * 1 FETCH (BODY[3] NIL BODY[1.TEXT] NIL BODY[1.1] NIL)
                    S: a5 OK ...
                    C: a6 FETCH 1 BODY.PEEK[HEADER.FIELDS (to subject X-None)]
                    S: * 1 FETCH (BODY[HEADER.FIELDS (to subject X-None)] {61}
                    1| To: bob@example.org
                    1| Subject: =?utf-8?q?Gr=C3=BC=C3=9Fe?=
                    1|
                    1| )
                    S: a6 OK ...
                    C: a7 FETCH 1 BODY.PEEK[HEADER.FIELDS.NOT (To Subject Date Message-ID MIME-Version Content-Type)]
                    S: * 1 FETCH (BODY[HEADER.FIELDS.NOT (To Subject Date Message-ID MIME-Version Content-Type)] {31}
                    1| From: Ann <ann@example.org>
                    1|
                    1| )
                    S: a7 OK ...
                    C: a8 FETCH 1 (BODY.PEEK[]<6.3> BODY.PEEK[HEADER]<0.5> BODY.PEEK[]<99999.5> BODY.PEEK[1]<10.9999>)
                    S: * 1 FETCH (BODY[]<6> {3}
                    1| Ann BODY[HEADER]<0> {5}
                    1| From: BODY[]<99999> {0}
                    1|  BODY[1]<10> {2}
                    1| ==)
                    S: a8 OK ...
                    C: a9 FETCH 1 FLAGS
                    S: * 1 FETCH (FLAGS (\\Recent))
                    S: a9 OK ...
                    C: b1 FETCH 1 BODY[1]
                    S: * 1 FETCH (BODY[1] {12}
                    1| TcO8bGxlcg== FLAGS (\\Seen \\Recent))
                    S: b1 OK ...
                    C: b2 FETCH 1 RFC822.HEADER
                    S: * 1 FETCH (RFC822.HEADER {...
                    S: b2 OK ...
                    """.replace("C: b2 FETCH 1 RFC822.HEADER\nS: * 1 FETCH (RFC822.HEADER {...\nS: b2 OK ...\n", ""));
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.4.5: real-looking messages come back byte for byte, whole and in halves")
    void byteForByte() {
        var corpus = new MailCorpus(7).messages(40);
        var person = IMAP.person();
        try (var client = person.loggedIn()) {
            for (int i = 0; i < corpus.size(); i++) {
                client.send("a" + i + " APPEND INBOX {" + corpus.get(i).length + "+}\r\n");
                client.send(corpus.get(i)).send("\r\n");
                assertThat(client.readLine()).startsWith("a" + i + " OK");
            }
            client.sendLine("s SELECT INBOX");
            client.readUntil("s OK");
            client.sendLine("f FETCH 1:* BODY.PEEK[]");
            for (int i = 0; i < corpus.size(); i++) {
                assertThat(client.readLine())
                        .isEqualTo("* " + (i + 1) + " FETCH (BODY[] {" + corpus.get(i).length + "}");
                assertThat(client.readExactly(corpus.get(i).length)).isEqualTo(corpus.get(i));
                assertThat(client.readLine()).isEqualTo(")");
            }
            assertThat(client.readLine()).startsWith("f OK");
            for (int i = 0; i < corpus.size(); i++) {
                int half = corpus.get(i).length / 2;
                client.sendLine("h FETCH " + (i + 1) + " (BODY.PEEK[]<0." + Math.max(1, half) + "> BODY.PEEK[]<" + half
                        + ".99999999>)");
                client.readLine();
                var first = client.readExactly(half);
                client.readLine();
                var second = client.readExactly(corpus.get(i).length - half);
                assertThat(client.readLine()).isEqualTo(")");
                assertThat(client.readLine()).startsWith("h OK");
                assertThat(new String(first, StandardCharsets.ISO_8859_1)
                                + new String(second, StandardCharsets.ISO_8859_1))
                        .isEqualTo(new String(corpus.get(i), StandardCharsets.ISO_8859_1));
            }
        }
    }

    @Test
    @DisplayName(
            "RFC 3501 §6.4.5: a message over every buffer goes in and out in slices; a partial fetch reads its own bytes")
    void large() {
        var message = new MailCorpus(11).large((int) ImapServer.MAX_MESSAGE - 10_000);
        try (var client = IMAP.person().loggedIn()) {
            client.sendLine("a1 APPEND INBOX {" + message.length + "}");
            assertThat(client.readLine()).isEqualTo("+ OK");
            client.send(message).send("\r\n");
            assertThat(client.readLine()).startsWith("a1 OK");
            client.sendLine("a2 SELECT INBOX");
            client.readUntil("a2");
            client.sendLine("a3 FETCH 1 (BODY.PEEK[] UID)");
            assertThat(client.readLine()).isEqualTo("* 1 FETCH (BODY[] {" + message.length + "}");
            assertThat(client.readExactly(message.length)).isEqualTo(message);
            assertThat(client.readLine()).isEqualTo(" UID 1)");
            assertThat(client.readLine()).startsWith("a3 OK");
            int from = message.length / 2;
            client.sendLine("a4 FETCH 1 BODY.PEEK[]<" + from + ".1000>");
            assertThat(client.readLine()).isEqualTo("* 1 FETCH (BODY[]<" + from + "> {1000}");
            assertThat(client.readExactly(1000)).isEqualTo(Arrays.copyOfRange(message, from, from + 1000));
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.4.6: STORE replaces, adds, removes; .SILENT says nothing; keywords show in FLAGS")
    void store() {
        try (var imap = IMAP.person().withMessages(3).inInbox()) {
            imap.plays("""
                    C: a1 STORE 1:2 +FLAGS (\\Seen)
                    S: * 1 FETCH (FLAGS (\\Seen \\Recent))
                    S: * 2 FETCH (FLAGS (\\Seen \\Recent))
                    S: a1 OK STORE completed
                    C: a2 STORE 2:3 FLAGS.SILENT (\\Flagged)
                    S: a2 OK STORE completed
                    C: a3 UID STORE 3 -FLAGS \\Flagged
                    S: * 3 FETCH (UID 3 FLAGS (\\Recent))
                    S: a3 OK STORE completed
                    C: a4 STORE 1 +FLAGS (Work \\Answered)
                    S: * FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft Work)
                    S: * OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft Work \\*)] Flags permitted
                    S: * 1 FETCH (FLAGS (\\Seen \\Answered Work \\Recent))
                    S: a4 OK STORE completed
                    C: a5 FETCH 1:* FLAGS
                    S: * 1 FETCH (FLAGS (\\Seen \\Answered Work \\Recent))
                    S: * 2 FETCH (FLAGS (\\Flagged \\Recent))
                    S: * 3 FETCH (FLAGS (\\Recent))
                    S: a5 OK FETCH completed
                    C: a6 STORE 4 +FLAGS (\\Seen)
                    S: a6 BAD No such message
                    C: a7 UID STORE 99 +FLAGS (\\Seen)
                    S: a7 OK STORE completed
                    C: a8 STORE 1 +FLAGS (\\Nonsense)
                    S: a8 BAD Unknown system flag
                    C: a9 STORE 1 +FLAGS (work)
                    S: * 1 FETCH (FLAGS (\\Seen \\Answered Work \\Recent))
                    S: a9 OK STORE completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.4.3, §6.4.2, RFC 4315 §2.1: EXPUNGE, UID EXPUNGE, CLOSE")
    void expunge() {
        try (var imap = IMAP.person().withMessages(6).inInbox()) {
            imap.plays("""
                    C: a1 STORE 1,3,5,6 +FLAGS.SILENT (\\Deleted)
                    S: a1 OK STORE completed
                    C: a2 UID EXPUNGE 3:4
                    S: * 3 EXPUNGE
                    S: a2 OK EXPUNGE completed
                    C: a3 EXPUNGE
                    S= * 5 EXPUNGE
                    S= * 4 EXPUNGE
                    S= * 1 EXPUNGE
                    S: a3 OK EXPUNGE completed
                    C: a4 UID FETCH 1:* FLAGS
                    S: * 1 FETCH (UID 2 FLAGS (\\Recent))
                    S: * 2 FETCH (UID 4 FLAGS (\\Recent))
                    S: a4 OK ...
                    C: a5 EXPUNGE
                    S: a5 OK EXPUNGE completed
                    C: a6 STORE 1 +FLAGS (\\Deleted)
                    S: * 1 FETCH (FLAGS (\\Deleted \\Recent))
                    S: a6 OK ...
                    C: a7 CLOSE
                    S: a7 OK CLOSE completed
                    C: a8 STATUS INBOX (MESSAGES UIDNEXT)
                    S: * STATUS INBOX (MESSAGES 1 UIDNEXT 7)
                    S: a8 OK ...
                    C: a9 EXPUNGE
                    S: a9 BAD ...
                    """.replace("S= ", "1= "));
        }
    }

    @Test
    @DisplayName(
            "RFC 3501 §6.4.7, RFC 6851, RFC 4315 §3: COPY and MOVE answer COPYUID; MOVE's comes before its EXPUNGEs")
    void copyAndMove() {
        try (var imap = IMAP.person().withMessages(4).inInbox()) {
            imap.plays("""
                    C: a1 COPY 1,3 Archive
                    S: a1 OK [COPYUID $validity 1,3 1:2] COPY completed
                    C: a2 COPY 1 nothing
                    S: a2 NO [TRYCREATE] No such folder
                    C: a3 UID COPY 77 Archive
                    S: a3 OK COPY completed
                    C: a4 COPY 5 Archive
                    S: a4 BAD No such message
                    C: a5 UID MOVE 2:3 Archive
                    1= * OK [COPYUID $validity 2:3 3:4] Moved
                    1= * 3 EXPUNGE
                    1= * 2 EXPUNGE
                    S: a5 OK MOVE completed
                    C: a6 MOVE 1 nothing
                    S: a6 NO [TRYCREATE] No such folder
                    C: a7 MOVE 1 Archive
                    1= * OK [COPYUID $validity 1 5] Moved
                    1= * 1 EXPUNGE
                    S: a7 OK MOVE completed
                    C: a8 COPY 1 INBOX
                    S: * 2 EXISTS
                    S: * 2 RECENT
                    S: a8 OK [COPYUID $inbox 4 5] COPY completed
                    C: a9 STATUS Archive (MESSAGES RECENT UNSEEN)
                    S: * STATUS Archive (MESSAGES 5 RECENT 5 UNSEEN 5)
                    S: a9 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("an empty folder: 1:* and * name nothing")
    void emptyFolder() {
        try (var imap = IMAP.person().inInbox()) {
            imap.plays("""
                    C: a1 FETCH 1:* FLAGS
                    S: a1 OK FETCH completed
                    C: a2 UID FETCH 1:* FLAGS
                    S: a2 OK FETCH completed
                    C: a3 SEARCH ALL
                    S: * SEARCH
                    S: a3 OK SEARCH completed
                    C: a4 FETCH 1 FLAGS
                    S: a4 BAD No such message
                    C: a5 EXPUNGE
                    S: a5 OK EXPUNGE completed
                    """);
        }
    }
}
