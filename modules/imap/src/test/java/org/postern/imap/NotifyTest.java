package org.postern.imap;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** NOTIFY (RFC 5465): one client does, the other hears without asking. */
class NotifyTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @Test
    @DisplayName("RFC 5465 §3.1: STATUS of all that is watched but the selected folder; then news without any command")
    void others() {
        try (var imap = IMAP.person().withMessages(2).clients()) {
            imap.plays("""
                    1> a1 SELECT Drafts
                    1< ...
                    1< a1 OK ...
                    1> a2 NOTIFY SET STATUS (mailboxes (INBOX Drafts none) (MessageNew MessageExpunge)) (subtree Sent (MessageNew MessageExpunge FlagChange))
                    1< * STATUS INBOX (MESSAGES 2 UIDNEXT 3 UIDVALIDITY 1)
                    1< * STATUS Sent (MESSAGES 0 UIDNEXT 1 UIDVALIDITY $sent UNSEEN 0 HIGHESTMODSEQ 1)
                    1< a2 OK NOTIFY completed
                    2> b1 APPEND INBOX {3+}
                    2> abc
                    2< b1 OK ...
                    1< * STATUS INBOX (MESSAGES 3 UIDNEXT 4)
                    2> b2 APPEND Sent {3+}
                    2> abc
                    2< b2 OK ...
                    1< * STATUS Sent (MESSAGES 1 UIDNEXT 2 UIDVALIDITY $sent UNSEEN 1)
                    2> b3 SELECT Sent
                    2< ...
                    2< b3 OK ...
                    2> b4 STORE 1 +FLAGS (\\Seen)
                    2< ...
                    2< b4 OK ...
                    1< * STATUS Sent (MESSAGES 1 UIDNEXT 2 UIDVALIDITY $sent UNSEEN 0)
                    2> b5 STORE 1 +FLAGS (\\Flagged \\Deleted)
                    2< ...
                    2< b5 OK ...
                    2> b6 EXPUNGE
                    2< * 1 EXPUNGE
                    2< b6 OK ...
                    1< * STATUS Sent (MESSAGES 0 UIDNEXT 2 UIDVALIDITY $sent UNSEEN 0)
                    2> b7 APPEND Trash {3+}
                    2> abc
                    2< b7 OK ...
                    1> a3 NOOP
                    1< a3 OK NOOP completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5465 §5.1: with CONDSTORE every change of flags is told, with HIGHESTMODSEQ")
    void condstore() {
        try (var imap = IMAP.person().append("Sent", "abc").clients()) {
            imap.plays("""
                    1> a1 ENABLE CONDSTORE
                    1< ...
                    1< a1 OK ...
                    1> a2 NOTIFY SET (personal (MessageNew MessageExpunge FlagChange))
                    1< a2 OK NOTIFY completed
                    2> b1 SELECT Sent
                    2< ...
                    2< b1 OK ...
                    2> b2 STORE 1 +FLAGS (\\Flagged)
                    2< ...
                    2< b2 OK ...
                    1< * STATUS Sent (MESSAGES 1 UIDNEXT 2 UIDVALIDITY $validity UNSEEN 1 HIGHESTMODSEQ 3)
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5465 §5.2, §6.1.1: SELECTED tells at once, new messages with what was asked for, expunges too")
    void selected() {
        try (var imap = IMAP.person().withMessages(2).clients()) {
            imap.plays("""
                    1> a1 SELECT INBOX
                    1< ...
                    1< a1 OK ...
                    1> a2 NOTIFY SET (selected (MessageNew (UID BODY.PEEK[HEADER.FIELDS (Subject)]) MessageExpunge FlagChange))
                    1< a2 OK NOTIFY completed
                    2> b1 APPEND INBOX (\\Seen) {17+}
                    2> Subject: new␍␊␍␊
                    2< b1 OK ...
                    1= * 3 EXISTS
                    1= * 3 RECENT
                    1= * 3 FETCH (UID 3 BODY[HEADER.FIELDS (Subject)] {16}
                    1| Subject: new
                    1|
                    1| )
                    2> b2 SELECT INBOX
                    2< ...
                    2< b2 OK ...
                    2> b3 STORE 1 +FLAGS (\\Deleted)
                    2< ...
                    2< b3 OK ...
                    1< * 1 FETCH (UID 1 FLAGS (\\Deleted \\Recent))
                    2> b4 EXPUNGE
                    2< * 1 EXPUNGE
                    2< b4 OK ...
                    1< * 1 EXPUNGE
                    1> a3 APPEND INBOX {3+}
                    1> abc
                    1< * 3 EXISTS
                    1< * $recent RECENT
                    1< a3 OK [APPENDUID $validity 4] APPEND completed
                    1> a4 NOOP
                    1< a4 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5465 §5.2: new messages that the client first hears of within a command of its own lack nothing")
    void selectedWithinCommand() {
        try (var imap = IMAP.person().withMessages(2).clients()) {
            imap.plays("""
                    1> a1 SELECT INBOX
                    1< ...
                    1< a1 OK ...
                    1> a2 NOTIFY SET (selected (MessageNew (UID BODY.PEEK[TEXT]) MessageExpunge))
                    1< a2 OK NOTIFY completed
                    1> a3 REPLACE 1 INBOX {3}
                    1< + ...
                    2> b1 APPEND INBOX {9+}
                    2> ␍␊others␍
                    2< b1 OK ...
                    1> own
                    1< * OK [APPENDUID $validity 4] Replaced
                    1< * 1 EXPUNGE
                    1< * 3 EXISTS
                    1< * 3 RECENT
                    1< * 2 FETCH (UID 3 BODY[TEXT] {7}
                    1| others␍)
                    1< a3 OK REPLACE completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5465 §6.1.2, §4: SELECTED-DELAYED keeps expunges for a command that allows them, such as IDLE")
    void delayed() {
        try (var imap = IMAP.person().withMessages(3).clients()) {
            imap.plays("""
                    1> a1 SELECT INBOX
                    1< ...
                    1< a1 OK ...
                    1> a2 NOTIFY SET (selected-delayed (MessageNew MessageExpunge))
                    1< a2 OK NOTIFY completed
                    2> b1 SELECT INBOX
                    2< ...
                    2< b1 OK ...
                    2> b2 STORE 1 +FLAGS.SILENT (\\Deleted)
                    2< b2 OK ...
                    2> b3 EXPUNGE
                    2< * 1 EXPUNGE
                    2< b3 OK ...
                    2> b4 APPEND INBOX {3+}
                    2> abc
                    2< ...
                    2< b4 OK ...
                    1< * 4 EXISTS
                    1< * $recent RECENT
                    1> a3 FETCH 2 (UID)
                    1< * 2 FETCH (UID 2)
                    1< a3 OK ...
                    1> a4 IDLE
                    1< + idling
                    1< * 1 EXPUNGE
                    1> DONE
                    1< a4 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5465 §3.1: without SELECTED nothing of the selected folder is told, not even behind NOOP")
    void nothingOfSelected() {
        try (var imap = IMAP.person().withMessages(1).clients()) {
            imap.plays("""
                    1> a1 SELECT INBOX
                    1< ...
                    1< a1 OK ...
                    2> b1 APPEND INBOX {3+}
                    2> abc
                    2< b1 OK ...
                    1> a2 NOTIFY SET (inboxes (MessageNew MessageExpunge))
                    1< * 2 EXISTS
                    1< * $recent RECENT
                    1< a2 OK NOTIFY completed
                    2> b2 APPEND INBOX {3+}
                    2> abc
                    2< b2 OK ...
                    1> a3 NOOP
                    1< a3 OK NOOP completed
                    1> a4 UNSELECT
                    1< * STATUS INBOX (MESSAGES 3 UIDNEXT 4)
                    1< a4 OK UNSELECT completed
                    1> a5 NOTIFY NONE
                    1< a5 OK NOTIFY completed
                    2> b3 APPEND INBOX {3+}
                    2> abc
                    2< b3 OK ...
                    1> a6 NOOP
                    1< a6 OK NOOP completed
                    """);
        }
    }

    @Test
    @DisplayName(
            "RFC 5465 §5.4, §5.5: names that come, go and change, with the one above; subscriptions; not the own doings")
    void names() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    1> a1 NOTIFY SET (personal (MailboxName SubscriptionChange))
                    1< a1 OK NOTIFY completed
                    2> b1 CREATE work/plans
                    2< b1 OK ...
                    1< * LIST (\\HasChildren) "/" work
                    1< * LIST (\\HasNoChildren) "/" work/plans
                    2> b2 RENAME work play
                    2< b2 OK ...
                    1< * LIST (\\HasChildren) "/" play ("OLDNAME" (work))
                    2> b3 SUBSCRIBE play
                    2< b3 OK ...
                    1< * LIST (\\HasChildren \\Subscribed) "/" play
                    2> b4 DELETE play/plans
                    2< b4 OK ...
                    1< * LIST (\\HasNoChildren \\Subscribed) "/" play
                    1< * LIST (\\NonExistent) "/" play/plans
                    2> b5 UNSUBSCRIBE play
                    2< b5 OK ...
                    1< * LIST (\\HasNoChildren) "/" play
                    1> a2 CREATE mine
                    1< a2 OK ...
                    1> a3 SUBSCRIBE mine
                    1< a3 OK ...
                    1> a4 RENAME mine ours
                    1< a4 OK ...
                    1> a5 DELETE ours
                    1< a5 OK ...
                    2> b6 RENAME INBOX old
                    2< b6 OK ...
                    1< * LIST (\\HasNoChildren) "/" old ("OLDNAME" (INBOX))
                    2> b7 RENAME old older
                    2< b7 OK ...
                    1< * LIST (\\HasNoChildren) "/" older ("OLDNAME" (old))
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5465 §5.8: news that cannot be told are given up with a code; the session goes on")
    void givenUp() {
        var person = IMAP.person();
        try (var imap = person.clients()) {
            imap.plays("""
                    C: a1 NOTIFY SET (personal (MailboxName))
                    S: a1 OK NOTIFY completed
                    """);
            IMAP.database().transact(tx -> tx.update("ALTER TABLE subscription RENAME TO nowhere"));
            try {
                IMAP.feed().publishTree(person.mailbox());
                imap.plays("""
                        S: * OK [NOTIFICATIONOVERFLOW] Internal error: ask again
                        C: a2 NOOP
                        S: a2 OK NOOP completed
                        """);
            } finally {
                IMAP.database().transact(tx -> tx.update("ALTER TABLE nowhere RENAME TO subscription"));
            }
            imap.plays("""
                    C: a3 NOTIFY SET (personal (MailboxName))
                    S: a3 OK NOTIFY completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5465 §6.4, §6.5: subscribed folders as they are subscribed to, subtrees with all below")
    void filters() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    1> a1 NOTIFY SET (subscribed (MessageNew MessageExpunge)) (subtree (a b) (MailboxName))
                    1< a1 OK NOTIFY completed
                    2> b1 CREATE a/x/y
                    2< b1 OK ...
                    1< * LIST (\\HasChildren) "/" a
                    1< * LIST (\\HasChildren) "/" a/x
                    1< * LIST (\\HasNoChildren) "/" a/x/y
                    2> b2 CREATE c
                    2< b2 OK ...
                    2> b3 APPEND c {3+}
                    2> abc
                    2< b3 OK ...
                    2> b4 SUBSCRIBE c
                    2< b4 OK ...
                    1< * STATUS c (MESSAGES 1 UIDNEXT 2 UIDVALIDITY $validity)
                    2> b5 UNSUBSCRIBE c
                    2< b5 OK ...
                    2> b6 APPEND c {3+}
                    2> abc
                    2< b6 OK ...
                    1> a2 NOOP
                    1< a2 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5465 §5.6, §5.7: annotations of folders and of the server, by name alone, removed ones too")
    void metadata() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    1> a1 NOTIFY SET (mailboxes INBOX (MailboxMetadataChange)) (personal (ServerMetadataChange))
                    1< a1 OK NOTIFY completed
                    2> b1 SETMETADATA INBOX (/shared/comment "x" /private/comment "y")
                    2< b1 OK ...
                    1< * METADATA INBOX /private/comment /shared/comment
                    2> b2 SETMETADATA INBOX (/shared/comment NIL)
                    2< b2 OK ...
                    1< * METADATA INBOX /shared/comment
                    2> b3 SETMETADATA "" (/private/comment "z")
                    2< b3 OK ...
                    1< * METADATA "" /private/comment
                    2> b4 SETMETADATA Sent (/shared/comment "x")
                    2< b4 OK ...
                    1> a2 SETMETADATA INBOX (/shared/comment "own")
                    1< a2 OK ...
                    1> a3 NOOP
                    1< a3 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5465 §3.1, §5, §6.1, §8: what is refused, and with which code")
    void refused() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 NOTIFY SET (selected (MessageNew MessageExpunge AnnotationChange))
                    S: a1 NO [BADEVENT (MessageNew MessageExpunge FlagChange MailboxName SubscriptionChange MailboxMetadataChange ServerMetadataChange)] Unknown event
                    C: a2 NOTIFY SET (selected (MessageNew))
                    S: a2 BAD MessageNew, ...
                    C: a3 NOTIFY SET (personal (FlagChange))
                    S: a3 BAD MessageNew, ...
                    C: a4 NOTIFY SET (selected (MailboxName))
                    S: a4 BAD Of the selected folder only ...
                    C: a5 NOTIFY SET (selected NONE) (selected-delayed NONE)
                    S: a5 BAD The selected folder can be named once ...
                    C: a6 NOTIFY SET (inboxes (MessageNew (UID) MessageExpunge))
                    S: a6 BAD Only of the selected folder ...
                    C: a7 NOTIFY SET (everything (MailboxName))
                    S: a7 BAD Unknown choice of folders
                    C: a8 NOTIFY SET
                    S: a8 BAD Missing argument
                    C: a9 NOTIFY WHAT
                    S: a9 BAD Expected SET or NONE
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5465 §5.3, RFC 7162 §3.2.10, RFC 9586 §3.3: with QRESYNC VANISHED, with UIDONLY UIDFETCH")
    void withoutNumbers() {
        try (var imap = IMAP.person().withMessages(2).clients()) {
            imap.plays("""
                    1> a1 ENABLE QRESYNC UIDONLY
                    1< ...
                    1< a1 OK ...
                    1> a2 SELECT INBOX
                    1< ...
                    1< a2 OK ...
                    1> a3 NOTIFY SET (selected (MessageNew (FLAGS) MessageExpunge))
                    1< a3 OK NOTIFY completed
                    2> b1 APPEND INBOX (\\Seen) {3+}
                    2> abc
                    2< b1 OK ...
                    1= * 3 EXISTS
                    1= * $recent RECENT
                    1= * 3 UIDFETCH (FLAGS (\\Seen \\Recent))
                    2> b2 SELECT INBOX
                    2< ...
                    2< b2 OK ...
                    2> b3 STORE 2 +FLAGS.SILENT (\\Deleted)
                    2< b3 OK ...
                    2> b4 EXPUNGE
                    2< * 2 EXPUNGE
                    2< b4 OK ...
                    1< * VANISHED 2
                    """);
        }
    }
}
