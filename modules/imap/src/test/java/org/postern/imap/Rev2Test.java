package org.postern.imap;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What is different once a client has enabled IMAP4rev2: RFC 9051 appendix E, beside a client of rev1. */
class Rev2Test {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @Test
    @DisplayName(
            "RFC 9051 §6.3.2, appendix E: SELECT has LIST, and neither RECENT nor UNSEEN; no \\Recent; UID with news")
    void select() {
        try (var imap = IMAP.person().withMessages(2).clients()) {
            imap.plays("""
                    1> a1 ENABLE IMAP4rev2
                    1< * ENABLED IMAP4rev2
                    1< a1 OK ENABLE completed
                    1> a2 SELECT inbox
                    1< * FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)
                    1< * OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft \\*)] ...
                    1< * 2 EXISTS
                    1< * LIST () "/" INBOX
                    1< * OK [UIDVALIDITY $validity] ...
                    1< * OK [UIDNEXT 3] ...
                    1< * OK [MAILBOXID ...] ...
                    1< * OK [HIGHESTMODSEQ 3] ...
                    1< a2 OK [READ-WRITE] SELECT completed
                    1> a3 FETCH 1:2 FLAGS
                    1< * 1 FETCH (FLAGS ())
                    1< * 2 FETCH (FLAGS ())
                    1< a3 OK FETCH completed
                    2> b1 SELECT INBOX
                    2< ...
                    2< * 2 RECENT
                    2< ...
                    2< b1 OK ...
                    2> b2 STORE 1 +FLAGS (\\Flagged)
                    2< * 1 FETCH (FLAGS (\\Flagged \\Recent))
                    2< b2 OK ...
                    2> b3 APPEND INBOX {3+}
                    2> abc
                    2< * 3 EXISTS
                    2< * 3 RECENT
                    2< b3 OK ...
                    1> a4 NOOP
                    1< * 3 EXISTS
                    1< * 1 FETCH (UID 1 FLAGS (\\Flagged))
                    1< a4 OK NOOP completed
                    1> a5 SELECT Drafts
                    1< * OK [CLOSED] ...
                    1< ...
                    1< * LIST (\\Drafts) "/" Drafts
                    1< ...
                    1< a5 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 9051 §6.4.4: SEARCH is answered with ESEARCH; §6.3.11: STATUS counts DELETED and SIZE")
    void searchAndStatus() {
        try (var imap = IMAP.person().withMessages(3).clients()) {
            imap.plays("""
                    C: a1 ENABLE IMAP4REV2 CONDSTORE
                    S: * ENABLED IMAP4rev2 CONDSTORE
                    S: a1 OK ENABLE completed
                    C: a2 SELECT INBOX
                    S: ...
                    S: a2 OK ...
                    C: a3 SEARCH ALL
                    S: * ESEARCH (TAG "a3") ALL 1:3
                    S: a3 OK SEARCH completed
                    C: a4 UID SEARCH MODSEQ 3
                    S: * ESEARCH (TAG "a4") UID ALL 2:3 MODSEQ 4
                    S: a4 OK SEARCH completed
                    C: a5 SEARCH RETURN (MIN) MODSEQ 1
                    S: * ESEARCH (TAG "a5") MIN 1 MODSEQ 2
                    S: a5 OK SEARCH completed
                    C: a6 SEARCH RETURN (MIN MAX COUNT) MODSEQ 99
                    S: * ESEARCH (TAG "a6") COUNT 0
                    S: a6 OK SEARCH completed
                    C: a7 STORE 2 +FLAGS.SILENT (\\Deleted)
                    S: * 2 FETCH (UID 2 MODSEQ (5))
                    S: a7 OK STORE completed
                    C: a8 STATUS INBOX (DELETED SIZE)
                    S: * STATUS INBOX (DELETED 1 SIZE 90)
                    S: a8 OK STATUS completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 9051 §5.1: folder names in UTF-8 for one client, in modified UTF-7 for the other")
    void names() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    1> a1 ENABLE IMAP4rev2
                    1< * ENABLED IMAP4rev2
                    1< a1 OK ENABLE completed
                    1> a2 CREATE "\\x{c3}\\x{a4} & b"
                    1< a2 OK [MAILBOXID ...] CREATE completed
                    1> a3 LIST "" "*b"
                    1< * LIST (\\HasNoChildren) "/" "\\x{c3}\\x{a4} & b"
                    1< a3 OK LIST completed
                    2> b1 LIST "" "*b"
                    2< * LIST (\\HasNoChildren) "/" "&AOQ- &- b"
                    2< b1 OK LIST completed
                    1> a4 STATUS {6+}
                    1- \\x{c3}\\x{a4} & b (MESSAGES)␍␊
                    1< * STATUS "\\x{c3}\\x{a4} & b" (MESSAGES 0)
                    1< a4 OK STATUS completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 8474 §5.3, RFC 8514 §4.3: SEARCH by id and by save date")
    void searchKeys() {
        try (var imap = IMAP.person().withMessages(2).inInbox()) {
            imap.plays("""
                    C: a1 FETCH 2 EMAILID
                    S: * 2 FETCH (EMAILID ($id))
                    S: a1 OK ...
                    C: a2 SEARCH EMAILID $id
                    S: * SEARCH 2
                    S: a2 OK ...
                    C: a3 SEARCH OR THREADID T1 EMAILID M0
                    S: * SEARCH
                    S: a3 OK ...
                    C: a4 SEARCH SAVEDATESUPPORTED SAVEDSINCE 1-Jan-2020
                    S: * SEARCH 1 2
                    S: a4 OK ...
                    C: a5 SEARCH OR SAVEDBEFORE 1-Jan-2020 SAVEDON 2-Jan-2020
                    S: * SEARCH
                    S: a5 OK ...
                    C: a6 SEARCH EMAILID
                    S: a6 BAD ...
                    """);
        }
    }
}
