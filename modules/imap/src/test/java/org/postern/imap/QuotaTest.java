package org.postern.imap;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** QUOTA: RFC 9208, two clients of one mailbox. */
class QuotaTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @Test
    @DisplayName(
            "RFC 9208 §4.1: one root without name; STORAGE in 1,024 bytes and MESSAGE, as the other client fills them")
    void quotas() {
        try (var imap = IMAP.person().append("Archive", "x".repeat(2_000)).clients()) {
            imap.plays("""
                    1> a1 GETQUOTAROOT inbox
                    1< * QUOTAROOT INBOX ""
                    1< * QUOTA "" (STORAGE 2 3072 MESSAGE 1 5000)
                    1< a1 OK GETQUOTAROOT completed
                    2> b1 SELECT Archive
                    2< ...
                    2< b1 OK ...
                    2> b2 COPY 1 INBOX
                    2< b2 OK ...
                    1> a2 GETQUOTA ""
                    1< * QUOTA "" (STORAGE 4 3072 MESSAGE 2 5000)
                    1< a2 OK GETQUOTA completed
                    1> a3 GETQUOTA other
                    1< a3 NO [NONEXISTENT] No such quota root
                    1> a4 GETQUOTAROOT nothing
                    1< a4 NO [NONEXISTENT] No such folder
                    """);
        }
    }

    @Test
    @DisplayName("RFC 9208 §4.1.4: STATUS counts DELETED and what they hold")
    void deleted() {
        try (var imap = IMAP.person().withMessages(3).inInbox()) {
            imap.plays("""
                    C: a1 STATUS INBOX (DELETED DELETED-STORAGE)
                    S: * STATUS INBOX (DELETED 0 DELETED-STORAGE 0)
                    S: a1 OK STATUS completed
                    C: a2 STORE 1:2 +FLAGS.SILENT (\\Deleted)
                    S: a2 OK ...
                    C: a3 LIST "" INBOX RETURN (STATUS (DELETED-STORAGE MESSAGES))
                    S: * LIST (\\HasNoChildren) "/" INBOX
                    S: * STATUS INBOX (MESSAGES 3 DELETED-STORAGE 60)
                    S: a3 OK LIST completed
                    """);
        }
    }
}
