package org.postern.imap;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** ESEARCH of several folders (RFC 7377), and FUZZY searches (RFC 6203). */
class MultiSearchTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @Test
    @DisplayName("RFC 7377 §2.1, §2.2: each folder where something is found, once, by UID; nothing is selected by that")
    void sources() {
        var person = IMAP.person().withMessages(3).append("Sent", "Subject: x\r\n\r\nbody 2");
        try (var imap = person.clients()) {
            imap.plays("""
                    C: a1 CREATE work/plans/next
                    S: a1 OK ...
                    C: a2 APPEND work/plans {21+}
                    C: Subject: x␍␊␍␊body 2
                    S: a2 OK [APPENDUID $plans 1] ...
                    C: a3 APPEND work/plans/next {21+}
                    C: Subject: x␍␊␍␊body 2
                    S: a3 OK [APPENDUID $next 1] ...
                    C: a4 ESEARCH IN (mailboxes (INBOX Sent Junk) subtree-one work) BODY "body 2"
                    S: * ESEARCH (TAG "a4" MAILBOX INBOX UIDVALIDITY $inbox) UID ALL 2
                    S: * ESEARCH (TAG "a4" MAILBOX Sent UIDVALIDITY $sent) UID ALL 1
                    S: * ESEARCH (TAG "a4" MAILBOX work/plans UIDVALIDITY $plans) UID ALL 1
                    S: a4 OK ESEARCH completed
                    C: a5 ESEARCH IN (inboxes subtree work) RETURN (COUNT MAX) 1:2
                    S: * ESEARCH (TAG "a5" MAILBOX INBOX UIDVALIDITY $inbox) UID MAX 2 COUNT 2
                    S: * ESEARCH (TAG "a5" MAILBOX work/plans UIDVALIDITY $plans) UID MAX 1 COUNT 1
                    S: * ESEARCH (TAG "a5" MAILBOX work/plans/next UIDVALIDITY $next) UID MAX 1 COUNT 1
                    S: a5 OK ESEARCH completed
                    C: a6 ESEARCH IN (personal) RETURN (COUNT) BODY "nothing"
                    S: a6 OK ESEARCH completed
                    C: a7 FETCH 1 UID
                    S: a7 BAD ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 7377 §2.2: the selected folder by default; SAVE and UPDATE of it alone")
    void selected() {
        try (var imap = IMAP.person().withMessages(3).clients()) {
            imap.plays("""
                    C: a1 ESEARCH UNSEEN
                    S: a1 BAD No folder is selected
                    C: a2 ESEARCH IN (personal) RETURN (UPDATE) UNSEEN
                    S: a2 BAD No folder is selected
                    C: a3 SELECT INBOX
                    S: ...
                    S: a3 OK ...
                    C: a4 ESEARCH RETURN (SAVE MAX ALL) UID 2:3
                    S: * ESEARCH (TAG "a4" MAILBOX INBOX UIDVALIDITY $validity) UID MAX 3 ALL 2:3
                    S: a4 OK ESEARCH completed
                    C: a5 FETCH $$ UID
                    S: * 2 FETCH (UID 2)
                    S: * 3 FETCH (UID 3)
                    S: a5 OK ...
                    C: a6 ESEARCH IN (selected mailboxes Sent) RETURN (SAVE) ALL
                    S: a6 BAD SAVE is of the selected folder alone ...
                    C: a7 ESEARCH IN (selected personal) RETURN (UPDATE COUNT) UNSEEN
                    S: * ESEARCH (TAG "a7" MAILBOX INBOX UIDVALIDITY $validity) UID COUNT 3
                    S: a7 OK ...
                    C: a8 STORE 1 +FLAGS.SILENT (\\Seen)
                    S: * ESEARCH (TAG "a7") UID REMOVEFROM (0 1)
                    S: a8 OK ...
                    C: a9 ESEARCH IN (selected-delayed) ALL
                    S: a9 BAD SELECTED-DELAYED is for NOTIFY alone ...
                    C: b1 ESEARCH IN (nonsense) ALL
                    S: b1 BAD Unknown choice of folders
                    """);
        }
    }

    @Test
    @DisplayName("RFC 6203 §3, §4: more than half of the words, in any order, anywhere; to the letter is worth most")
    void fuzzy() {
        var person = IMAP.person()
                .append("INBOX", "Subject: the IMAP break\r\n\r\n")
                .append("INBOX", "Subject: to break our imap\r\n\r\n")
                .append("INBOX", "Subject: tea break\r\n\r\nno imap")
                .append("INBOX", "Subject: IMAP and tea, break\r\n\r\n");
        try (var imap = person.inInbox()) {
            imap.plays("""
                    C: a1 SEARCH SUBJECT "imap break"
                    S: * SEARCH 1
                    S: a1 OK ...
                    C: a2 SEARCH FUZZY SUBJECT "imap break"
                    S: * SEARCH 1 2 4
                    S: a2 OK ...
                    C: a3 SEARCH RETURN (RELEVANCY ALL) FUZZY SUBJECT "tea break imap"
                    S: * ESEARCH (TAG "a3") ALL 1:4 RELEVANCY (60 60 60 90)
                    S: a3 OK ...
                    C: a4 SORT (RELEVANCY) UTF-8 FUZZY SUBJECT "imap break"
                    S: * SORT 1 2 4
                    S: a4 OK ...
                    C: a5 SORT (REVERSE RELEVANCY) UTF-8 FUZZY (SUBJECT "imap break")
                    S: * SORT 2 4 1
                    S: a5 OK ...
                    C: a6 SORT RETURN (RELEVANCY PARTIAL 1:2) (RELEVANCY) UTF-8 FUZZY TEXT "imap, break"
                    S: * ESEARCH (TAG "a6") PARTIAL (1:2 1:2) RELEVANCY (90 90)
                    S: a6 OK ...
                    C: a7 SEARCH FUZZY (SUBJECT "???" NOT SEEN)
                    S: * SEARCH
                    S: a7 OK ...
                    C: a8 SEARCH RETURN (RELEVANCY) SUBJECT "imap"
                    S: a8 BAD RELEVANCY needs FUZZY ...
                    C: a9 SORT (RELEVANCY) UTF-8 ALL
                    S: a9 BAD RELEVANCY needs FUZZY ...
                    """);
            IMAP.index();
            imap.plays("""
                    C: b1 SEARCH RETURN (RELEVANCY ALL) FUZZY TEXT "tea break imap"
                    S: * ESEARCH (TAG "b1") ALL 1:4 RELEVANCY (60 60 90 90)
                    S: b1 OK ...
                    """);
        }
    }
}
