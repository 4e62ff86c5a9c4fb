package org.postern.imap;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Searches whose result is kept up to date: RFC 5267, RFC 5465 §7. */
class ContextTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @Test
    @DisplayName(
            "RFC 5267 §4.3: what comes to match, and what no longer does, by UID; only the keys that it depends on")
    void search() {
        try (var imap = IMAP.person().withMessages(3).clients()) {
            imap.plays("""
                    1> s SELECT INBOX
                    1< ...
                    1< s OK ...
                    1> a1 UID SEARCH RETURN (UPDATE COUNT) UNSEEN BODY "body"
                    1< * ESEARCH (TAG "a1") UID COUNT 3
                    1< a1 OK SEARCH completed
                    2> s SELECT INBOX
                    2< ...
                    2< s OK ...
                    2> b1 STORE 2 +FLAGS (\\Seen)
                    2< ...
                    2< b1 OK ...
                    1> a2 NOOP
                    1= * 2 FETCH (FLAGS (\\Seen \\Recent))
                    1= * ESEARCH (TAG "a1") UID REMOVEFROM (0 2)
                    1< a2 OK ...
                    2> b2 APPEND INBOX {21+}
                    2> Subject: x␍␊␍␊body 4
                    2< ...
                    2< b2 OK ...
                    2> b3 APPEND INBOX {21+}
                    2> Subject: x␍␊␍␊none 5
                    2< ...
                    2< b3 OK ...
                    2> b4 STORE 2 -FLAGS (\\Seen)
                    2< ...
                    2< b4 OK ...
                    1> a3 NOOP
                    1= * 5 EXISTS
                    1= * $recent RECENT
                    1= * 2 FETCH (FLAGS (\\Recent))
                    1= * ESEARCH (TAG "a1") UID ADDTO (0 2,4)
                    1< a3 OK ...
                    2> b5 STORE 1,5 +FLAGS.SILENT (\\Deleted)
                    2< b5 OK ...
                    2> b6 EXPUNGE
                    2< ...
                    2< b6 OK ...
                    1> a4 NOOP
                    1= * ESEARCH (TAG "a1") UID REMOVEFROM (0 1)
                    1= * 5 EXPUNGE
                    1= * 1 EXPUNGE
                    1< a4 OK ...
                    """);
        }
    }

    @Test
    @DisplayName(
            "RFC 5267 §4.3.4, §4.3: by number, gone while the number still holds; numbers asked for mean what they meant")
    void numbers() {
        try (var imap = IMAP.person().withMessages(3).clients()) {
            imap.plays("""
                    1> s SELECT INBOX
                    1< ...
                    1< s OK ...
                    1> a1 SEARCH RETURN (UPDATE) 2:*
                    1< * ESEARCH (TAG "a1")
                    1< a1 OK SEARCH completed
                    1> a2 STORE 1:2 +FLAGS.SILENT (\\Deleted)
                    1< a2 OK ...
                    1> a3 EXPUNGE
                    1= * ESEARCH (TAG "a1") REMOVEFROM (0 2)
                    1= * 2 EXPUNGE
                    1= * 1 EXPUNGE
                    1< a3 OK ...
                    2> b1 APPEND INBOX {3+}
                    2> abc
                    2< b1 OK ...
                    1> a4 NOOP
                    1< * 2 EXISTS
                    1< * $recent RECENT
                    1< a4 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5267 §4.3.3, §4.3.4: of SORT the places in the order, each run at its own")
    void sort() {
        var person = IMAP.person()
                .append("INBOX", "Subject: d\r\n\r\n")
                .append("INBOX", "Subject: b\r\n\r\n")
                .append("INBOX", "Subject: c\r\n\r\n");
        try (var imap = person.clients()) {
            imap.plays("""
                    1> s SELECT INBOX
                    1< ...
                    1< s OK ...
                    1> a1 UID SORT RETURN (UPDATE ALL) (SUBJECT) UTF-8 UNDELETED
                    1< * ESEARCH (TAG "a1") UID ALL 2:3,1
                    1< a1 OK SORT completed
                    2> b1 APPEND INBOX {14+}
                    2> Subject: a␍␊␍␊ {14+}␍␊Subject: e␍␊␍␊ {15+}␍␊Subject: ca␍␊␍␊
                    2< b1 OK ...
                    1> a2 NOOP
                    1= * 6 EXISTS
                    1= * $recent RECENT
                    1= * ESEARCH (TAG "a1") UID ADDTO (1 4 4 6 6 5)
                    1< a2 OK ...
                    1> a3 STORE 1:2,4 +FLAGS.SILENT (\\Deleted)
                    1< * ESEARCH (TAG "a1") UID REMOVEFROM (5 1 1 4,2)
                    1< a3 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5267 §4.3, §4.3.5: a tag in use is BAD; CANCELUPDATE ends updates, and so does another folder")
    void ends() {
        try (var imap = IMAP.person().withMessages(2).clients()) {
            imap.plays("""
                    C: s SELECT INBOX
                    S: ...
                    S: s OK ...
                    C: a1 SEARCH RETURN (CONTEXT) ALL
                    S: * ESEARCH (TAG "a1") ALL 1:2
                    S: a1 OK ...
                    C: a2 UID SEARCH RETURN (UPDATE COUNT) UNSEEN
                    S: * ESEARCH (TAG "a2") UID COUNT 2
                    S: a2 OK ...
                    C: a2 SORT RETURN (UPDATE) (DATE) UTF-8 ALL
                    S: a2 BAD Tag reuse...
                    C: a3 STORE 1 +FLAGS.SILENT (\\Seen)
                    S: * ESEARCH (TAG "a2") UID REMOVEFROM (0 1)
                    S: a3 OK ...
                    C: a4 CANCELUPDATE "a2"
                    S: a4 OK CANCELUPDATE completed
                    C: a5 STORE 1 -FLAGS.SILENT (\\Seen)
                    S: a5 OK ...
                    C: a6 CANCELUPDATE "a2" "b"
                    S: a6 NO No search of that tag is updated
                    C: a7 UID SEARCH RETURN (UPDATE COUNT) UNSEEN
                    S: ...
                    S: a7 OK ...
                    C: a8 SELECT INBOX
                    S: ...
                    S: a8 OK ...
                    C: a9 STORE 1 +FLAGS.SILENT (\\Seen)
                    S: a9 OK ...
                    """);
        }
    }

    @Test
    @DisplayName(
            "RFC 5465 §7: what was asked for of new messages comes before ADDTO; of those that only come to match, nothing")
    void fetches() {
        try (var imap = IMAP.person().withMessages(1).clients()) {
            imap.plays("""
                    1> s SELECT INBOX
                    1< ...
                    1< s OK ...
                    1> a1 UID SEARCH RETURN (COUNT UPDATE (UID BODY.PEEK[HEADER.FIELDS (Subject)])) FLAGGED
                    1< * ESEARCH (TAG "a1") UID COUNT 0
                    1< a1 OK ...
                    1> a2 NOTIFY SET (selected (MessageNew MessageExpunge FlagChange))
                    1< a2 OK ...
                    2> b1 APPEND INBOX (\\Flagged) {14+}
                    2> Subject: n␍␊␍␊
                    2< b1 OK ...
                    1= * 2 EXISTS
                    1= * $recent RECENT
                    1= * 2 FETCH (UID 2 BODY[HEADER.FIELDS (Subject)] {14}
                    1| Subject: n
                    1|
                    1| )
                    1= * ESEARCH (TAG "a1") UID ADDTO (0 2)
                    2> b2 SELECT INBOX
                    2< ...
                    2< b2 OK ...
                    2> b3 STORE 1 +FLAGS (\\Flagged)
                    2< ...
                    2< b3 OK ...
                    1= * 1 FETCH (UID 1 FLAGS (\\Flagged \\Recent))
                    1= * ESEARCH (TAG "a1") UID ADDTO (0 1)
                    """);
        }
    }
}
