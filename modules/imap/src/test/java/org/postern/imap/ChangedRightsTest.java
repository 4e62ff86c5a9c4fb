package org.postern.imap;

import static org.postern.testbed.TestNode.done;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.mailstore.FeedSettings;
import org.postern.mailstore.FolderFeed;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.sharing.AclChange;
import org.postern.mailstore.sharing.FolderAcls;
import org.postern.mailstore.sharing.Grantee;
import org.postern.model.FolderName;

/** Rights that change while somebody looks into a folder (RFC 4314 §5.1.1); client 1 owns it. */
class ChangedRightsTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @Test
    @DisplayName(
            "RFC 4314 §5.1.1: rights that change are felt by the next command; who may read no longer is disconnected")
    void revoked() {
        var owner = IMAP.person().withMessages(1);
        try (var imap = ImapServer.between(owner, IMAP.person(), IMAP.person())) {
            imap.plays("""
                    1> a1 SETACL INBOX $friend lrs
                    1< a1 OK ...
                    1> a1 SETACL INBOX $third lrs
                    1< a1 OK ...
                    2> b1 SELECT "Other Users/$owner/INBOX"
                    2< ...
                    2< b1 OK [READ-WRITE] ...
                    3> c1 SELECT "Other Users/$owner/INBOX"
                    3< ...
                    3< c1 OK [READ-WRITE] ...
                    1> a2 SETACL INBOX -$friend s
                    1< a2 OK ...
                    2> b2 STORE 1 +FLAGS (\\Seen)
                    2< * FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)
                    2< * OK [PERMANENTFLAGS ()] Flags permitted
                    2< b2 NO The folder is selected read-only
                    1> a3 DELETEACL INBOX $friend
                    1< a3 OK ...
                    2> b3 FETCH 1 FLAGS
                    2< * FLAGS ...
                    2< * OK [PERMANENTFLAGS ()] Flags permitted
                    2< b3 NO [NOPERM] You may no longer read the selected folder
                    2< * BYE You may no longer read the selected folder
                    2! CLOSED
                    1> a4 SETACL INBOX $third lr
                    1< a4 OK ...
                    3> c2 NOOP
                    3< * FLAGS ...
                    3< * OK [PERMANENTFLAGS ()] Flags permitted
                    3< c2 OK ...
                    """);
            done(IMAP.mailboxes().pause(owner.address()));
            imap.plays("""
                    3> c3 NOOP
                    3< ...
                    3< c3 NO [NOPERM] You may no longer read the selected folder
                    3< * BYE You may no longer read the selected folder
                    3! CLOSED
                    """);
        }
    }

    @Test
    @DisplayName("RFC 4314 §5.1.1, RFC 2177 §3, RFC 5465 §3.1: who idles or has asked to hear is told of it at once")
    void revokedAtOnce() {
        try (var imap = ImapServer.between(IMAP.person().withMessages(1), IMAP.person(), IMAP.person())) {
            imap.plays("""
                    1> a1 SETACL INBOX $friend lrs
                    1< a1 OK ...
                    1> a2 SETACL INBOX $third lr
                    1< a2 OK ...
                    2> b1 SELECT "Other Users/$owner/INBOX"
                    2< ...
                    2< b1 OK [READ-WRITE] ...
                    2> b2 IDLE
                    2< + idling
                    3> c1 SELECT "Other Users/$owner/INBOX"
                    3< ...
                    3< c1 OK [READ-ONLY] ...
                    3> c2 NOTIFY SET (selected (MessageNew MessageExpunge))
                    3< c2 OK NOTIFY completed
                    1> a3 SETACL INBOX $friend -s
                    1< a3 OK ...
                    2< * FLAGS (\\Seen \\Answered \\Flagged \\Deleted \\Draft)
                    2< * OK [PERMANENTFLAGS ()] Flags permitted
                    1> a4 DELETEACL INBOX $friend
                    1< a4 OK ...
                    2< * FLAGS ...
                    2< * OK [PERMANENTFLAGS ()] Flags permitted
                    2< * BYE You may no longer read the selected folder
                    2! CLOSED
                    1> a5 DELETEACL INBOX $third
                    1< a5 OK ...
                    3< * FLAGS ...
                    3< * OK [PERMANENTFLAGS ()] Flags permitted
                    3< * BYE You may no longer read the selected folder
                    3! CLOSED
                    """);
        }
    }

    @Test
    @DisplayName("RFC 4314 §5.1.1, RFC 2177 §3: who idles is told at once what was done on another node")
    void revokedElsewhere() {
        var owner = IMAP.person().withMessages(1);
        var friend = IMAP.person();
        try (var notifications = IMAP.database().listen();
                var elsewhere = new FolderFeed(IMAP.database(), notifications, FeedSettings.DEFAULT);
                var imap = ImapServer.between(owner, friend)) {
            imap.plays("""
                    1> a1 SETACL INBOX $friend lrs
                    1< a1 OK ...
                    2> b1 SELECT "Other Users/$owner/INBOX"
                    2< ...
                    2< b1 OK [READ-WRITE] ...
                    2> b2 IDLE
                    2< + idling
                    """);
            var inbox = new FolderTree(IMAP.database(), elsewhere).find(owner.mailbox(), FolderName.INBOX);
            new FolderAcls(IMAP.database(), elsewhere)
                    .change(
                            inbox.orElseThrow().id(),
                            new Grantee.Member(friend.mailbox(), friend.address()),
                            false,
                            AclChange.NOTHING_LEFT);
            imap.plays("""
                    2< * FLAGS ...
                    2< * OK [PERMANENTFLAGS ()] Flags permitted
                    2< * BYE You may no longer read the selected folder
                    2! CLOSED
                    """);
        }
    }

    @Test
    @DisplayName(
            "a paused mailbox shows nothing of itself to anybody, and all again when it is resumed; both are told at once")
    void paused() {
        var owner = IMAP.person().withMessages(1);
        try (var imap = ImapServer.between(owner, IMAP.person(), IMAP.person())) {
            imap.plays("""
                    1> a1 SETACL INBOX $friend lr
                    1< a1 OK ...
                    1> a2 SETACL INBOX $third lr
                    1< a2 OK ...
                    2> b1 SELECT "Other Users/$owner/INBOX"
                    2< ...
                    2< b1 OK ...
                    2> b2 IDLE
                    2< + idling
                    3> c1 NOTIFY SET (subtree "Other Users/$owner" (MailboxName))
                    3< c1 OK NOTIFY completed
                    """);
            done(IMAP.mailboxes().pause(owner.address()));
            imap.plays("""
                    2< * FLAGS ...
                    2< * OK [PERMANENTFLAGS ()] Flags permitted
                    2< * BYE You may no longer read the selected folder
                    2! CLOSED
                    3< * LIST (\\NonExistent) "/" "Other Users/$owner"
                    3< * LIST (\\NonExistent) "/" "Other Users/$owner/INBOX"
                    """);
            done(IMAP.mailboxes().resume(owner.address()));
            imap.plays("""
                    3< * LIST (\\NonExistent \\Noselect \\HasChildren) "/" "Other Users/$owner"
                    3< * LIST (\\HasNoChildren) "/" "Other Users/$owner/INBOX"
                    """);
        }
    }
}
