package org.postern.imap;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Several clients on one folder: RFC 3501 §5.2, §7.4.1, RFC 2177, RFC 2180. */
class SharedFolderTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @Test
    @DisplayName(
            "RFC 2177: IDLE tells new mail, flags and expunges as they happen; DONE and the next command in one packet")
    void idle() {
        try (var imap = IMAP.person().withMessages(2).inInbox()) {
            imap.plays("""
                    1> a1 IDLE
                    1< + idling
                    2> b1 STORE 1 +FLAGS (\\Seen)
                    2< * 1 FETCH (FLAGS (\\Seen))
                    2< b1 OK ...
                    1< * 1 FETCH (FLAGS (\\Seen \\Recent))
                    2> b2 APPEND INBOX {3+}
                    2> abc
                    2< * 3 EXISTS
                    2< * $recent RECENT
                    2< b2 OK ...
                    1< * 3 EXISTS
                    1< * $mine RECENT
                    2> b3 STORE 1 +FLAGS.SILENT (\\Deleted)
                    2< b3 OK ...
                    1< * 1 FETCH (FLAGS (\\Seen \\Deleted \\Recent))
                    2> b4 EXPUNGE
                    2< * 1 EXPUNGE
                    2< b4 OK ...
                    1< * 1 EXPUNGE
                    1- DONE\\x{0d}\\x{0a}a2 NOOP\\x{0d}\\x{0a}a3 IDLE\\x{0d}\\x{0a}
                    1< a1 OK IDLE completed
                    1< a2 OK NOOP completed
                    1< + idling
                    1> NONSENSE
                    1< a3 BAD Expected DONE
                    1> a4 IDLE
                    1< + idling
                    1> done
                    1< a4 OK IDLE completed
                    """.replace("\\x{0d}\\x{0a}", "␍␊"));
        }
    }

    @Test
    @DisplayName("RFC 2177: IDLE without a selected folder")
    void idleWithoutFolder() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 IDLE
                    S: + idling
                    C: DONE
                    S: a1 OK IDLE completed
                    """);
        }
    }

    @Test
    @DisplayName(
            "RFC 3501 §7.4.1: no EXPUNGE while FETCH, STORE, SEARCH by number run; numbers stay; NOOP and UID commands tell")
    void expungesAreHeld() {
        try (var imap = IMAP.person().withMessages(4).inInbox()) {
            imap.plays("""
                    1> a0 NOOP
                    1< a0 OK ...
                    2> b1 STORE 2 +FLAGS.SILENT (\\Deleted)
                    2< b1 OK ...
                    2> b2 EXPUNGE
                    2< * 2 EXPUNGE
                    2< b2 OK ...
                    2> b3 APPEND INBOX {3+}
                    2> abc
                    2< * 4 EXISTS
                    2< * $b RECENT
                    2< b3 OK ...
                    1> a1 FETCH 3 UID
                    1< * 5 EXISTS
                    1< * $a RECENT
                    1= * 3 FETCH (UID 3)
                    1< a1 OK FETCH completed
                    1> a2 SEARCH ALL
                    1< * SEARCH 1 2 3 4 5
                    1< a2 OK SEARCH completed
                    1> a3 STORE 3 +FLAGS (\\Flagged)
                    1< * 3 FETCH (FLAGS (\\Flagged \\Recent))
                    1< a3 OK STORE completed
                    1> a4 FETCH 2:3 BODY.PEEK[]
                    1< * 3 FETCH (BODY[] {...
                    1< a4 NO [EXPUNGEISSUED] Some of these messages are gone
                    1> a5 STORE 2 +FLAGS (\\Seen)
                    1< a5 NO [EXPUNGEISSUED] Some of these messages are gone
                    1> a6 COPY 2 Archive
                    1< * 2 EXPUNGE
                    1< a6 NO [EXPUNGEISSUED] These messages are gone
                    1> a7 FETCH 2 UID
                    1< * 2 FETCH (UID 3)
                    1< a7 OK FETCH completed
                    """.replace(
                            "1< * 3 FETCH (BODY[] {...\n",
                            "1< * 3 FETCH (BODY[] {30}\n1| Subject: message 3\n1|\n1| body 3\n1| )\n"));
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.4.8: UID commands may tell expunges")
    void uidCommandsExpunge() {
        try (var imap = IMAP.person().withMessages(3).inInbox()) {
            imap.plays("""
                    1> a0 NOOP
                    1< a0 OK ...
                    2> b1 UID MOVE 1 Archive
                    2< ...
                    2< b1 OK ...
                    1> a1 UID FETCH 2:3 FLAGS
                    1= * 2 FETCH (UID 2 FLAGS (\\Recent))
                    1= * 3 FETCH (UID 3 FLAGS (\\Recent))
                    1= * 1 EXPUNGE
                    1< a1 OK FETCH completed
                    2> b2 UID STORE 3 +FLAGS.SILENT (\\Deleted)
                    2< b2 OK ...
                    2> b3 CLOSE
                    2< b3 OK ...
                    1> a2 UID SEARCH ALL
                    1< * 2 FETCH (UID 3 FLAGS (\\Deleted \\Recent))
                    1= * SEARCH 2
                    1< a2 OK SEARCH completed
                    """.replace(
                            "1< * 2 FETCH (UID 3 FLAGS (\\Deleted \\Recent))\n1= * SEARCH 2\n",
                            "1= * SEARCH 2 3\n1= * 2 EXPUNGE\n"));
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.4.6: .SILENT hides what this client did, not what another did in between")
    void silent() {
        try (var imap = IMAP.person().withMessages(2).inInbox()) {
            imap.plays("""
                    1> a0 NOOP
                    1< a0 OK ...
                    2> b1 STORE 1 +FLAGS.SILENT (\\Answered)
                    2< b1 OK ...
                    1> a1 STORE 1:2 +FLAGS.SILENT (\\Seen)
                    1< * 1 FETCH (FLAGS (\\Seen \\Answered \\Recent))
                    1< a1 OK STORE completed
                    1> a2 NOOP
                    1< a2 OK NOOP completed
                    2> b2 NOOP
                    2< * 1 FETCH (FLAGS (\\Seen \\Answered))
                    2< * 2 FETCH (FLAGS (\\Seen))
                    2< b2 OK NOOP completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 3501 §2.3.2: a message is recent to one session; EXAMINE takes nothing")
    void recent() {
        try (var imap = IMAP.person().withMessages(2).clients()) {
            imap.plays("""
                    1> a1 EXAMINE INBOX
                    1< ...
                    1< * 2 RECENT
                    1< ...
                    1< a1 OK ...
                    2> b1 SELECT INBOX
                    2< ...
                    2< * 2 RECENT
                    2< ...
                    2< b1 OK ...
                    3> c1 SELECT INBOX
                    3< ...
                    3< * 0 RECENT
                    3< ...
                    3< c1 OK ...
                    2> b2 SEARCH RECENT
                    2< * SEARCH 1 2
                    2< b2 OK ...
                    3> c2 FETCH 1 FLAGS
                    3< * 1 FETCH (FLAGS ())
                    3< c2 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 3501 §5.5: pipelined commands are answered in their order")
    void pipelined() {
        try (var imap = IMAP.person().withMessages(2).inInbox()) {
            imap.plays("""
                    C- a1 STORE 1 +FLAGS (\\Deleted)␍␊a2 EXPUNGE␍␊a3 FETCH 1 UID␍␊a4 SEARCH ALL␍␊a5 NOOP␍␊
                    S: * 1 FETCH (FLAGS (\\Deleted \\Recent))
                    S: a1 OK ...
                    S: * 1 EXPUNGE
                    S: a2 OK ...
                    S: * 1 FETCH (UID 2)
                    S: a3 OK ...
                    S: * SEARCH 1
                    S: a4 OK ...
                    S: a5 OK ...
                    """);
        }
    }

    @Test
    @DisplayName(
            "a keyword that another client makes up is told before it is used; a folder keeps its session when it is renamed")
    void keywordsAndRename() {
        try (var imap = IMAP.person().withMessages(1).inInbox()) {
            imap.plays("""
                    1> a1 CREATE x
                    1< a1 OK ...
                    1> a2 COPY 1 x
                    1< a2 OK ...
                    1> a3 SELECT x
                    1< ...
                    1< a3 OK ...
                    2> b1 SELECT x
                    2< ...
                    2< b1 OK ...
                    2> b2 RENAME x y
                    2< b2 OK ...
                    2> b3 STORE 1 +FLAGS (Work)
                    2< * FLAGS (... Work)
                    2< * OK [PERMANENTFLAGS (... Work \\*)] ...
                    2< * 1 FETCH (FLAGS (Work))
                    2< b3 OK ...
                    1> a4 NOOP
                    1= * FLAGS (... Work)
                    1= * OK [PERMANENTFLAGS (... Work \\*)] ...
                    1= * 1 FETCH (FLAGS (Work \\Recent))
                    1< a4 OK ...
                    """);
        }
    }
}
