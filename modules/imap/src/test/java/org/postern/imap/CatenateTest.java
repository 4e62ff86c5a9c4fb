package org.postern.imap;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** APPEND and REPLACE of messages made of parts that the server has already: RFC 4469. */
class CatenateTest {
    private static final String DRAFT = """
            Subject: trip\r
            Content-Type: multipart/mixed; boundary=b\r
            \r
            --b\r
            Content-Type: text/plain\r
            \r
            old\r
            --b\r
            Content-Type: application/zip\r
            \r
            PKPK\r
            --b--\r
            """;

    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @Test
    @DisplayName(
            "RFC 4469 §3: text and URLs in their order, of the selected folder and of others; nothing becomes \\Seen")
    void catenates() {
        try (var imap = IMAP.person().append("Drafts", DRAFT).clients()) {
            imap.plays("""
                    C: a1 STATUS Drafts (UIDVALIDITY)
                    S: * STATUS Drafts (UIDVALIDITY $validity)
                    S: a1 OK ...
                    C: a2 APPEND Sent (\\Flagged) CATENATE (URL "/Drafts;UIDVALIDITY=$validity/;UID=1/;section=HEADER" TEXT {8}
                    S: + OK
                    C: --b␍␊new TEXT {5+}
                    C: ␍␊--b URL "/Drafts/;UID=1/;section=2.MIME" URL /Drafts/;UID=1/;Section=2/;PARTIAL=1.3 UTF8 (~{9}
                    S: + OK
                    C: ␍␊--b--␍␊))
                    S: a2 OK [APPENDUID $sent 1] APPEND completed
                    C: a3 EXAMINE Sent
                    S: ...
                    S: a3 OK ...
                    C: a4 FETCH 1 (FLAGS BODY.PEEK[])
                    S: * 1 FETCH (FLAGS (\\Flagged \\Recent) BODY[] {118}
                    S| Subject: trip
                    S| Content-Type: multipart/mixed; boundary=b
                    S|
                    S| --b
                    S| new
                    S| --bContent-Type: application/zip
                    S|
                    S| KPK
                    S| --b--
                    S| )
                    S: a4 OK ...
                    C: a5 STATUS Drafts (UNSEEN)
                    S: * STATUS Drafts (UNSEEN 1)
                    S: a5 OK ...
                    """);
        }
    }

    @Test
    @DisplayName(
            "RFC 4469 §3 with RFC 3502, RFC 8508: among several messages, and in REPLACE by UID of the selected folder")
    void withOthers() {
        try (var imap = IMAP.person().append("Drafts", DRAFT).clients()) {
            imap.plays("""
                    C: a1 SELECT Drafts
                    S: ...
                    S: a1 OK ...
                    C: a2 APPEND Sent {3+}
                    C: one (\\Seen) CATENATE (URL ";UID=1/;SECTION=1") ~{5+}
                    C: three
                    S: a2 OK [APPENDUID $sent 1:3] APPEND completed
                    C: a3 UID REPLACE 1 Drafts (\\Draft) CATENATE (URL ;UID=1/;SECTION=HEADER TEXT {4+}
                    C: next)
                    S: * OK [APPENDUID $drafts 2] Replaced
                    S: * 1 EXPUNGE
                    S: * 1 EXISTS
                    S: * 1 RECENT
                    S: a3 OK REPLACE completed
                    C: a4 FETCH 1 (UID FLAGS RFC822.SIZE BODY.PEEK[TEXT])
                    S: * 1 FETCH (UID 2 FLAGS (\\Draft \\Recent) RFC822.SIZE 64 BODY[TEXT] {4}
                    S| next)
                    S: a4 OK ...
                    C: a5 EXAMINE Sent
                    S: ...
                    S: a5 OK ...
                    C: a6 FETCH 2 BODY.PEEK[]
                    S: * 2 FETCH (BODY[] {3}
                    S| old)
                    S: a6 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 4469 §4.1: BADURL names the first URL that names nothing, and nobody is invited to go on")
    void badUrl() {
        try (var imap = IMAP.person().append("Drafts", DRAFT).clients()) {
            imap.plays("""
                    C: a1 APPEND Sent CATENATE (URL "/Drafts/;UID=1" URL "/Drafts/;UID=2" TEXT {3}
                    S: a1 NO [BADURL /Drafts/;UID=2] No such message or part
                    C: a2 APPEND Sent CATENATE (URL "/Drafts/;UID=1/;section=3" TEXT {3+}
                    C: abc)
                    S: a2 NO [BADURL /Drafts/;UID=1/;section=3] ...
                    C: a3 APPEND Sent CATENATE (URL "/Drafts;UIDVALIDITY=4242/;UID=1")
                    S: a3 NO [BADURL ...] ...
                    C: a4 APPEND Sent CATENATE (URL "/none/;UID=1")
                    S: a4 NO [BADURL ...] ...
                    C: a5 APPEND Sent CATENATE (URL "imap://localhost/Drafts/;UID=1")
                    S: a5 NO [BADURL ...] ...
                    C: a6 APPEND Sent CATENATE (URL ";UID=1")
                    S: a6 NO [BADURL ;UID=1] ...
                    C: a7 APPEND Sent CATENATE (FILE "/etc/passwd")
                    S: a7 BAD A part is TEXT, UTF8 or URL
                    C: a8 APPEND Sent CATENATE (TEXT {1+}
                    C: ␀)
                    S: a8 BAD A message has no NUL ...
                    C: a9 STATUS Sent (MESSAGES)
                    S: * STATUS Sent (MESSAGES 0)
                    S: a9 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 4469 §4.2: the parts together are no larger than a message may be; refused before they are sent")
    void tooBig() {
        var half = "x".repeat((int) ImapServer.MAX_MESSAGE / 2);
        try (var imap = IMAP.person().append("Drafts", half).clients()) {
            imap.plays("""
                    C: a1 APPEND Sent CATENATE (URL /Drafts/;UID=1 URL /Drafts/;UID=1)
                    S: a1 OK [APPENDUID $validity 1] APPEND completed
                    C: a2 APPEND Sent CATENATE (URL /Drafts/;UID=1 URL /Drafts/;UID=1 TEXT {1}
                    S: a2 NO [TOOBIG] ...
                    C: a3 APPEND Sent CATENATE (TEXT {1+}
                    C: x URL /Drafts/;UID=1 URL /Drafts/;UID=1)
                    S: a3 NO [TOOBIG] ...
                    C: a4 STATUS Sent (SIZE)
                    S: * STATUS Sent (SIZE $size)
                    S: a4 OK ...
                    """.replace("$size", String.valueOf(ImapServer.MAX_MESSAGE)));
        }
    }
}
