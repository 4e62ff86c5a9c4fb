package org.postern.imap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.mailstore.StoreInvariants;
import org.postern.mailstore.sharing.FolderAcls;

/** ACL (RFC 4314) and LIST-MYRIGHTS (RFC 8440): who may do what; client 1 owns the folders. */
class AclTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @Test
    @DisplayName(
            "RFC 4314 §3.1, §3.3, §2.1.1: rights are set, added, removed; the obsolete ones stand for what they were")
    void setAndGet() {
        try (var imap = ImapServer.between(IMAP.person(), IMAP.person(), IMAP.person())) {
            imap.plays("""
                    1> a1 GETACL INBOX
                    1< * ACL INBOX $owner lrswipkxteacd
                    1< a1 OK GETACL completed
                    2> b0 NOOP
                    2< b0 OK ...
                    1> a2 SETACL INBOX $friend lrs
                    1< a2 OK SETACL completed
                    1> a3 SETACL INBOX anyone lp
                    1< a3 OK SETACL completed
                    1> a4 SETACL INBOX $friend +cda
                    1< a4 OK SETACL completed
                    1> a5 GETACL INBOX
                    1< * ACL INBOX $owner lrswipkxteacd anyone lp $friend lrskxteacd
                    1< a5 OK GETACL completed
                    1> a6 SETACL INBOX $friend -xta
                    1< a6 OK SETACL completed
                    1> a7 SETACL INBOX -$friend w
                    1< a7 OK SETACL completed
                    1> a8 GETACL INBOX
                    1< * ACL INBOX $owner lrswipkxteacd anyone lp $friend lrskecd -$friend w
                    1< a8 OK GETACL completed
                    1> a9 DELETEACL INBOX $friend
                    1< a9 OK DELETEACL completed
                    1> b1 SETACL INBOX anyone ""
                    1< b1 OK SETACL completed
                    1> b2 GETACL INBOX
                    1< * ACL INBOX $owner lrswipkxteacd -$friend w
                    1< b2 OK GETACL completed
                    1> b3 DELETEACL INBOX -$friend
                    1< b3 OK DELETEACL completed
                    1> b4 GETACL INBOX
                    1< * ACL INBOX $owner lrswipkxteacd
                    1< b4 OK GETACL completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 4314 §3, §3.1: identifiers and rights that are none; the owner's rights are not to be changed")
    void refusals() {
        try (var imap = ImapServer.between(IMAP.person())) {
            imap.plays("""
                    C: a1 SETACL INBOX anyone lrQ
                    S: a1 BAD Unknown right: they are lrswipkxteacd
                    C: a2 SETACL INBOX anyone lrq
                    S: a2 BAD Unknown right: ...
                    C: a3 SETACL INBOX "" lr
                    S: a3 BAD Missing or invalid identifier
                    C: a4 SETACL INBOX - lr
                    S: a4 BAD Missing or invalid identifier
                    C: a5 SETACL INBOX fred lr
                    S: a5 NO [CANNOT] An identifier is an address of your account, or anyone
                    C: a6 SETACL INBOX fred@example.net lr
                    S: a6 NO [CANNOT] No mailbox of this account has that address
                    C: a7 SETACL INBOX $owner lr
                    S: a7 NO [CANNOT] The owner of a folder may always do everything in it
                    C: a8 DELETEACL INBOX -$owner
                    S: a8 NO [CANNOT] The owner ...
                    C: a9 SETACL nowhere anyone lr
                    S: a9 NO [NONEXISTENT] No such folder
                    C: b1 SETACL INBOX anyone
                    S: b1 BAD Missing argument
                    C: b2 LISTRIGHTS INBOX fred@example.net
                    S: b2 NO [CANNOT] No mailbox of this account has that address
                    """);
        }
    }

    @Test
    @DisplayName("RFC 4314 §3.4, §3.5, RFC 8440 §3: what can be granted, and what one has, also with LIST")
    void rights() {
        try (var imap = ImapServer.between(IMAP.person(), IMAP.person())) {
            imap.plays("""
                    1> a1 LISTRIGHTS INBOX ANYONE
                    1< * LISTRIGHTS INBOX ANYONE "" l r s w i p k x t e a c d
                    1< a1 OK LISTRIGHTS completed
                    1> a2 LISTRIGHTS INBOX $owner
                    1< * LISTRIGHTS INBOX $owner lrswipkxteacd
                    1< a2 OK LISTRIGHTS completed
                    1> a3 MYRIGHTS Sent
                    1< * MYRIGHTS Sent lrswipkxteacd
                    1< a3 OK MYRIGHTS completed
                    2> b1 MYRIGHTS "Other Users/$owner/Sent"
                    2< b1 NO [NONEXISTENT] No such folder
                    1> a4 SETACL Sent anyone lrd
                    1< a4 OK ...
                    1> a5 SETACL Sent -$friend e
                    1< a5 OK ...
                    2> b2 MYRIGHTS "Other Users/$owner/Sent"
                    2< * MYRIGHTS "Other Users/$owner/Sent" lrtd
                    2< b2 OK MYRIGHTS completed
                    2> b3 LIST "" ("Other Users/$owner/*" Trash nowhere) RETURN (MYRIGHTS)
                    2= * LIST (\\HasNoChildren) "/" "Other Users/$owner/Sent"
                    2= * MYRIGHTS "Other Users/$owner/Sent" lrtd
                    2= * LIST (\\HasNoChildren \\Trash) "/" Trash
                    2= * MYRIGHTS Trash lrswipkxteacd
                    2< b3 OK LIST completed
                    2> b4 CAPABILITY
                    2< /\\* CAPABILITY .* LIST-MYRIGHTS ACL RIGHTS=texk .*/
                    2< b4 OK ...
                    """);
        }
    }

    @Test
    @DisplayName(
            "RFC 4314 §4, §6: lists of rights are for those with the right a; others do not learn that there is a folder")
    void administering() {
        try (var imap = ImapServer.between(IMAP.person(), IMAP.person(), IMAP.person())) {
            imap.plays("""
                    1> a1 CREATE team
                    1< a1 OK ...
                    2> b1 GETACL "Other Users/$owner/team"
                    2< b1 NO [NONEXISTENT] No such folder
                    2> b2 SETACL "Other Users/$owner/team" $friend lr
                    2< b2 NO [NONEXISTENT] No such folder
                    1> a2 SETACL team $friend r
                    1< a2 OK ...
                    2> b3 LISTRIGHTS "Other Users/$owner/team" anyone
                    2< b3 NO [NONEXISTENT] No such folder
                    1> a3 SETACL team $friend lr
                    1< a3 OK ...
                    2> b4 DELETEACL "Other Users/$owner/team" $friend
                    2< b4 NO [NOPERM] You have no right ...
                    1> a4 SETACL team $friend lra
                    1< a4 OK ...
                    3> c1 NOOP
                    3< c1 OK ...
                    2> b5 SETACL "Other Users/$owner/team" $third lrs
                    2< b5 OK SETACL completed
                    2> b6 GETACL "Other Users/$owner/team"
                    2< * ACL "Other Users/$owner/team" $owner lrswipkxteacd $friend lra $third lrs
                    2< b6 OK GETACL completed
                    3> c2 STATUS "Other Users/$owner/team" (MESSAGES)
                    3< * STATUS "Other Users/$owner/team" (MESSAGES 0)
                    3< c2 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 4314 §4: a new folder inherits the list of the one above it, RENAME keeps it, DELETE ends it")
    void inheritance() {
        try (var imap = ImapServer.between(IMAP.person(), IMAP.person())) {
            imap.plays("""
                    1> a1 CREATE team
                    1< a1 OK ...
                    2> b0 NOOP
                    2< b0 OK ...
                    1> a2 SETACL team $friend lr
                    1< a2 OK ...
                    1> a3 CREATE team/one/two
                    1< a3 OK ...
                    1> a4 GETACL team/one/two
                    1< * ACL team/one/two $owner lrswipkxteacd $friend lr
                    1< a4 OK ...
                    1> a5 RENAME team/one/two other
                    1< a5 OK ...
                    2> b1 LIST "" "Other Users/*"
                    2< * LIST (\\NonExistent \\Noselect \\HasChildren) "/" "Other Users/$owner"
                    2< * LIST (\\HasNoChildren) "/" "Other Users/$owner/other"
                    2< * LIST (\\HasChildren) "/" "Other Users/$owner/team"
                    2< * LIST (\\HasNoChildren) "/" "Other Users/$owner/team/one"
                    2< b1 OK ...
                    1> a6 DELETE other
                    1< a6 OK ...
                    1> a7 CREATE other
                    1< a7 OK ...
                    2> b2 LIST "" "Other Users/%/other"
                    2< b2 OK LIST completed
                    """);
        }
        assertThat(StoreInvariants.violations(IMAP.database())).isEmpty();
    }

    @Test
    @DisplayName("RFC 5530 §3: a folder has a bounded number of entries")
    void bound() {
        var owner = IMAP.person();
        IMAP.database()
                .transact(tx -> tx.update(
                        """
                INSERT INTO folder_acl (mailbox_id, folder_id, account_id, grantee, negative, rights)
                SELECT f.mailbox_id, f.folder_id, m.account_id, 1000000 + g, false, 1
                  FROM folder f JOIN mailbox m USING (mailbox_id) CROSS JOIN generate_series(1, ?) g
                 WHERE f.mailbox_id = ? AND f.name = 'INBOX'""", FolderAcls.MAX_ENTRIES - 1, owner.mailbox().value()));
        try (var imap = ImapServer.between(owner, IMAP.person())) {
            imap.plays("""
                    1> a1 SETACL INBOX anyone lr
                    1< a1 OK ...
                    1> a2 SETACL INBOX anyone lrs
                    1< a2 OK ...
                    1> a3 SETACL INBOX $friend lr
                    1< a3 NO [LIMIT] A folder is shared by at most 1000 entries
                    """);
        }
    }
}
