package org.postern.imap;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** CONDSTORE: RFC 7162 §3.1, two clients where state is shared. */
class CondstoreTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @Test
    @DisplayName(
            "RFC 7162 §3.1: SELECT and STATUS tell HIGHESTMODSEQ; once enabled, MODSEQ comes with news of both kinds")
    void modseqs() {
        try (var imap = IMAP.person().withMessages(3).clients()) {
            imap.plays("""
                    1> a1 STATUS INBOX (HIGHESTMODSEQ)
                    1< * STATUS INBOX (HIGHESTMODSEQ 4)
                    1< a1 OK STATUS completed
                    1> a2 SELECT INBOX (CONDSTORE)
                    1< ...
                    1< * OK [HIGHESTMODSEQ 4] Highest mod-sequence
                    1< a2 OK [READ-WRITE] SELECT completed
                    1> a3 FETCH 2:3 (UID MODSEQ)
                    1< * 2 FETCH (UID 2 MODSEQ (3))
                    1< * 3 FETCH (UID 3 MODSEQ (4))
                    1< a3 OK FETCH completed
                    2> b1 SELECT INBOX
                    2< ...
                    2< b1 OK ...
                    2> b2 STORE 2 +FLAGS (\\Flagged)
                    2< * 2 FETCH (FLAGS (\\Flagged))
                    2< b2 OK STORE completed
                    1> a4 NOOP
                    1< * 2 FETCH (FLAGS (\\Flagged \\Recent) MODSEQ (5))
                    1< a4 OK NOOP completed
                    1> a5 STORE 1 +FLAGS.SILENT (\\Flagged)
                    1< * 1 FETCH (MODSEQ (6))
                    1< a5 OK STORE completed
                    1> a6 UID STORE 1 +FLAGS (\\Seen)
                    1< * 1 FETCH (UID 1 FLAGS (\\Seen \\Flagged \\Recent) MODSEQ (7))
                    1< a6 OK STORE completed
                    1> a7 FETCH 3 BODY[TEXT]
                    1< * 3 FETCH (BODY[TEXT] {8}
                    1| body 3
                    1|  FLAGS (\\Seen \\Recent) MODSEQ (8))
                    1< a7 OK FETCH completed
                    2> b3 NOOP
                    2< * 1 FETCH (FLAGS (\\Seen \\Flagged))
                    2< * 3 FETCH (FLAGS (\\Seen))
                    2< b3 OK NOOP completed
                    2> b4 FETCH 3 MODSEQ
                    2< * 3 FETCH (MODSEQ (8))
                    2< b4 OK FETCH completed
                    1> a8 STORE 3 -FLAGS (\\Seen)
                    1< * 3 FETCH (FLAGS (\\Recent) MODSEQ (9))
                    1< a8 OK STORE completed
                    2> b5 NOOP
                    2< * 3 FETCH (FLAGS () MODSEQ (9))
                    2< b5 OK NOOP completed
                    1> a9 SELECT Archive (NONSENSE)
                    1< a9 BAD Unknown or repeated parameter
                    1> b1 SELECT Archive (QRESYNC (1 1))
                    1< b1 BAD The parameter QRESYNC needs ENABLE QRESYNC
                    1> b2 UID FETCH 1 FLAGS (CHANGEDSINCE 1 VANISHED)
                    1< b2 BAD VANISHED needs ENABLE QRESYNC
                    """);
        }
    }

    @Test
    @DisplayName(
            "RFC 3501 §6.4.6: a silent UID STORE tells nothing older than itself; what others changed comes with its own outcome, once")
    void silentAfterOthers() {
        try (var imap = IMAP.person().withMessages(2).clients()) {
            imap.plays("""
                    1> a1 SELECT INBOX (CONDSTORE)
                    1< ...
                    1< a1 OK ...
                    2> b0 SELECT INBOX
                    2< ...
                    2< b0 OK ...
                    2> b1 STORE 1:2 +FLAGS.SILENT (\\Seen)
                    2< b1 OK STORE completed
                    1> a2 UID STORE 1 -FLAGS.SILENT (\\Seen)
                    1< * 2 FETCH (UID 2 FLAGS (\\Seen \\Recent) MODSEQ (4))
                    1< * 1 FETCH (UID 1 MODSEQ (5))
                    1< a2 OK STORE completed
                    2> b2 STORE 1 +FLAGS.SILENT (\\Answered)
                    2< * 1 FETCH (FLAGS (\\Answered))
                    2< b2 OK STORE completed
                    1> a3 UID STORE 1 +FLAGS.SILENT (\\Flagged)
                    1< * 1 FETCH (UID 1 FLAGS (\\Answered \\Flagged \\Recent) MODSEQ (7))
                    1< a3 OK STORE completed
                    2> b3 COPY 2 INBOX
                    2< ...
                    2< b3 OK ...
                    1> a4 UID STORE * +FLAGS (\\Flagged)
                    1< * 3 EXISTS
                    1< * 2 RECENT
                    1< * 3 FETCH (UID 3 FLAGS (\\Seen \\Flagged) MODSEQ (9))
                    1< a4 OK STORE completed
                    """);
        }
    }

    @Test
    @DisplayName(
            "RFC 7162 §3.1.3: of two STOREs with UNCHANGEDSINCE one wins; MODIFIED names the messages by number or by UID")
    void unchangedSince() {
        try (var imap = IMAP.person().withMessages(4).inInbox()) {
            imap.plays("""
                    1> a1 STORE 1 +FLAGS.SILENT (\\Deleted)
                    1< a1 OK ...
                    1> a2 EXPUNGE
                    1< * 1 EXPUNGE
                    1< a2 OK EXPUNGE completed
                    1> a3 NOOP
                    1< a3 OK ...
                    2> b1 STORE 1:2 (UNCHANGEDSINCE 5) +FLAGS.SILENT ($$Work)
                    2< * FLAGS ...
                    2< * OK [PERMANENTFLAGS ...
                    2< * 1 FETCH (MODSEQ (8))
                    2< * 2 FETCH (MODSEQ (8))
                    2< b1 OK STORE completed
                    1> a4 STORE 1,3 (UNCHANGEDSINCE 7) +FLAGS.SILENT ($$Home)
                    1< * FLAGS ...
                    1< * OK [PERMANENTFLAGS ...
                    1< * 1 FETCH (FLAGS ($$Work \\Recent) MODSEQ (8))
                    1< * 2 FETCH (FLAGS ($$Work \\Recent) MODSEQ (8))
                    1< * 3 FETCH (MODSEQ (9))
                    1< a4 OK [MODIFIED 1] Some of these messages changed meanwhile
                    1> a5 UID STORE 2:3 (UNCHANGEDSINCE 1) FLAGS ()
                    1< a5 OK [MODIFIED 2:3] Some of these messages changed meanwhile
                    1> a6 STORE 2 (UNCHANGEDSINCE 0) +FLAGS (\\Seen)
                    1< a6 OK [MODIFIED 2] Some of these messages changed meanwhile
                    1> a7 STORE 2 (UNCHANGEDSINCE 8) +FLAGS ($$Work)
                    1< * 2 FETCH (FLAGS ($$Work \\Recent) MODSEQ (8))
                    1< a7 OK STORE completed
                    1> a8 STORE 2 (UNCHANGEDSINCE 99999999999999999999) +FLAGS ($$Work)
                    1< a8 BAD Number too large
                    1> a9 STORE 2 (NONSENSE 1) +FLAGS ($$Work)
                    1< a9 BAD Unknown modifier
                    """);
        }
    }

    @Test
    @DisplayName("RFC 7162 §3.1.3: a conditional STORE of a message that another client has expunged")
    void unchangedSinceGone() {
        try (var imap = IMAP.person().withMessages(3).inInbox()) {
            imap.plays("""
                    1> a0 NOOP
                    1< a0 OK ...
                    2> b1 STORE 1 +FLAGS.SILENT (\\Seen)
                    2< b1 OK ...
                    2> b2 UID STORE 2 +FLAGS.SILENT (\\Deleted)
                    2< b2 OK ...
                    2> b3 EXPUNGE
                    2< * 2 EXPUNGE
                    2< b3 OK ...
                    1> a1 STORE 1:3 (UNCHANGEDSINCE 4) +FLAGS.SILENT (\\Flagged)
                    1< * 1 FETCH (FLAGS (\\Seen \\Recent) MODSEQ (5))
                    1< * 3 FETCH (MODSEQ (8))
                    1< a1 NO [MODIFIED 1] Some of these messages changed meanwhile, some are gone
                    1> a2 NOOP
                    1< * 2 EXPUNGE
                    1< a2 OK NOOP completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 7162 §3.1.4, §3.1.5: FETCH CHANGEDSINCE, SEARCH MODSEQ with the highest of what was found")
    void changedSince() {
        try (var imap = IMAP.person().withMessages(4).inInbox()) {
            imap.plays("""
                    C: a1 STORE 2,4 +FLAGS.SILENT (\\Flagged)
                    S: a1 OK ...
                    C: a2 FETCH 1:* (FLAGS) (CHANGEDSINCE 4)
                    S: * 2 FETCH (FLAGS (\\Flagged \\Recent) MODSEQ (6))
                    S: * 4 FETCH (FLAGS (\\Flagged \\Recent) MODSEQ (6))
                    S: a2 OK FETCH completed
                    C: a3 UID FETCH 1:* (UID MODSEQ) (CHANGEDSINCE 6)
                    S: a3 OK FETCH completed
                    C: a4 SEARCH MODSEQ 4
                    S: * SEARCH 2 3 4 (MODSEQ 6)
                    S: a4 OK SEARCH completed
                    C: a5 SEARCH MODSEQ "/flags/\\\\flagged" all 4 3
                    S: * SEARCH 3 (MODSEQ 4)
                    S: a5 OK SEARCH completed
                    C: a6 UID SEARCH MODSEQ 7
                    S: * SEARCH
                    S: a6 OK SEARCH completed
                    C: a7 SEARCH OR NOT MODSEQ 6 FLAGGED
                    S: * SEARCH 1 2 3 4 (MODSEQ 6)
                    S: a7 OK SEARCH completed
                    C: a8 FETCH 1 FLAGS (CHANGEDSINCE 0)
                    S: a8 BAD Zero is no mod-sequence here
                    C: a9 FETCH 1 FLAGS (CHANGEDSINCE 1 VANISHED)
                    S: a9 BAD ...
                    C: b1 SEARCH MODSEQ "/flags/x" other 4
                    S: b1 BAD Unknown entry type
                    """);
        }
    }

    @Test
    @DisplayName("RFC 9394 §3.4: of PARTIAL and CHANGEDSINCE the page counts first, in whatever order they stand")
    void partial() {
        try (var imap = IMAP.person().withMessages(4).inInbox()) {
            imap.plays("""
                    C: a1 STORE 1,3 +FLAGS.SILENT (\\Seen)
                    S: a1 OK ...
                    C: a2 UID FETCH 1:* (FLAGS) (PARTIAL -1:-2 CHANGEDSINCE 5)
                    S: * 3 FETCH (UID 3 FLAGS (\\Seen \\Recent) MODSEQ (6))
                    S: a2 OK ...
                    C: a3 UID FETCH 1:* (FLAGS) (CHANGEDSINCE 5 PARTIAL 1:2)
                    S: * 1 FETCH (UID 1 FLAGS (\\Seen \\Recent) MODSEQ (6))
                    S: a3 OK ...
                    """);
        }
    }
}
