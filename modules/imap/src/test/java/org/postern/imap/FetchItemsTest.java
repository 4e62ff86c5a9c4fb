package org.postern.imap;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** FETCH items of extensions: RFC 3516, RFC 8474, RFC 8514, RFC 8970. */
class FetchItemsTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    private static final String PARTS = """
            Subject: parts
            MIME-Version: 1.0
            Content-Type: multipart/mixed; boundary=b

            --b
            Content-Type: text/plain; charset=utf-8
            Content-Transfer-Encoding: quoted-printable

            Gr=C3=BC=
            =C3=9Fe =3D hello
            --b
            Content-Type: application/octet-stream
            Content-Transfer-Encoding: base64

            AAECAwQF
            BgcICQ==
            --b
            Content-Type: application/x-odd
            Content-Transfer-Encoding: x-uuencode

            what
            --b
            Content-Type: text/plain

            as it is
            --b--
            """.replace("\n", "\r\n");

    @Test
    @DisplayName("RFC 3516 §4: BINARY decodes parts, whole and in part; BINARY.SIZE says how much; UNKNOWN-CTE")
    void binary() {
        try (var imap = IMAP.person().append("INBOX", PARTS).inInbox()) {
            imap.plays("""
                    C: a1 FETCH 1 (BINARY.SIZE[1] BINARY.SIZE[2] BINARY.SIZE[4])
                    S: * 1 FETCH (BINARY.SIZE[1] 15 BINARY.SIZE[2] 10 BINARY.SIZE[4] 8)
                    S: a1 OK FETCH completed
                    C: a2 FETCH 1 BINARY.PEEK[2]
                    S: * 1 FETCH (BINARY[2] ~{10}
                    1| ␀\\x{01}\\x{02}\\x{03}\\x{04}\\x{05}\\x{06}\\x{07}\\x{08}\\x{09})
                    S: a2 OK FETCH completed
                    C: a3 FETCH 1 (BINARY.PEEK[2]<2.3> BINARY.PEEK[2]<20.5> BINARY.PEEK[9])
                    S: * 1 FETCH (BINARY[2]<2> ~{3}
                    1| \\x{02}\\x{03}\\x{04} BINARY[2]<20> ~{0}
                    1|  BINARY[9] NIL)
                    S: a3 OK FETCH completed
                    C: a4 FETCH 1 BINARY[1]
                    S: * 1 FETCH (BINARY[1] ~{15}
                    1| Gr\\x{c3}\\x{bc}\\x{c3}\\x{9f}e = hello FLAGS (\\Seen \\Recent))
                    S: a4 OK FETCH completed
                    C: a5 FETCH 1 (UID BINARY.PEEK[3] BINARY.SIZE[3])
                    S: * 1 FETCH (UID 1)
                    S: a5 NO [UNKNOWN-CTE] ...
                    C: a6 FETCH 1 BINARY.PEEK[4]
                    S: * 1 FETCH (BINARY[4] ~{8}
                    1| as it is)
                    S: a6 OK FETCH completed
                    C: a7 FETCH 1 (BINARY.SIZE[] RFC822.SIZE)
                    S: * 1 FETCH (BINARY.SIZE[] $size RFC822.SIZE $size)
                    S: a7 OK FETCH completed
                    C: a8 FETCH 1 BINARY.PEEK[]<0.9>
                    S: * 1 FETCH (BINARY[]<0> ~{9}
                    1| Subject: )
                    S: a8 OK FETCH completed
                    C: a9 FETCH 1 BINARY[TEXT]
                    S: a9 BAD ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 8970 §3: PREVIEW, lazy or not, in UTF-8 and empty where there is no text")
    void preview() {
        var person = IMAP.person().append("INBOX", PARTS).append("INBOX", "Subject: none\r\n\r\n");
        try (var imap = person.append("INBOX", "\r\nshort").inInbox()) {
            imap.plays("""
                    C: a1 FETCH 1 PREVIEW
                    S: * 1 FETCH (PREVIEW {15}
                    1| Gr\\x{c3}\\x{bc}\\x{c3}\\x{9f}e = hello)
                    S: a1 OK FETCH completed
                    C: a2 FETCH 2 (PREVIEW (LAZY) UID)
                    S: * 2 FETCH (PREVIEW "" UID 2)
                    S: a2 OK FETCH completed
                    C: a3 FETCH 3 preview (lazy)
                    S: * 3 FETCH (PREVIEW "short")
                    S: a3 OK FETCH completed
                    C: a4 FETCH 1:3 PREVIEW (CHANGEDSINCE 3)
                    S: * 3 FETCH (PREVIEW "short" MODSEQ (4))
                    S: a4 OK FETCH completed
                    """);
        }
    }

    @Test
    @DisplayName(
            "RFC 8474, RFC 8514: ids are a copy's too, a folder's outlives its name; the save date is the copy's own")
    void identity() {
        try (var imap = IMAP.person().withMessages(1).inInbox()) {
            imap.plays("""
                    C: a1 FETCH 1 (EMAILID THREADID SAVEDATE)
                    S: * 1 FETCH (EMAILID ($email) THREADID NIL SAVEDATE "$day-$month-$year $time +0000")
                    S: a1 OK FETCH completed
                    C: a2 CREATE project
                    S: a2 OK [MAILBOXID ($id)] CREATE completed
                    C: a3 COPY 1 project
                    S: a3 OK ...
                    C: a4 RENAME project done
                    S: a4 OK ...
                    C: a5 STATUS done (MAILBOXID MESSAGES)
                    S: * STATUS done (MESSAGES 1 MAILBOXID ($id))
                    S: a5 OK ...
                    C: a6 SELECT done
                    S: ...
                    S: * OK [MAILBOXID ($id)] Its id
                    S: ...
                    S: a6 OK ...
                    C: a7 FETCH 1 EMAILID
                    S: * 1 FETCH (EMAILID ($email))
                    S: a7 OK ...
                    """);
        }
    }
}
