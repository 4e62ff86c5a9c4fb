package org.postern.imap;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** LIST with options: RFC 5258, RFC 5819, RFC 6154 §2. */
class ListExtendedTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @Test
    @DisplayName("RFC 5258 §3.1, §4: several patterns, SUBSCRIBED as choice and as told, names without folder")
    void subscribed() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 CREATE work/plans
                    S: a1 OK ...
                    C: a2 SUBSCRIBE work/plans
                    S: a2 OK ...
                    C: a3 SUBSCRIBE gone/long
                    S: a3 OK ...
                    C: a4 UNSUBSCRIBE Junk
                    S: a4 OK ...
                    C: a5 LIST (SUBSCRIBED) "" ("w*" "gone/%" "J*")
                    S: * LIST (\\NonExistent \\Subscribed) "/" gone/long
                    S: * LIST (\\HasNoChildren \\Subscribed) "/" work/plans
                    S: a5 OK LIST completed
                    C: a6 LIST () "" (inbox "work%" Junk) RETURN (SUBSCRIBED CHILDREN)
                    S: * LIST (\\HasNoChildren \\Subscribed) "/" INBOX
                    S: * LIST (\\HasNoChildren \\Junk) "/" Junk
                    S: * LIST (\\HasChildren) "/" work
                    S: a6 OK LIST completed
                    C: a7 LIST (REMOTE) work (/%)
                    S: * LIST (\\HasNoChildren) "/" work/plans
                    S: a7 OK LIST completed
                    C: a8 LIST () "" ""
                    S: a8 OK LIST completed
                    C: a9 LIST (NONSENSE) "" *
                    S: a9 BAD Unknown selection option
                    C: b1 LIST "" * RETURN (NONSENSE)
                    S: b1 BAD Unknown return option
                    C: b2 LIST "" * NONSENSE
                    S: b2 BAD Expected RETURN
                    C: b3 LIST "" (* $pattern)
                    S: b3 NO [LIMIT] Pattern too long
                    """.replace("$pattern", "x".repeat(2049)));
        }
    }

    @Test
    @DisplayName(
            "RFC 5258 §3.5: RECURSIVEMATCH tells of folders above those chosen, where those are not told themselves")
    void recursiveMatch() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 CREATE work/plans/next
                    S: a1 OK ...
                    C: a2 SUBSCRIBE work/plans/next
                    S: a2 OK ...
                    C: a3 SUBSCRIBE gone/long
                    S: a3 OK ...
                    C: a4 LIST (SUBSCRIBED RECURSIVEMATCH) "" (% "gone*")
                    S: * LIST (\\HasNoChildren \\Subscribed \\Archive) "/" Archive
                    S: * LIST (\\HasNoChildren \\Subscribed \\Drafts) "/" Drafts
                    S: * LIST (\\HasNoChildren \\Subscribed) "/" INBOX
                    S: * LIST (\\HasNoChildren \\Subscribed \\Junk) "/" Junk
                    S: * LIST (\\HasNoChildren \\Subscribed \\Sent) "/" Sent
                    S: * LIST (\\HasNoChildren \\Subscribed \\Trash) "/" Trash
                    S: * LIST (\\NonExistent \\Subscribed) "/" gone/long
                    S: * LIST (\\HasChildren) "/" work ("CHILDINFO" ("SUBSCRIBED"))
                    S: a4 OK LIST completed
                    C: a5 LIST (RECURSIVEMATCH SUBSCRIBED) "" "work*"
                    S: * LIST (\\HasNoChildren \\Subscribed) "/" work/plans/next
                    S: a5 OK LIST completed
                    C: a6 LIST (RECURSIVEMATCH REMOTE) "" *
                    S: a6 BAD RECURSIVEMATCH needs ...
                    """);
        }
    }

    @Test
    @DisplayName(
            "RFC 6154 §2, RFC 5819: only folders with a special use; STATUS comes along, with DELETED and MODSEQ enabled")
    void specialUseAndStatus() {
        try (var imap = IMAP.person().withMessages(2).clients()) {
            imap.plays("""
                    C: a1 LIST (SPECIAL-USE) "" "[A-Z]*" RETURN (SPECIAL-USE)
                    S: a1 OK LIST completed
                    C: a2 LIST (SPECIAL-USE) "" ("J%" INBOX "T*") RETURN (SPECIAL-USE STATUS (MESSAGES SIZE))
                    S: * LIST (\\HasNoChildren \\Junk) "/" Junk
                    S: * STATUS Junk (MESSAGES 0 SIZE 0)
                    S: * LIST (\\HasNoChildren \\Trash) "/" Trash
                    S: * STATUS Trash (MESSAGES 0 SIZE 0)
                    S: a2 OK LIST completed
                    C: a3 LIST "" INBOX RETURN (STATUS (UNSEEN DELETED HIGHESTMODSEQ) SUBSCRIBED)
                    S: * LIST (\\HasNoChildren \\Subscribed) "/" INBOX
                    S: * STATUS INBOX (UNSEEN 2 DELETED 0 HIGHESTMODSEQ 3)
                    S: a3 OK LIST completed
                    C: a4 SUBSCRIBE nothing
                    S: a4 OK ...
                    C: a5 LIST (SUBSCRIBED) "" nothing RETURN (STATUS (UNSEEN))
                    S: * LIST (\\NonExistent \\Subscribed) "/" nothing
                    S: a5 OK LIST completed
                    C: a6 LIST "" INBOX RETURN (STATUS ())
                    S: a6 BAD Missing or invalid status item
                    """);
        }
    }
}
