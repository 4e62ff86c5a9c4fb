package org.postern.imap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.mailstore.StoreInvariants;

/** Folders of other mailboxes (RFC 2342 §5), as far as their owners allow (RFC 4314 §4); client 1 owns them. */
class OtherUsersTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @AfterAll
    static void storeIsWhole() {
        assertThat(StoreInvariants.violations(IMAP.database())).isEmpty();
    }

    @Test
    @DisplayName(
            "RFC 2342 §5, RFC 3501 §6.3.8: NAMESPACE names the prefix; LIST shows what may be looked up, level by level")
    void namespace() {
        try (var imap = ImapServer.between(IMAP.person(), IMAP.person())) {
            imap.plays("""
                    1> a0 NOOP
                    1< a0 OK ...
                    2> b1 NAMESPACE
                    2< * NAMESPACE (("" "/")) (("Other Users/" "/")) NIL
                    2< b1 OK NAMESPACE completed
                    2> b2 LIST "" "Other*"
                    2< b2 OK LIST completed
                    1> a1 CREATE team/open
                    1< a1 OK ...
                    1> a2 SETACL team/open $friend lr
                    1< a2 OK ...
                    1> a3 SETACL team $friend r
                    1< a3 OK ...
                    2> b3 LIST "" "O%"
                    2< * LIST (\\NonExistent \\Noselect \\HasChildren) "/" "Other Users"
                    2< b3 OK ...
                    2> b4 LIST "Other Users/" %
                    2< * LIST (\\NonExistent \\Noselect \\HasChildren) "/" "Other Users/$owner"
                    2< b4 OK ...
                    2> b5 LIST "Other Users/$owner/" %
                    2< * LIST (\\NonExistent \\Noselect \\HasChildren) "/" "Other Users/$owner/team"
                    2< b5 OK ...
                    2> b6 LIST "" "Other Users/$owner/team/*"
                    2< * LIST (\\HasNoChildren) "/" "Other Users/$owner/team/open"
                    2< b6 OK ...
                    2> b7 SUBSCRIBE "Other Users/$owner/team/open"
                    2< b7 OK ...
                    2> b8 LIST (SUBSCRIBED) "" "Other*"
                    2< * LIST (\\HasNoChildren \\Subscribed) "/" "Other Users/$owner/team/open"
                    2< b8 OK ...
                    2> b9 LSUB "" "Other*"
                    2< * LSUB () "/" "Other Users/$owner/team/open"
                    2< b9 OK ...
                    1> a4 LIST "" "Other*"
                    1< a4 OK LIST completed
                    """);
        }
    }

    @Test
    @DisplayName(
            "RFC 3501 §6.3.8, §6.3.9, §6.3.10: as Outlook and K-9 go about: all of LIST and LSUB, STATUS, APPEND unselected")
    void oldHabits() {
        try (var imap = ImapServer.between(IMAP.person(), IMAP.person())) {
            imap.let("shared", "\"Other Users/" + imap.value("owner") + "/Entw&APw-rfe\"");
            imap.plays("""
                    1> a1 CREATE Entw&APw-rfe
                    1< a1 OK ...
                    1> a2 SETACL Entw&APw-rfe $friend lrswi
                    1< a2 OK ...
                    2> b1 LIST "" "*"
                    2< * LIST (\\HasNoChildren \\Archive) "/" Archive
                    2< * LIST (\\HasNoChildren \\Drafts) "/" Drafts
                    2< * LIST (\\HasNoChildren) "/" INBOX
                    2< * LIST (\\HasNoChildren \\Junk) "/" Junk
                    2< * LIST (\\NonExistent \\Noselect \\HasChildren) "/" "Other Users"
                    2< * LIST (\\NonExistent \\Noselect \\HasChildren) "/" "Other Users/$owner"
                    2< * LIST (\\HasNoChildren) "/" $shared
                    2< * LIST (\\HasNoChildren \\Sent) "/" Sent
                    2< * LIST (\\HasNoChildren \\Trash) "/" Trash
                    2< b1 OK LIST completed
                    2> b2 LSUB "" "Other*"
                    2< b2 OK LSUB completed
                    2> b3 SUBSCRIBE $shared
                    2< b3 OK ...
                    2> b4 LSUB "Other Users/" "*"
                    2< * LSUB () "/" $shared
                    2< b4 OK ...
                    2> b5 LSUB "" "O%"
                    2< * LSUB (\\Noselect) "/" "Other Users"
                    2< b5 OK ...
                    2> b6 APPEND $shared (\\Seen) "26-Nov-2026 10:00:00 +0000" {3+}
                    2> abc
                    2< b6 OK [APPENDUID $validity 1] APPEND completed
                    2> b7 STATUS $shared (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN)
                    2< * STATUS $shared (MESSAGES 1 RECENT 1 UIDNEXT 2 UIDVALIDITY $validity UNSEEN 0)
                    2< b7 OK ...
                    1> a3 DELETEACL Entw&APw-rfe $friend
                    1< a3 OK ...
                    2> b8 LIST "" "Other*"
                    2< b8 OK LIST completed
                    2> b9 LSUB "" "Other*"
                    2< * LSUB () "/" $shared
                    2< b9 OK ...
                    2> c1 APPEND $shared {3+}
                    2> abc
                    2< c1 NO [NONEXISTENT] No such folder
                    2> c2 UNSUBSCRIBE $shared
                    2< c2 OK ...
                    2> c3 LSUB "" "Other*"
                    2< c3 OK LSUB completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 4314 §4, §5.1.1, §5.2: SELECT by the right r, READ-ONLY and PERMANENTFLAGS by the others")
    void selecting() {
        try (var imap = ImapServer.between(IMAP.person().withMessages(2), IMAP.person())) {
            imap.plays("""
                    1> a1 SETACL INBOX $friend l
                    1< a1 OK ...
                    2> b1 SELECT "Other Users/$owner/INBOX"
                    2< b1 NO [NOPERM] You have no right to do that in this folder
                    2> b2 SELECT "Other Users/$owner/Sent"
                    2< b2 NO [NONEXISTENT] No such folder
                    2> b3 STATUS "Other Users/$owner/INBOX" (MESSAGES)
                    2< b3 NO [NOPERM] ...
                    2> b4 STATUS "Other Users/nobody@example.org/INBOX" (MESSAGES)
                    2< b4 NO [NONEXISTENT] No such folder
                    1> a2 SETACL INBOX $friend lr
                    1< a2 OK ...
                    2> b5 SELECT "Other Users/$owner/INBOX"
                    2< * FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)
                    2< * OK [PERMANENTFLAGS ()] Flags permitted
                    2< * 2 EXISTS
                    2< ...
                    2< b5 OK [READ-ONLY] SELECT completed
                    2> b6 FETCH 1 (FLAGS BODY[HEADER])
                    2< * 1 FETCH (FLAGS () BODY[HEADER] {22}
                    2| Subject: message 1
                    2|
                    2| )
                    2< b6 OK ...
                    2> b7 STORE 1 +FLAGS (\\Seen)
                    2< b7 NO The folder is selected read-only
                    1> a3 SETACL INBOX $friend lrst
                    1< a3 OK ...
                    2> b8 SELECT "Other Users/$owner/INBOX"
                    2< * FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)
                    2< * OK [PERMANENTFLAGS (\\Seen \\Deleted)] Flags permitted
                    2< ...
                    2< b8 OK [READ-WRITE] SELECT completed
                    2> b9 EXAMINE "Other Users/$owner/INBOX"
                    2< ...
                    2< b9 OK [READ-ONLY] EXAMINE completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 4314 §4: STORE, EXPUNGE, CLOSE and FETCH as far as the rights go; both hear of it")
    void changing() {
        try (var imap = ImapServer.between(IMAP.person().withMessages(3), IMAP.person())) {
            imap.plays("""
                    1> a1 SETACL INBOX $friend lrst
                    1< a1 OK ...
                    1> a2 SELECT INBOX
                    1< ...
                    1< a2 OK ...
                    1> a3 STORE 1 FLAGS.SILENT (\\Flagged mine)
                    1< ...
                    1< a3 OK ...
                    2> b1 SELECT "Other Users/$owner/INBOX"
                    2< ...
                    2< b1 OK [READ-WRITE] ...
                    2> b2 STORE 1 +FLAGS (\\Answered work)
                    2< b2 NO [NOPERM] ...
                    2> b3 STORE 1 FLAGS (\\Answered \\Deleted)
                    2< * 1 FETCH (FLAGS (\\Flagged \\Deleted mine))
                    2< b3 OK STORE completed
                    2> b4 STORE 2 +FLAGS.SILENT (\\Draft \\Seen)
                    2< * 2 FETCH (FLAGS (\\Seen))
                    2< b4 OK STORE completed
                    1> a4 NOOP
                    1< * 1 FETCH (FLAGS (\\Flagged \\Deleted mine \\Recent))
                    1< * 2 FETCH (FLAGS (\\Seen \\Recent))
                    1< a4 OK NOOP completed
                    2> b5 EXPUNGE
                    2< b5 NO [NOPERM] ...
                    2> b6 MOVE 1 Trash
                    2< b6 NO [NOPERM] ...
                    2> b7 CLOSE
                    2< b7 OK CLOSE completed
                    1> a5 NOOP
                    1< a5 OK NOOP completed
                    1> a6 SETACL INBOX $friend lrste
                    1< a6 OK ...
                    2> b8 SELECT "Other Users/$owner/INBOX"
                    2< ...
                    2< b8 OK [READ-WRITE] ...
                    2> b9 EXPUNGE
                    2< * 1 EXPUNGE
                    2< b9 OK EXPUNGE completed
                    1> a7 NOOP
                    1< * 1 EXPUNGE
                    1< a7 OK NOOP completed
                    """);
        }
    }

    @Test
    @DisplayName(
            "RFC 4314 §4: APPEND and COPY by the right i, flags by s, t and w; TRYCREATE only where CREATE could help")
    void arriving() {
        try (var imap = ImapServer.between(IMAP.person(), IMAP.person().withMessages(3))) {
            imap.plays("""
                    1> a1 CREATE team
                    1< a1 OK ...
                    1> a2 SETACL team $friend lr
                    1< a2 OK ...
                    2> b1 APPEND "Other Users/$owner/team" {3+}
                    2> abc
                    2< b1 NO [NOPERM] ...
                    2> b2 APPEND "Other Users/$owner/none" {3+}
                    2> abc
                    2< b2 NO [NONEXISTENT] No such folder
                    1> a3 SETACL team $friend lrsi
                    1< a3 OK ...
                    2> b3 APPEND "Other Users/$owner/team" (\\Seen \\Deleted \\Flagged work) {3+}
                    2> abc
                    2< b3 OK [APPENDUID $validity 1] APPEND completed
                    2> b4 SELECT INBOX
                    2< ...
                    2< b4 OK ...
                    2> b5 STORE 1:2 FLAGS.SILENT (\\Seen \\Answered work)
                    2< ...
                    2< b5 OK ...
                    2> b6 COPY 1:2 "Other Users/$owner/team"
                    2< b6 OK [COPYUID $validity 1:2 2:3] COPY completed
                    2> b7 MOVE 3 "Other Users/$owner/team"
                    2< * OK [COPYUID $validity 3 4] Moved
                    2< * 3 EXPUNGE
                    2< b7 OK MOVE completed
                    2> b8 COPY 1 "Other Users/$owner/none"
                    2< b8 NO [NONEXISTENT] No such folder
                    1> a4 SELECT team
                    1< ...
                    1< a4 OK ...
                    1> a5 FETCH 1:* (FLAGS BODY.PEEK[TEXT])
                    1= * 1 FETCH (FLAGS (\\Seen \\Recent) BODY[TEXT] {0}
                    1| )
                    1= * 2 FETCH (FLAGS (\\Seen \\Recent) BODY[TEXT] {8}
                    1| body 1
                    1| )
                    1= * 3 FETCH (FLAGS (\\Seen \\Recent) BODY[TEXT] {8}
                    1| body 2
                    1| )
                    1= * 4 FETCH (FLAGS (\\Recent) BODY[TEXT] {8}
                    1| body 3
                    1| )
                    1< a5 OK ...
                    2> b9 SELECT "Other Users/$owner/team"
                    2< ...
                    2< b9 OK [READ-WRITE] ...
                    2> c1 COPY 4 INBOX
                    2< c1 OK [COPYUID $mine 4 4] COPY completed
                    2> c2 SEARCH BODY "body 2"
                    2< * SEARCH 3
                    2< c2 OK ...
                    """);
        }
    }

    @Test
    @DisplayName(
            "RFC 4314 §4: CREATE by k of the nearest folder above, RENAME by x and k, DELETE by x; no folder changes hands")
    void tree() {
        try (var imap = ImapServer.between(IMAP.person(), IMAP.person())) {
            imap.plays("""
                    1> a1 CREATE team/closed
                    1< a1 OK ...
                    1> a2 SETACL team $friend lrk
                    1< a2 OK ...
                    2> b1 CREATE "Other Users/$owner/team/new/deep"
                    2< b1 OK [MAILBOXID ($id)] CREATE completed
                    2> b2 CREATE "Other Users/$owner/team/closed/deep"
                    2< b2 NO [NOPERM] ...
                    2> b3 CREATE "Other Users/$owner/elsewhere"
                    2< b3 NO [NOPERM] ...
                    2> b4 CREATE "Other Users/nobody@example.org/elsewhere"
                    2< b4 NO [NOPERM] ...
                    2> b5 CREATE "Other Users"
                    2< b5 NO [NOPERM] ...
                    2> b6 CREATE "Other Users/$owner/team/sent" (USE (\\Archive))
                    2< b6 NO [USEATTR] Only its owner can give a folder a special use
                    2> b7 DELETE "Other Users/$owner/team/new/deep"
                    2< b7 NO [NOPERM] ...
                    1> a3 SETACL team/new/deep $friend lrx
                    1< a3 OK ...
                    2> b8 RENAME "Other Users/$owner/team/new/deep" mine
                    2< b8 NO [CANNOT] A folder stays in its mailbox
                    2> b9 RENAME "Other Users/$owner/team/new/deep" "Other Users/$owner/team/renamed"
                    2< b9 OK RENAME completed
                    2> c1 RENAME "Other Users/$owner/team/closed" "Other Users/$owner/team/open"
                    2< c1 NO [NONEXISTENT] No such folder
                    2> c2 RENAME Archive "Other Users/$owner/team/archive"
                    2< c2 NO [CANNOT] A folder stays in its mailbox
                    2> c3 DELETE "Other Users/$owner/team/renamed"
                    2< c3 OK DELETE completed
                    1> a4 SETACL INBOX $friend lrx
                    1< a4 OK ...
                    2> c4 DELETE "Other Users/$owner/INBOX"
                    2< c4 NO [CANNOT] INBOX cannot be deleted
                    2> c5 RENAME "Other Users/$owner/INBOX" "Other Users/$owner/team/inbox"
                    2< c5 NO [CANNOT] Only its owner can rename an INBOX
                    1> a5 LIST "" "team*"
                    1< * LIST (\\HasChildren) "/" team
                    1< * LIST (\\HasNoChildren) "/" team/closed
                    1< * LIST (\\HasNoChildren) "/" team/new
                    1< a5 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 9208 §4.1: the quota root of a folder is its owner's, and what others put there counts there")
    void quota() {
        var owner = IMAP.person();
        try (var imap = ImapServer.between(owner, IMAP.person().append("INBOX", "x".repeat(4_000)))) {
            imap.plays("""
                    1> a0 NOOP
                    1< a0 OK ...
                    2> b0 GETQUOTA $owner
                    2< b0 NO [NONEXISTENT] No such quota root
                    1> a1 SETACL INBOX $friend lri
                    1< a1 OK ...
                    2> b1 SELECT INBOX
                    2< ...
                    2< b1 OK ...
                    2> b2 MOVE 1 "Other Users/$owner/INBOX"
                    2< ...
                    2< b2 OK ...
                    2> b3 GETQUOTAROOT "Other Users/$owner/INBOX"
                    2< * QUOTAROOT "Other Users/$owner/INBOX" "$owner"
                    2< * QUOTA "$owner" (STORAGE 4 3072 MESSAGE 1 5000)
                    2< b3 OK ...
                    2> b4 GETQUOTA ""
                    2< * QUOTA "" (STORAGE 0 3072 MESSAGE 0 5000)
                    2< b4 OK ...
                    2> b5 GETQUOTA $owner
                    2< * QUOTA "$owner" (STORAGE 4 3072 MESSAGE 1 5000)
                    2< b5 OK ...
                    """);
            IMAP.database().transact(tx -> tx.update("""
                    UPDATE mailbox SET overrides = '{"storage.size": "4KB"}' WHERE mailbox_id = ?
                    """, owner.mailbox().value()));
            imap.plays("""
                    2> b6 APPEND INBOX {200+}
                    2> $long
                    2< ...
                    2< b6 OK ...
                    2> b7 COPY * "Other Users/$owner/INBOX"
                    2< b7 NO [OVERQUOTA] ...
                    2> b8 APPEND "Other Users/$owner/INBOX" {200+}
                    2> $long
                    2< b8 NO [OVERQUOTA] ...
                    """.replace("$long", "y".repeat(200)));
        }
    }

    @Test
    @DisplayName("RFC 5464 §3.3: annotations need l and one of r, s, w, i, p; private ones are each viewer's own")
    void annotations() {
        try (var imap = ImapServer.between(IMAP.person(), IMAP.person())) {
            imap.plays("""
                    1> a1 SETMETADATA INBOX (/private/comment "mine" /shared/comment "ours")
                    1< a1 OK ...
                    1> a2 SETACL INBOX $friend lk
                    1< a2 OK ...
                    2> b1 GETMETADATA "Other Users/$owner/INBOX" /shared/comment
                    2< b1 NO [NOPERM] ...
                    2> b2 GETMETADATA "Other Users/$owner/Sent" /shared/comment
                    2< b2 NO [NONEXISTENT] No such folder
                    1> a3 SETACL INBOX $friend lr
                    1< a3 OK ...
                    2> b3 SETMETADATA "Other Users/$owner/INBOX" (/private/comment "yours")
                    2< b3 OK ...
                    2> b4 SETMETADATA "Other Users/$owner/INBOX" (/shared/comment "yours")
                    2< b4 NO [NOPERM] ...
                    2> b5 LIST "" "Other Users/*/INBOX" RETURN (METADATA (/private/comment /shared/comment) STATUS (UNSEEN))
                    2= * LIST (\\HasNoChildren) "/" "Other Users/$owner/INBOX"
                    2= * STATUS "Other Users/$owner/INBOX" (UNSEEN 0)
                    2= * METADATA "Other Users/$owner/INBOX" (/private/comment "yours" /shared/comment "ours")
                    2< b5 OK ...
                    1> a4 GETMETADATA INBOX /private/comment
                    1< * METADATA INBOX (/private/comment "mine")
                    1< a4 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 7377 §2.2: ESEARCH passes over what may not be read; PERSONAL is one's own alone")
    void searching() {
        try (var imap =
                ImapServer.between(IMAP.person().withMessages(1), IMAP.person().withMessages(2))) {
            imap.plays("""
                    1> a1 SETACL INBOX $friend lr
                    1< a1 OK ...
                    1> a2 SETACL Sent $friend l
                    1< a2 OK ...
                    2> b1 ESEARCH IN (subtree "Other Users/$owner" mailboxes INBOX) RETURN (COUNT) ALL
                    2< * ESEARCH (TAG "b1" MAILBOX INBOX UIDVALIDITY 1) UID COUNT 2
                    2< * ESEARCH (TAG "b1" MAILBOX "Other Users/$owner/INBOX" UIDVALIDITY 1) UID COUNT 1
                    2< b1 OK ESEARCH completed
                    2> b2 ESEARCH IN (personal) RETURN (COUNT) ALL
                    2< * ESEARCH (TAG "b2" MAILBOX INBOX UIDVALIDITY 1) UID COUNT 2
                    2< b2 OK ESEARCH completed
                    """);
        }
    }

    @Test
    @DisplayName(
            "RFC 5465 §5: NOTIFY tells of folders that come to be shared, their mail, and their end; as far as the rights go")
    void notifying() {
        try (var imap = ImapServer.between(IMAP.person(), IMAP.person())) {
            imap.plays("""
                    1> a0 NOOP
                    1< a0 OK ...
                    2> b1 NOTIFY SET (subtree "Other Users/$owner" (MailboxName MessageNew MessageExpunge)) (personal (MessageNew MessageExpunge))
                    2< b1 OK NOTIFY completed
                    1> a1 SETACL INBOX $friend lr
                    1< a1 OK ...
                    2< * LIST (\\NonExistent \\Noselect \\HasChildren) "/" "Other Users/$owner"
                    2< * LIST (\\HasNoChildren) "/" "Other Users/$owner/INBOX"
                    1> a2 APPEND INBOX {3+}
                    1> abc
                    1< a2 OK ...
                    2< * STATUS "Other Users/$owner/INBOX" (MESSAGES 1 UIDNEXT 2)
                    1> a3 SETACL Sent $friend l
                    1< a3 OK ...
                    2< * LIST (\\NonExistent \\Noselect \\HasChildren) "/" "Other Users/$owner"
                    2< * LIST (\\HasNoChildren) "/" "Other Users/$owner/Sent"
                    1> a4 APPEND Sent {3+}
                    1> abc
                    1< a4 OK ...
                    1> a5 DELETEACL INBOX $friend
                    1< a5 OK ...
                    2< * LIST (\\NonExistent \\Noselect \\HasChildren) "/" "Other Users/$owner"
                    2< * LIST (\\NonExistent) "/" "Other Users/$owner/INBOX"
                    """);
        }
    }

    @Test
    @DisplayName("RFC 2177, RFC 8508 §3, RFC 4469 §3: IDLE, REPLACE and CATENATE in a folder of somebody else")
    void others() {
        try (var imap = ImapServer.between(IMAP.person().withMessages(1), IMAP.person())) {
            imap.plays("""
                    1> a1 SETACL INBOX $friend lrite
                    1< a1 OK ...
                    1> a2 SELECT INBOX
                    1< ...
                    1< a2 OK ...
                    2> b1 SELECT "Other Users/$owner/INBOX"
                    2< ...
                    2< b1 OK [READ-WRITE] ...
                    1> a3 IDLE
                    1< + idling
                    2> b2 REPLACE 1 "Other Users/$owner/INBOX" {3+}
                    2> abc
                    2< * OK [APPENDUID 1 2] Replaced
                    2< * 1 EXPUNGE
                    2< * 1 EXISTS
                    2< * $recent RECENT
                    2< b2 OK REPLACE completed
                    1< * 1 EXPUNGE
                    1< * 1 EXISTS
                    1< * $mine RECENT
                    2> b3 REPLACE 1 Drafts {3+}
                    2> abc
                    2< b3 NO [CANNOT] A message is replaced within its mailbox
                    2> b4 APPEND Drafts CATENATE (URL "/Other%20Users/$owner/INBOX/;UID=2" TEXT {3+}
                    2> def)
                    2< b4 OK ...
                    2> b5 IDLE
                    2< + idling
                    1> DONE
                    1< a3 OK IDLE completed
                    1> a4 STORE 1 +FLAGS (\\Flagged)
                    1< ...
                    1< a4 OK ...
                    2< * 1 FETCH (FLAGS (\\Flagged))
                    2> DONE
                    2< b5 OK IDLE completed
                    """);
        }
    }
}
