package org.postern.imap;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** UIDONLY: RFC 9586, beside a client with sequence numbers. */
class UidOnlyTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @Test
    @DisplayName("RFC 9586 §3: UIDFETCH and VANISHED; what needs or names sequence numbers is refused with UIDREQUIRED")
    void uidOnly() {
        try (var imap = IMAP.person().withMessages(3).clients()) {
            imap.plays("""
                    1> a1 ENABLE UIDONLY
                    1< * ENABLED UIDONLY
                    1< a1 OK ENABLE completed
                    1> a2 SELECT INBOX
                    1< * FLAGS ...
                    1< * OK [PERMANENTFLAGS ...
                    1< * 3 EXISTS
                    1< * 3 RECENT
                    1< * OK [UIDVALIDITY ...
                    1< * OK [UIDNEXT ...
                    1< * OK [MAILBOXID ...
                    1< * OK [HIGHESTMODSEQ ...
                    1< a2 OK [READ-WRITE] SELECT completed
                    1> a3 UID FETCH 2 FLAGS
                    1< * 2 UIDFETCH (FLAGS (\\Recent))
                    1< a3 OK FETCH completed
                    1> a4 UID FETCH 2 (UID RFC822.SIZE)
                    1< * 2 UIDFETCH (UID 2 RFC822.SIZE 30)
                    1< a4 OK FETCH completed
                    2> b1 SELECT INBOX
                    2< ...
                    2< b1 OK ...
                    2> b2 STORE 1 +FLAGS.SILENT (\\Deleted)
                    2< b2 OK ...
                    2> b3 STORE 3 +FLAGS.SILENT (\\Seen)
                    2< b3 OK ...
                    2> b4 EXPUNGE
                    2< * 1 EXPUNGE
                    2< b4 OK ...
                    1> a5 NOOP
                    1< * VANISHED 1
                    1< * 3 UIDFETCH (FLAGS (\\Seen \\Recent))
                    1< a5 OK NOOP completed
                    1> a6 UID STORE 2 +FLAGS (\\Seen)
                    1< * 2 UIDFETCH (FLAGS (\\Seen \\Recent))
                    1< a6 OK STORE completed
                    1> a7 FETCH 1 FLAGS
                    1< a7 BAD [UIDREQUIRED] ...
                    1> a8 SEARCH ALL
                    1< a8 BAD [UIDREQUIRED] ...
                    1> a9 UID SEARCH NOT 1
                    1< a9 BAD [UIDREQUIRED] ...
                    1> c1 UID SEARCH UID 2:*
                    1< * SEARCH 2 3
                    1< c1 OK SEARCH completed
                    1> c2 COPY 1 Archive
                    1< c2 BAD [UIDREQUIRED] ...
                    1> c3 UID MOVE 2 Archive
                    1< * OK [COPYUID $validity 2 1] Moved
                    1= * VANISHED 2
                    1< c3 OK MOVE completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 9586 §3.5: with QRESYNC, sequence match data are refused")
    void qresync() {
        try (var imap = IMAP.person().withMessages(2).clients()) {
            imap.plays("""
                    C: a1 ENABLE UIDONLY QRESYNC
                    S: * ENABLED UIDONLY QRESYNC
                    S: a1 OK ENABLE completed
                    C: a2 SELECT INBOX (QRESYNC (1 1 1:2 (1 1)))
                    S: a2 BAD [UIDREQUIRED] ...
                    C: a3 SELECT INBOX (QRESYNC (1 2 1:2))
                    S: ...
                    S: * OK [HIGHESTMODSEQ 3] ...
                    S: * 2 UIDFETCH (FLAGS (\\Recent) MODSEQ (3))
                    S: a3 OK ...
                    """);
        }
    }
}
