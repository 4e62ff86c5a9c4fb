package org.postern.imap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Folders by name: RFC 3501 §6.3 and the extensions about them. */
class FolderCommandsTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @Test
    @DisplayName("RFC 3501 §6.3.8, RFC 3348, RFC 6154 §2: LIST with children and special use")
    void list() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 LIST "" ""
                    S: * LIST (\\Noselect) "/" ""
                    S: a1 OK LIST completed
                    C: a2 LIST "" *
                    S: * LIST (\\HasNoChildren \\Archive) "/" Archive
                    S: * LIST (\\HasNoChildren \\Drafts) "/" Drafts
                    S: * LIST (\\HasNoChildren) "/" INBOX
                    S: * LIST (\\HasNoChildren \\Junk) "/" Junk
                    S: * LIST (\\HasNoChildren \\Sent) "/" Sent
                    S: * LIST (\\HasNoChildren \\Trash) "/" Trash
                    S: a2 OK LIST completed
                    C: a3 CREATE Archive/2026/11
                    S: a3 OK [MAILBOXID ...] CREATE completed
                    C: a4 LIST "" %
                    S: * LIST (\\HasChildren \\Archive) "/" Archive
                    S: * LIST ...
                    S: * LIST ...
                    S: * LIST ...
                    S: * LIST ...
                    S: * LIST ...
                    S: a4 OK LIST completed
                    C: a5 LIST Archive/ %
                    S: * LIST (\\HasChildren) "/" Archive/2026
                    S: a5 OK LIST completed
                    C: a6 LIST "" "Archive/%/%"
                    S: * LIST (\\HasNoChildren) "/" Archive/2026/11
                    S: a6 OK LIST completed
                    C: a7 LIST "" inbox
                    S: * LIST (\\HasNoChildren) "/" INBOX
                    S: a7 OK LIST completed
                    C: a8 LIST "" nothing
                    S: a8 OK LIST completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.3.3, §5.1.3: CREATE in modified UTF-7, with its parents, once; names that cannot be")
    void create() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 CREATE Entw&APw-rfe/&ZeVnLIqe-/
                    S: a1 OK [MAILBOXID ...] CREATE completed
                    C: a2 LIST "" Entw*
                    S: * LIST (\\HasChildren) "/" Entw&APw-rfe
                    S: * LIST (\\HasNoChildren) "/" Entw&APw-rfe/&ZeVnLIqe-
                    S: a2 OK LIST completed
                    C: a3 CREATE Entw&APw-rfe
                    S: a3 NO [ALREADYEXISTS] A folder of that name exists
                    C: a4 CREATE inbox
                    S: a4 NO [ALREADYEXISTS] A folder of that name exists
                    C: a5 CREATE a&b
                    S: a5 NO [CANNOT] Folder names are in modified UTF-7 (RFC 3501 section 5.1.3)
                    C: a6 CREATE "a//b"
                    S: a6 NO [CANNOT] A folder name has no empty level
                    C: a7 CREATE "a%"
                    S: a7 NO [CANNOT] ...
                    C: a8 CREATE "with space"
                    S: a8 OK [MAILBOXID ...] CREATE completed
                    C: a9 LIST "" "with*"
                    S: * LIST (\\HasNoChildren) "/" "with space"
                    S: a9 OK LIST completed
                    C: b1 CREATE "\\x{c3}\\x{a4}"
                    S: b1 NO [CANNOT] ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 6154 §3: CREATE with USE; one folder for each use")
    void specialUse() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 CREATE Starred (USE (\\Flagged))
                    S: a1 OK [MAILBOXID ...] CREATE completed
                    C: a2 LIST "" Starred
                    S: * LIST (\\HasNoChildren \\Flagged) "/" Starred
                    S: a2 OK LIST completed
                    C: a3 CREATE Bin (USE (\\Trash))
                    S: a3 NO [USEATTR] Another folder has that special use
                    C: a4 CREATE Bin (USE (\\Nonsense))
                    S: a4 NO [USEATTR] ...
                    C: a5 CREATE Bin (USE ())
                    S: a5 OK [MAILBOXID ...] CREATE completed
                    C: a6 CREATE Bin2 (NONSENSE ())
                    S: a6 BAD ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.3.4: DELETE; a re-created name has a new UIDVALIDITY")
    void delete() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 CREATE a/b
                    S: a1 OK [MAILBOXID ...] CREATE completed
                    C: a2 DELETE a
                    S: a2 NO [HASCHILDREN] Delete the folders below it first
                    C: a3 STATUS a/b (UIDVALIDITY)
                    S: * STATUS a/b (UIDVALIDITY $first)
                    S: a3 OK STATUS completed
                    C: a4 DELETE a/b
                    S: a4 OK DELETE completed
                    C: a5 DELETE a/b
                    S: a5 NO [NONEXISTENT] No such folder
                    C: a6 DELETE INBOX
                    S: a6 NO [CANNOT] INBOX cannot be deleted
                    C: a7 CREATE a/b
                    S: a7 OK [MAILBOXID ...] CREATE completed
                    C: a8 STATUS a/b (UIDVALIDITY)
                    S: * STATUS a/b (UIDVALIDITY $second)
                    S: a8 OK STATUS completed
                    """);
            assertThat(imap.value("second")).isNotEqualTo(imap.value("first"));
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.3.5: RENAME takes what is below along; of INBOX it moves the messages")
    void rename() {
        try (var imap = IMAP.person().withMessages(2).clients()) {
            imap.plays("""
                    C: a1 CREATE a/b
                    S: a1 OK ...
                    C: a2 RENAME a x
                    S: a2 OK RENAME completed
                    C: a3 LIST "" x*
                    S: * LIST (\\HasChildren) "/" x
                    S: * LIST (\\HasNoChildren) "/" x/b
                    S: a3 OK ...
                    C: a4 RENAME nothing y
                    S: a4 NO [NONEXISTENT] No such folder
                    C: a5 RENAME x Sent
                    S: a5 NO [ALREADYEXISTS] A folder of that name exists
                    C: a6 RENAME x x/y
                    S: a6 NO [CANNOT] A folder cannot become its own child
                    C: a7 RENAME INBOX old
                    S: a7 OK RENAME completed
                    C: a8 STATUS old (MESSAGES)
                    S: * STATUS old (MESSAGES 2)
                    S: a8 OK ...
                    C: a9 STATUS INBOX (MESSAGES)
                    S: * STATUS INBOX (MESSAGES 0)
                    S: a9 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.3.6, §6.3.7, §6.3.9: SUBSCRIBE, UNSUBSCRIBE, LSUB; a subscription outlives its folder")
    void subscriptions() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 LSUB "" *
                    S: * LSUB () "/" Archive
                    S: * LSUB () "/" Drafts
                    S: * LSUB () "/" INBOX
                    S: * LSUB () "/" Junk
                    S: * LSUB () "/" Sent
                    S: * LSUB () "/" Trash
                    S: a1 OK LSUB completed
                    C: a2 SUBSCRIBE news/comp/mail
                    S: a2 OK SUBSCRIBE completed
                    C: a3 UNSUBSCRIBE Junk
                    S: a3 OK UNSUBSCRIBE completed
                    C: a4 LSUB "" news*
                    S: * LSUB () "/" news/comp/mail
                    S: a4 OK ...
                    C: a5 LSUB news/ %
                    S: * LSUB (\\Noselect) "/" news/comp
                    S: a5 OK ...
                    C: a6 LSUB "" J*
                    S: a6 OK ...
                    C: a7 LSUB "" ""
                    S: * LSUB (\\Noselect) "/" ""
                    S: a7 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.3.10, RFC 8438, RFC 7889, RFC 2342, RFC 5161: STATUS, NAMESPACE, ENABLE")
    void status() {
        try (var imap = IMAP.person().withMessages(3).clients()) {
            imap.plays("""
                    C: a1 STATUS inbox (MESSAGES RECENT UIDNEXT UIDVALIDITY UNSEEN SIZE APPENDLIMIT)
                    S: * STATUS INBOX (MESSAGES 3 RECENT 3 UIDNEXT 4 UIDVALIDITY $validity UNSEEN 3 SIZE 90 APPENDLIMIT 1048576)
                    S: a1 OK STATUS completed
                    C: a2 STATUS nothing (MESSAGES)
                    S: a2 NO [NONEXISTENT] No such folder
                    C: a3 STATUS INBOX (NONSENSE)
                    S: a3 BAD Unknown status item
                    C: a4 NAMESPACE
                    S: * NAMESPACE (("" "/")) (("Other Users/" "/")) NIL
                    S: a4 OK NAMESPACE completed
                    C: a5 ENABLE NONSENSE
                    S: * ENABLED
                    S: a5 OK ENABLE completed
                    C: a6 SELECT INBOX
                    S: ...
                    S: a6 OK ...
                    C: a7 ENABLE CONDSTORE
                    S: a7 BAD ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 3501 §6.3.1, §6.3.2, RFC 3691: SELECT, EXAMINE, UNSELECT, and a failed SELECT deselects")
    void select() {
        try (var imap = IMAP.person().withMessages(2).clients()) {
            imap.plays("""
                    C: a0 FETCH 1 FLAGS
                    S: a0 BAD FETCH is not possible with no folder selected, or after login
                    C: a1 EXAMINE INBOX
                    S: * FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)
                    S: * OK [PERMANENTFLAGS ()] Flags permitted
                    S: * 2 EXISTS
                    S: * 2 RECENT
                    S: * OK [UNSEEN 1] First unseen
                    S: * OK [UIDVALIDITY $validity] UIDs valid
                    S: * OK [UIDNEXT 3] Predicted next UID
                    S: * OK [HIGHESTMODSEQ 3] Highest mod-sequence
                    S: * OK [MAILBOXID ...] Its id
                    S: a1 OK [READ-ONLY] EXAMINE completed
                    C: a2 STORE 1 +FLAGS (\\Seen)
                    S: a2 NO The folder is selected read-only
                    C: a3 EXPUNGE
                    S: a3 NO The folder is selected read-only
                    C: a4 FETCH 1 BODY[TEXT]
                    S: * 1 FETCH (BODY[TEXT] {8}
                    1| body 1
                    1| )
                    S: a4 OK FETCH completed
                    C: a5 SELECT INBOX
                    S: * OK [CLOSED] The folder before is closed
                    S: * FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)
                    S: * OK [PERMANENTFLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft \\*)] Flags permitted
                    S: * 2 EXISTS
                    S: * 2 RECENT
                    S: * OK [UNSEEN 1] First unseen
                    S: * OK [UIDVALIDITY $validity] UIDs valid
                    S: * OK [UIDNEXT 3] Predicted next UID
                    S: * OK [HIGHESTMODSEQ 3] Highest mod-sequence
                    S: * OK [MAILBOXID ...] Its id
                    S: a5 OK [READ-WRITE] SELECT completed
                    C: a6 SELECT INBOX
                    S: ...
                    S: * 0 RECENT
                    S: ...
                    S: a6 OK [READ-WRITE] SELECT completed
                    C: a7 CHECK
                    S: a7 OK CHECK completed
                    C: a8 UNSELECT
                    S: a8 OK UNSELECT completed
                    C: a9 FETCH 1 FLAGS
                    S: a9 BAD ...
                    C: b1 SELECT INBOX
                    S: ...
                    S: b1 OK ...
                    C: b2 SELECT nothing
                    S: * OK [CLOSED] The folder before is closed
                    S: b2 NO [NONEXISTENT] No such folder
                    C: b3 FETCH 1 FLAGS
                    S: b3 BAD ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 2180 §3.3: who deletes its own selected folder goes on; others are disconnected")
    void deletedUnderneath() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    1> a1 CREATE x
                    1< a1 OK ...
                    1> a2 SELECT x
                    1< ...
                    1< a2 OK ...
                    2> b1 SELECT x
                    2< ...
                    2< b1 OK ...
                    3> c1 SELECT x
                    3< ...
                    3< c1 OK ...
                    3> c2 IDLE
                    3< + idling
                    1> a3 DELETE x
                    1< a3 OK DELETE completed
                    1> a4 FETCH 1 FLAGS
                    1< a4 BAD ...
                    3< * BYE The selected folder was deleted
                    3! CLOSED
                    2> b2 NOOP
                    2< b2 OK NOOP completed
                    2< * BYE The selected folder was deleted
                    2! CLOSED
                    """);
        }
    }

    @Test
    @DisplayName("RFC 6154 §2: a folder that a mail app has named in its own language is told with its special use")
    void localisedSpecialUse() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 CREATE Entw&APw-rfe
                    S: a1 OK ...
                    C: a2 DELETE Drafts
                    S: a2 OK ...
                    C: a3 LIST (SPECIAL-USE) "" "*e"
                    S: * LIST (\\HasNoChildren \\Archive) "/" Archive
                    S: * LIST (\\HasNoChildren \\Drafts) "/" Entw&APw-rfe
                    S: a3 OK LIST completed
                    """);
        }
    }
}
