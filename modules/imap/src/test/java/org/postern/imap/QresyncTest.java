package org.postern.imap;

import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** QRESYNC: RFC 7162 §3.2, two clients where state is shared. */
class QresyncTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @Test
    @DisplayName(
            "RFC 7162 §3.2.3, §3.2.10: ENABLE QRESYNC; VANISHED instead of EXPUNGE, UID and MODSEQ with every FETCH")
    void vanished() {
        try (var imap = IMAP.person().withMessages(6).clients()) {
            imap.plays("""
                    1> a1 ENABLE QRESYNC NONSENSE
                    1< * ENABLED QRESYNC
                    1< a1 OK ENABLE completed
                    1> a2 SELECT INBOX
                    1< ...
                    1< a2 OK ...
                    2> b1 SELECT INBOX
                    2< ...
                    2< b1 OK ...
                    2> b2 STORE 2:3,5 +FLAGS.SILENT (\\Deleted)
                    2< b2 OK ...
                    2> b3 UID EXPUNGE 1:4
                    2< * 3 EXPUNGE
                    2= * 2 EXPUNGE
                    2< b3 OK EXPUNGE completed
                    1> a3 NOOP
                    1< * VANISHED 2:3
                    1= * 3 FETCH (UID 5 FLAGS (\\Deleted \\Recent) MODSEQ (8))
                    1< a3 OK NOOP completed
                    1> a4 EXPUNGE
                    1< * VANISHED 5
                    1< a4 OK [HIGHESTMODSEQ 10] EXPUNGE completed
                    1> a5 EXPUNGE
                    1< a5 OK EXPUNGE completed
                    1> a8 UID MOVE 4 Archive
                    1< * OK [COPYUID $validity 4 1] Moved
                    1= * VANISHED 4
                    1< a8 OK [HIGHESTMODSEQ 11] MOVE completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 7162 §3.2 (RFC 5162 erratum 1810): while expunges are held back, HIGHESTMODSEQ stays below them")
    void heldBack() {
        try (var imap = IMAP.person().withMessages(4).clients()) {
            imap.plays("""
                    1> a1 ENABLE QRESYNC
                    1< * ENABLED QRESYNC
                    1< a1 OK ENABLE completed
                    1> a2 SELECT INBOX
                    1< ...
                    1< a2 OK ...
                    2> b1 SELECT INBOX
                    2< ...
                    2< b1 OK ...
                    2> b2 STORE 2 +FLAGS.SILENT (\\Deleted)
                    2< b2 OK ...
                    1> a3 NOOP
                    1< * 2 FETCH (UID 2 FLAGS (\\Deleted \\Recent) MODSEQ (6))
                    1< a3 OK ...
                    2> b3 EXPUNGE
                    2< * 2 EXPUNGE
                    2< b3 OK ...
                    2> b4 STORE 3 +FLAGS.SILENT (\\Seen)
                    2< b4 OK ...
                    1> a4 FETCH 1 FLAGS
                    1< * 4 FETCH (UID 4 FLAGS (\\Seen \\Recent) MODSEQ (8))
                    1< * 1 FETCH (FLAGS (\\Recent))
                    1< a4 OK [HIGHESTMODSEQ 6] FETCH completed
                    1> a5 STORE 1 (UNCHANGEDSINCE 1) +FLAGS (\\Seen)
                    1< * OK [HIGHESTMODSEQ 6] Expunges are held back
                    1< a5 OK [MODIFIED 1] ...
                    1> a6 NOOP
                    1< * VANISHED 2
                    1< a6 OK NOOP completed
                    1> a7 FETCH 1 FLAGS
                    1< * 1 FETCH (FLAGS (\\Recent))
                    1< a7 OK FETCH completed
                    """);
        }
    }

    @Test
    @DisplayName(
            "RFC 7162 §3.2.5, §3.2.11: SELECT with QRESYNC tells what vanished and what changed since, and CLOSED before")
    void select() {
        try (var imap = IMAP.person().withMessages(8).clients()) {
            imap.plays("""
                    1> a1 ENABLE QRESYNC
                    1< * ENABLED QRESYNC
                    1< a1 OK ENABLE completed
                    1> a2 SELECT INBOX
                    1< ...
                    1< * OK [UIDVALIDITY $validity] ...
                    1< * OK [UIDNEXT 9] ...
                    1< * OK [MAILBOXID ...] ...
                    1< * OK [HIGHESTMODSEQ 9] ...
                    1< a2 OK ...
                    1> a3 UNSELECT
                    1< a3 OK ...
                    2> b1 SELECT INBOX
                    2< ...
                    2< b1 OK ...
                    2> b2 STORE 2,4,8 +FLAGS.SILENT (\\Deleted)
                    2< b2 OK ...
                    2> b3 EXPUNGE
                    2< * 8 EXPUNGE
                    2= * 4 EXPUNGE
                    2= * 2 EXPUNGE
                    2< b3 OK ...
                    2> b4 STORE 1,3 +FLAGS.SILENT (\\Seen)
                    2< b4 OK ...
                    1> a4 SELECT INBOX (QRESYNC ($validity 9))
                    1< ...
                    1< * OK [HIGHESTMODSEQ 12] ...
                    1< * VANISHED (EARLIER) 2,4,8
                    1< * 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (12))
                    1< * 3 FETCH (UID 5 FLAGS (\\Seen) MODSEQ (12))
                    1< a4 OK [READ-WRITE] SELECT completed
                    1> a5 SELECT INBOX (QRESYNC ($validity 9 1:4))
                    1< * OK [CLOSED] The folder before is closed
                    1< ...
                    1< * OK [HIGHESTMODSEQ 12] ...
                    1< * VANISHED (EARLIER) 2,4
                    1< * 1 FETCH (UID 1 FLAGS (\\Seen) MODSEQ (12))
                    1< a5 OK ...
                    1> a6 EXAMINE INBOX (QRESYNC ($validity 12 5:8 (1:3 1,3,5)))
                    1< * OK [CLOSED] The folder before is closed
                    1< ...
                    1< * OK [HIGHESTMODSEQ 12] ...
                    1< a6 OK [READ-ONLY] EXAMINE completed
                    1> a7 SELECT INBOX (QRESYNC (4294967295 9))
                    1< * OK [CLOSED] The folder before is closed
                    1< ...
                    1< * OK [HIGHESTMODSEQ 12] ...
                    1< a7 OK ...
                    1> a8 SELECT nothing
                    1< * OK [CLOSED] The folder before is closed
                    1< a8 NO [NONEXISTENT] No such folder
                    1> a9 SELECT INBOX (QRESYNC ($validity 0))
                    1< a9 BAD Zero is no mod-sequence here
                    1> c1 SELECT INBOX (QRESYNC ($validity 1 1:*))
                    1< c1 BAD Only numbers that the client knows are allowed here
                    1> c2 SELECT INBOX (QRESYNC ($validity 1 (1:2 3)))
                    1< c2 BAD The sequence match data have as many numbers as UIDs
                    """);
        }
    }

    @Test
    @DisplayName("RFC 7162 §3.2.6: UID FETCH with VANISHED")
    void fetchVanished() {
        try (var imap = IMAP.person().withMessages(5).clients()) {
            imap.plays("""
                    C: a1 ENABLE CONDSTORE QRESYNC
                    S: * ENABLED CONDSTORE QRESYNC
                    S: a1 OK ENABLE completed
                    C: a2 SELECT INBOX
                    S: ...
                    S: a2 OK ...
                    C: a3 STORE 1,3,5 +FLAGS.SILENT (\\Deleted)
                    S: * 1 FETCH (UID 1 MODSEQ (7))
                    S: * 3 FETCH (UID 3 MODSEQ (7))
                    S: * 5 FETCH (UID 5 MODSEQ (7))
                    S: a3 OK ...
                    C: a4 EXPUNGE
                    S: * VANISHED 1,3,5
                    S: a4 OK ...
                    C: a5 STORE 2 +FLAGS.SILENT (\\Seen)
                    S: ...
                    S: a5 OK ...
                    C: a6 UID FETCH 2:* (FLAGS) (CHANGEDSINCE 7 VANISHED)
                    S: * VANISHED (EARLIER) 3,5
                    S: * 2 FETCH (UID 4 FLAGS (\\Seen \\Recent) MODSEQ (9))
                    S: a6 OK FETCH completed
                    C: a7 UID FETCH 1:3 (FLAGS) (VANISHED CHANGEDSINCE 8)
                    S: a7 OK FETCH completed
                    C: a8 UID FETCH 1:3 (FLAGS) (VANISHED)
                    S: a8 BAD VANISHED goes with CHANGEDSINCE
                    """);
        }
    }

    @Test
    @DisplayName(
            "RFC 7162 §3.2.5.1, §3.2.5.2: below the log's floor all that is missing has vanished, but for what is matched")
    void belowTheFloor() {
        var person = IMAP.person().withMessages(6);
        try (var imap = person.clients()) {
            imap.plays("""
                    C: a1 ENABLE QRESYNC
                    S: * ENABLED QRESYNC
                    S: a1 OK ENABLE completed
                    C: a2 SELECT INBOX
                    S: ...
                    S: * OK [UIDVALIDITY $validity] ...
                    S: * OK [UIDNEXT 7] ...
                    S: * OK [MAILBOXID ...] ...
                    S: * OK [HIGHESTMODSEQ 7] ...
                    S: a2 OK ...
                    C: a3 STORE 2,5:6 +FLAGS.SILENT (\\Deleted)
                    S: ...
                    S: a3 OK ...
                    C: a4 EXPUNGE
                    S: * VANISHED 2,5:6
                    S: a4 OK ...
                    """);
            IMAP.forgetChanges(person);
            imap.plays("""
                    C: a5 SELECT INBOX (QRESYNC ($validity 7))
                    S: ...
                    S: * OK [HIGHESTMODSEQ 9] ...
                    S: * VANISHED (EARLIER) 2,5:6
                    S: a5 OK ...
                    C: a6 SELECT INBOX (QRESYNC ($validity 7 1:4,6 (1:3 1,3:4)))
                    S: ...
                    S: * OK [HIGHESTMODSEQ 9] ...
                    S: * VANISHED (EARLIER) 6
                    S: a6 OK ...
                    C: a7 SELECT INBOX (QRESYNC ($validity 7 1:6 (1:2,4 1,3,6)))
                    S: ...
                    S: * OK [HIGHESTMODSEQ 9] ...
                    S: * VANISHED (EARLIER) 5:6
                    S: a7 OK ...
                    C: a8 SELECT INBOX (QRESYNC ($validity 9))
                    S: ...
                    S: * OK [HIGHESTMODSEQ 9] ...
                    S: a8 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 7162 §3.2.10: many ranges go into several VANISHED responses, 1,000 in each")
    void manyRanges() {
        int count = 2 * 1_001;
        var person = IMAP.person().withMany(count);
        var odd = LongStream.range(0, 1_001)
                .mapToObj(i -> String.valueOf(2 * i + 1))
                .collect(Collectors.joining(","));
        try (var imap = person.clients()) {
            imap.let("odd", odd)
                    .let("first", odd.substring(0, odd.lastIndexOf(',')))
                    .plays("""
                    C: a1 ENABLE QRESYNC
                    S: * ENABLED QRESYNC
                    S: a1 OK ENABLE completed
                    C: a2 SELECT INBOX
                    S: ...
                    S: a2 OK ...
                    C: a3 UID STORE $odd +FLAGS.SILENT (\\Deleted)
                    S: ...
                    S: a3 OK ...
                    C: a4 EXPUNGE
                    S: * VANISHED $first
                    S: * VANISHED 2001
                    S: a4 OK ...
                    """);
        }
    }
}
