package org.postern.imap;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** APPEND of several messages, in other forms, and REPLACE: RFC 3502, RFC 3516 §4.4, RFC 9755, RFC 8508. */
class AppendExtensionsTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @Test
    @DisplayName("RFC 3502: several messages in one APPEND, all of them or none; an empty one calls it off")
    void multiple() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    1> b1 SELECT Sent
                    1< ...
                    1< b1 OK ...
                    2- a1 APPEND Sent (\\Seen) {3+}␍␊one {3}␍␊
                    2< + OK
                    2- two (\\Flagged) "21-Nov-2026 10:00:00 +0000" {5+}␍␊three␍␊
                    2< a1 OK [APPENDUID $validity 1:3] APPEND completed
                    1> b2 FETCH 1:3 (FLAGS RFC822.SIZE)
                    1< * 3 EXISTS
                    1< * 3 RECENT
                    1< * 1 FETCH (FLAGS (\\Seen \\Recent) RFC822.SIZE 3)
                    1< * 2 FETCH (FLAGS (\\Recent) RFC822.SIZE 3)
                    1< * 3 FETCH (FLAGS (\\Flagged \\Recent) RFC822.SIZE 5)
                    1< b2 OK ...
                    2- a2 APPEND Sent {3+}␍␊one {0+}␍␊␍␊
                    2< a2 NO APPEND cancelled
                    2- a3 APPEND Sent {3+}␍␊one {2000000}␍␊
                    2< a3 NO [TOOBIG] ...
                    2- a4 APPEND Sent {3+}␍␊one NONSENSE {3+}␍␊two␍␊
                    2< a4 BAD ...
                    2> a5 STATUS Sent (MESSAGES)
                    2< * STATUS Sent (MESSAGES 3)
                    2< a5 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 3502: at most 64 messages in one APPEND")
    void tooMany() {
        try (var imap = IMAP.person().clients()) {
            imap.let("most", " {1+}\r\nx".repeat(64)).plays("""
                    C: a1 APPEND Sent$most
                    S: a1 OK [APPENDUID $validity 1:64] APPEND completed
                    C: a2 APPEND Sent$most {1+}
                    C: x
                    S: a2 NO [LIMIT] At most 64 messages at once
                    """);
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.3.11: a folder that was appended to a moment ago may be gone, and its name another's")
    void targetChanges() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    1> a1 CREATE Old
                    1< a1 OK ...
                    2- b1 APPEND Old {3+}␍␊one␍␊
                    2< b1 OK [APPENDUID $old 1] APPEND completed
                    1> a2 RENAME Old Moved
                    1< a2 OK ...
                    2- b2 APPEND Old {3+}␍␊two␍␊
                    2< b2 NO [TRYCREATE] No such folder
                    1> a3 CREATE Old
                    1< a3 OK ...
                    2- b3 APPEND Old {3+}␍␊two␍␊
                    2< b3 OK [APPENDUID $new 1] APPEND completed
                    1> a4 STATUS Moved (MESSAGES UIDVALIDITY)
                    1< * STATUS Moved (MESSAGES 1 UIDVALIDITY $old)
                    1< a4 OK ...
                    1> a5 STATUS Old (MESSAGES UIDVALIDITY)
                    1< * STATUS Old (MESSAGES 1 UIDVALIDITY $new)
                    1< a5 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 3516 §4.4, RFC 9755 §4: literal8 and UTF8 take 8-bit headers; NUL needs a transfer encoding")
    void otherForms() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 ENABLE UTF8=ACCEPT
                    S: * ENABLED UTF8=ACCEPT
                    S: a1 OK ENABLE completed
                    C: a2 APPEND Sent ~{17+}
                    C: Subject: \\x{c3}\\x{bc}␍␊␍␊ab
                    S: a2 OK [APPENDUID $validity 1] APPEND completed
                    C: a3 APPEND Sent (\\Seen) UTF8 (~{3}
                    S: + OK
                    C: abc)
                    S: a3 OK [APPENDUID $validity 2] APPEND completed
                    C: a4 APPEND Sent ~{3+}
                    C: a␀c
                    S: a4 NO [UNKNOWN-CTE] ...
                    C: a5 APPEND Sent {3+}
                    C: a␀c
                    S: a5 BAD ...
                    C: a6 APPEND Sent UTF8 (~{3+}
                    C: abc
                    S: a6 BAD Missing closing parenthesis
                    C: a7 CREATE "Entw\\x{c3}\\x{bc}rfe/\\x{e6}\\x{97}\\x{a5}"
                    S: a7 OK [MAILBOXID ...] CREATE completed
                    C: a8 LIST "" Entw&*
                    S: a8 OK LIST completed
                    C: a9 LIST "" "Entw\\x{c3}\\x{bc}*"
                    S: * LIST (\\HasChildren) "/" "Entw\\x{c3}\\x{bc}rfe"
                    S: * LIST (\\HasNoChildren) "/" "Entw\\x{c3}\\x{bc}rfe/\\x{e6}\\x{97}\\x{a5}"
                    S: a9 OK LIST completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 8508: REPLACE puts a new message in the place of the old; the other client sees both in one")
    void replace() {
        try (var imap = IMAP.person().append("Drafts", "one").clients()) {
            imap.plays("""
                    1> a1 SELECT Drafts
                    1< ...
                    1< a1 OK ...
                    2> b1 SELECT Drafts
                    2< ...
                    2< b1 OK ...
                    1> a2 REPLACE 1 Drafts (\\Draft \\Seen) {3}
                    1< + OK
                    1> two
                    1< * OK [APPENDUID $validity 2] Replaced
                    1= * 1 EXPUNGE
                    1< * 1 EXISTS
                    1< * $recent RECENT
                    1< a2 OK REPLACE completed
                    2> b2 NOOP
                    2= * 1 EXPUNGE
                    2< * 1 EXISTS
                    2< * $other RECENT
                    2< b2 OK ...
                    2> b3 FETCH 1 (UID FLAGS BODY.PEEK[])
                    2< * 1 FETCH (UID 2 FLAGS (\\Seen \\Draft) BODY[] {3}
                    2| two)
                    2< b3 OK ...
                    1> a3 UID REPLACE 2 Sent {5+}
                    1> three
                    1< * OK [APPENDUID $elsewhere 1] Replaced
                    1= * 1 EXPUNGE
                    1< a3 OK REPLACE completed
                    1> a4 STATUS Sent (MESSAGES)
                    1< * STATUS Sent (MESSAGES 1)
                    1< a4 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 8508 §3: what REPLACE refuses: nothing to replace, more than one, no folder, too big, read-only")
    void replaceRefused() {
        try (var imap = IMAP.person().withMessages(2).inInbox()) {
            imap.plays("""
                    1> a1 REPLACE 3 Drafts {3+}
                    1> abc
                    1< a1 BAD No such message
                    1> a2 UID REPLACE 9 Drafts {3}
                    1< a2 NO [NONEXISTENT] No such message
                    1> a3 REPLACE 1 nothing {3}
                    1< a3 NO [TRYCREATE] No such folder
                    1> a4 REPLACE 1 Drafts {2000000}
                    1< a4 NO [TOOBIG] ...
                    1> a5 REPLACE 1 Drafts {3+}
                    1- abc {3+}␍␊def␍␊
                    1< a5 BAD Too many arguments
                    1> a6 REPLACE 1:2 Drafts {3+}
                    1> abc
                    1< a6 BAD ...
                    2> b1 UID STORE 1 +FLAGS.SILENT (\\Deleted)
                    2< ...
                    2< b1 OK ...
                    2> b2 EXPUNGE
                    2< * 1 EXPUNGE
                    2< b2 OK ...
                    1> a7 REPLACE 1 Drafts {3+}
                    1> abc
                    1< * 1 EXPUNGE
                    1< a7 NO [EXPUNGEISSUED] This message is gone
                    1> a8 EXAMINE INBOX
                    1< ...
                    1< a8 OK ...
                    1> a9 REPLACE 1 Drafts {3+}
                    1> abc
                    1< a9 NO The folder is selected read-only
                    """);
        }
    }
}
