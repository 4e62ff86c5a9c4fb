package org.postern.imap;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** SEARCH: its keys, and what it tells of its result. */
class SearchCommandsTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @Test
    @DisplayName("RFC 3501 §6.4.4: SEARCH by flags, numbers, dates, sizes")
    void searchSnapshot() {
        try (var imap = IMAP.person().withMessages(5).inInbox()) {
            imap.plays("""
                    C: a1 STORE 2,4 +FLAGS.SILENT (\\Seen Work)
                    S: * FLAGS ...
                    S: * OK [PERMANENTFLAGS ...
                    S: a1 OK ...
                    C: a2 SEARCH ALL
                    S: * SEARCH 1 2 3 4 5
                    S: a2 OK SEARCH completed
                    C: a3 SEARCH UNSEEN 2:*
                    S: * SEARCH 3 5
                    S: a3 OK SEARCH completed
                    C: a4 UID SEARCH KEYWORD work
                    S: * SEARCH 2 4
                    S: a4 OK SEARCH completed
                    C: a5 SEARCH OR UID 1 NOT (RECENT UNKEYWORD Work)
                    S: * SEARCH 1 2 4
                    S: a5 OK SEARCH completed
                    C: a6 SEARCH BEFORE 21-Nov-2026
                    S: * SEARCH
                    S: a6 OK SEARCH completed
                    C: a7 SEARCH ON 21-Nov-2026 SINCE 1-Jan-2020 LARGER 5 SMALLER 1000 NEW
                    S: * SEARCH 1 3 5
                    S: a7 OK SEARCH completed
                    C: a8 SEARCH 99 OLD
                    S: * SEARCH
                    S: a8 OK SEARCH completed
                    C: a9 SEARCH OLDER 3600
                    S: * SEARCH
                    S: a9 OK SEARCH completed
                    C: b1 SEARCH YOUNGER 1
                    S: * SEARCH 1 2 3 4 5
                    S: b1 OK SEARCH completed
                    C: b2 SEARCH CHARSET X-NONE ALL
                    S: b2 NO [BADCHARSET (US-ASCII UTF-8)] Unknown charset
                    C: b3 SEARCH NONSENSE
                    S: b3 BAD Unknown search key
                    C: b4 SEARCH *
                    S: * SEARCH 5
                    S: b4 OK SEARCH completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.4.4: SEARCH in headers and text: decoded, whatever the case, across charsets")
    void searchText() {
        var person = IMAP.person()
                .append("INBOX", MessageCommandsTest.NESTED)
                .append("INBOX", "From: Zoe <zoe@example.org>\r\nX-Empty:\r\nSubject: plain\r\n\r\nnothing here\r\n");
        try (var imap = person.inInbox()) {
            imap.plays("""
                    C: a1 SEARCH FROM ANN@EXAMPLE
                    S: * SEARCH 1
                    S: a1 OK SEARCH completed
                    C: a2 SEARCH CHARSET UTF-8 SUBJECT {4+}
                    C: GRÜ
                    S: * SEARCH 1
                    S: a2 OK SEARCH completed
                    C: a3 SEARCH CHARSET UTF-8 BODY "müll"
                    S: * SEARCH 1
                    S: a3 OK SEARCH completed
                    C: a4 SEARCH BODY "inner text"
                    S: * SEARCH 1
                    S: a4 OK SEARCH completed
                    C: a5 SEARCH TEXT zoe
                    S: * SEARCH 2
                    S: a5 OK SEARCH completed
                    C: a6 SEARCH BODY zoe
                    S: * SEARCH
                    S: a6 OK SEARCH completed
                    C: a7 SEARCH HEADER X-Empty ""
                    S: * SEARCH 2
                    S: a7 OK SEARCH completed
                    C: a8 SEARCH SENTON 21-Nov-2026
                    S: * SEARCH 1
                    S: a8 OK SEARCH completed
                    C: a9 SEARCH NOT SENTSINCE 21-Nov-2026
                    S: * SEARCH 2
                    S: a9 OK SEARCH completed
                    C: b1 UID SEARCH OR (TO bob SENTBEFORE 22-Nov-2026) (BODY nothing UNSEEN)
                    S: * SEARCH 1 2
                    S: b1 OK SEARCH completed
                    C: b2 SEARCH SUBJECT plain FROM ann
                    S: * SEARCH
                    S: b2 OK SEARCH completed
                    C: b3 SEARCH BODY "TcO8"
                    S: * SEARCH
                    S: b3 OK SEARCH completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.4.4: SEARCH answers alike before and after it is indexed, and of both kinds together")
    void indexed() {
        var person = IMAP.person()
                .append("INBOX", MessageCommandsTest.NESTED)
                .append("INBOX", "From: Zoe <zoe@example.org>\r\nSubject: plain\r\n\r\nnothing here\r\n");
        IMAP.index();
        person.append("INBOX", "From: zoe@example.org\r\nSubject: late\r\n\r\ninner text of Müller\r\n");
        try (var imap = person.inInbox()) {
            imap.plays("""
                    C: a1 SEARCH BODY "INNER TEXT"
                    S: * SEARCH 1 3
                    S: a1 OK SEARCH completed
                    C: a2 SEARCH TEXT zoe
                    S: * SEARCH 2 3
                    S: a2 OK SEARCH completed
                    C: a3 SEARCH BODY zoe
                    S: * SEARCH
                    S: a3 OK SEARCH completed
                    C: a4 SEARCH SUBJECT zoe
                    S: * SEARCH
                    S: a4 OK SEARCH completed
                    C: a5 SEARCH OR SUBJECT plain (BODY "müller" SUBJECT late)
                    S: * SEARCH 2 3
                    S: a5 OK SEARCH completed
                    C: a6 SEARCH NOT BODY he
                    S: * SEARCH 1 3
                    S: a6 OK SEARCH completed
                    C: a7 SEARCH NOT FROM zoe HEADER Subject ""
                    S: * SEARCH 1
                    S: a7 OK SEARCH completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 4731 §3.1: RETURN (MIN MAX COUNT ALL), in one response that names the tag")
    void extended() {
        try (var imap = IMAP.person().withMessages(7).inInbox()) {
            imap.plays("""
                    C: a1 STORE 2,4:6 +FLAGS.SILENT (\\Seen)
                    S: a1 OK ...
                    C: a2 SEARCH RETURN (MIN MAX COUNT ALL) SEEN
                    S: * ESEARCH (TAG "a2") MIN 2 MAX 6 COUNT 4 ALL 2,4:6
                    S: a2 OK SEARCH completed
                    C: a3 UID SEARCH RETURN () UNSEEN
                    S: * ESEARCH (TAG "a3") UID ALL 1,3,7
                    S: a3 OK SEARCH completed
                    C: a4 SEARCH RETURN (MAX) CHARSET UTF-8 1:3 SEEN
                    S: * ESEARCH (TAG "a4") MAX 2
                    S: a4 OK SEARCH completed
                    C: a5 UID SEARCH RETURN (MIN ALL COUNT) DELETED
                    S: * ESEARCH (TAG "a5") UID COUNT 0
                    S: a5 OK SEARCH completed
                    C: a6 SEARCH RETURN (ALL) DELETED
                    S: * ESEARCH (TAG "a6")
                    S: a6 OK SEARCH completed
                    C: a7 SEARCH RETURN (ALL NONSENSE) SEEN
                    S: a7 BAD Unknown or repeated return option
                    C: a8 SEARCH RETURN (ALL)
                    S: a8 BAD Missing argument
                    """);
        }
    }

    @Test
    @DisplayName("RFC 9394 §3.1: RETURN (PARTIAL …) pages from either end; beyond the result it is NIL")
    void partial() {
        try (var imap = IMAP.person().withMessages(9).inInbox()) {
            imap.plays("""
                    C: a1 STORE 1,5 +FLAGS.SILENT (\\Deleted)
                    S: a1 OK ...
                    C: a2 EXPUNGE
                    S: * 5 EXPUNGE
                    S: * 1 EXPUNGE
                    S: a2 OK ...
                    C: a3 UID SEARCH RETURN (PARTIAL 1:3) ALL
                    S: * ESEARCH (TAG "a3") UID PARTIAL (1:3 2:4)
                    S: a3 OK SEARCH completed
                    C: a4 UID SEARCH RETURN (PARTIAL 5:3 COUNT) ALL
                    S: * ESEARCH (TAG "a4") UID COUNT 7 PARTIAL (5:3 4,6:7)
                    S: a4 OK SEARCH completed
                    C: a5 SEARCH RETURN (PARTIAL -1:-2) ALL
                    S: * ESEARCH (TAG "a5") PARTIAL (-1:-2 6:7)
                    S: a5 OK SEARCH completed
                    C: a6 SEARCH RETURN (PARTIAL -5:-100) ALL
                    S: * ESEARCH (TAG "a6") PARTIAL (-5:-100 1:3)
                    S: a6 OK SEARCH completed
                    C: a7 SEARCH RETURN (PARTIAL 8:4294967295) ALL
                    S: * ESEARCH (TAG "a7") PARTIAL (8:4294967295 NIL)
                    S: a7 OK SEARCH completed
                    C: a8 SEARCH RETURN (ALL PARTIAL 1:2) ALL
                    S: a8 BAD PARTIAL and ALL exclude each other (RFC 9394 section 3.1)
                    C: a9 SEARCH RETURN (PARTIAL 1:-2) ALL
                    S: a9 BAD Missing or invalid number
                    """);
        }
    }

    @Test
    @DisplayName("RFC 9394 §3.3: UID FETCH (PARTIAL …) answers of one page of the set")
    void fetchPartial() {
        try (var imap = IMAP.person().withMessages(9).inInbox()) {
            imap.plays("""
                    C: a1 UID FETCH 2:8 (UID) (PARTIAL -1:-2)
                    S: * 7 FETCH (UID 7)
                    S: * 8 FETCH (UID 8)
                    S: a1 OK FETCH completed
                    C: a2 UID FETCH 3,5,7:* RFC822.SIZE (PARTIAL 2:3)
                    S: * 5 FETCH (UID 5 RFC822.SIZE ...
                    S: * 7 FETCH (UID 7 RFC822.SIZE ...
                    S: a2 OK FETCH completed
                    C: a3 UID FETCH 1:* UID (PARTIAL 10:20)
                    S: a3 OK FETCH completed
                    C: a4 FETCH 1:* UID (PARTIAL 1:2)
                    S: a4 BAD Unknown or repeated modifier
                    """);
        }
    }

    @Test
    @DisplayName(
            "RFC 5182 §2.1: SAVE keeps what was found as $, for every command that takes a set; expunged ones leave it")
    void saved() {
        try (var imap = IMAP.person().withMessages(6).inInbox()) {
            imap.plays("""
                    C: a1 SEARCH $
                    S: * SEARCH
                    S: a1 OK SEARCH completed
                    C: a2 STORE 2,3,5 +FLAGS.SILENT (\\Flagged)
                    S: a2 OK ...
                    C: a3 SEARCH RETURN (SAVE) FLAGGED
                    S: a3 OK SEARCH completed
                    C: a4 FETCH $ FLAGS
                    S: * 2 FETCH (FLAGS (\\Flagged \\Recent))
                    S: * 3 FETCH (FLAGS (\\Flagged \\Recent))
                    S: * 5 FETCH (FLAGS (\\Flagged \\Recent))
                    S: a4 OK FETCH completed
                    C: a5 UID STORE $ -FLAGS (\\Flagged)
                    S: * 2 FETCH (UID 2 FLAGS (\\Recent))
                    S: * 3 FETCH (UID 3 FLAGS (\\Recent))
                    S: * 5 FETCH (UID 5 FLAGS (\\Recent))
                    S: a5 OK STORE completed
                    C: a6 COPY $ Archive
                    S: a6 OK [COPYUID $validity 2:3,5 1:3] COPY completed
                    C: a7 UID SEARCH RETURN (SAVE COUNT) $ 3:*
                    S: * ESEARCH (TAG "a7") UID COUNT 2
                    S: a7 OK SEARCH completed
                    C: a8 STORE 3 +FLAGS.SILENT (\\Deleted)
                    S: a8 OK ...
                    C: a9 UID EXPUNGE $
                    S: * 3 EXPUNGE
                    S: a9 OK EXPUNGE completed
                    C: b1 UID FETCH $ (UID)
                    S: * 4 FETCH (UID 5)
                    S: b1 OK FETCH completed
                    C: b2 MOVE $ Archive
                    S: * OK [COPYUID $validity 5 4] Moved
                    S: * 4 EXPUNGE
                    S: b2 OK MOVE completed
                    C: b3 UID SEARCH RETURN (ALL) $
                    S: * ESEARCH (TAG "b3") UID
                    S: b3 OK SEARCH completed
                    """);
        }
    }

    @Test
    @DisplayName(
            "RFC 5182 §2.1, §2.4, RFC 9394 §3.2: what SAVE keeps beside MIN, MAX and PARTIAL, after NO, BAD, SELECT")
    void savedBeside() {
        try (var imap = IMAP.person().withMessages(6).inInbox()) {
            imap.plays("""
                    C: a1 UID SEARCH RETURN (SAVE MIN) 2:5
                    S: * ESEARCH (TAG "a1") UID MIN 2
                    S: a1 OK ...
                    C: a2 UID SEARCH $
                    S: * SEARCH 2
                    S: a2 OK ...
                    C: a3 UID SEARCH RETURN (SAVE MIN MAX) 2:5
                    S: * ESEARCH (TAG "a3") UID MIN 2 MAX 5
                    S: a3 OK ...
                    C: a4 UID SEARCH $
                    S: * SEARCH 2 5
                    S: a4 OK ...
                    C: a5 UID SEARCH RETURN (SAVE MAX PARTIAL 1:2) 2:6
                    S: * ESEARCH (TAG "a5") UID MAX 6 PARTIAL (1:2 2:3)
                    S: a5 OK ...
                    C: a6 UID SEARCH $
                    S: * SEARCH 2 3 6
                    S: a6 OK ...
                    C: a7 UID SEARCH RETURN (SAVE MAX COUNT) 2:5
                    S: * ESEARCH (TAG "a7") UID MAX 5 COUNT 4
                    S: a7 OK ...
                    C: a8 SEARCH RETURN (SAVE) NONSENSE
                    S: a8 BAD Unknown search key
                    C: a9 UID SEARCH $
                    S: * SEARCH 2 3 4 5
                    S: a9 OK ...
                    C: b1 SEARCH RETURN (SAVE) CHARSET X-NONE SUBJECT {3+}
                    C: abc
                    S: b1 NO [BADCHARSET (US-ASCII UTF-8)] Unknown charset
                    C: b2 UID SEARCH $
                    S: * SEARCH
                    S: b2 OK ...
                    C: b3 SEARCH RETURN (SAVE) ALL
                    S: b3 OK ...
                    C: b4 SELECT INBOX
                    S: ...
                    S: b4 OK ...
                    C: b5 SEARCH $
                    S: * SEARCH
                    S: b5 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5255 §4.2: I18NLEVEL=1 compares as i;unicode-casemap does, in any language")
    void casemap() {
        var person = IMAP.person()
                .append(
                        "INBOX",
                        "Subject: =?utf-8?Q?=CE=A3=CE=AF=CF=83=CF=85=CF=86=CE=BF=CF=82?=\r\n\r\nCafe\u0301\r\n")
                .append("INBOX", "Subject: \u01C6\r\n\r\n\uFB01ne\r\n");
        try (var imap = person.inInbox()) {
            imap.plays("""
                    C: a1 SEARCH CHARSET UTF-8 SUBJECT "σΊΣΥΦΟ"
                    S: * SEARCH 1
                    S: a1 OK SEARCH completed
                    C: a2 SEARCH CHARSET UTF-8 BODY "CAFÉ"
                    S: * SEARCH 1
                    S: a2 OK SEARCH completed
                    C: a4 SEARCH CHARSET UTF-8 SUBJECT "\u01C4"
                    S: * SEARCH 2
                    S: a4 OK SEARCH completed
                    C: a5 SEARCH BODY fine
                    S: * SEARCH
                    S: a5 OK SEARCH completed
                    """);
        }
    }
}
