package org.postern.imap;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Bounds that are met sooner on a server where they are small. */
class SmallBoundsTest {
    private static final ImapLimits S = ImapLimits.STANDARD;

    @RegisterExtension
    static final ImapServer IMAP = new ImapServer(new ImapLimits(
            S.lineBytes(),
            S.literalBytes(),
            S.commandBytes(),
            S.nesting(),
            S.searchKeys(),
            S.setRanges(),
            S.fetchItems(),
            S.flags(),
            S.drainBytes(),
            S.badCommands(),
            S.unauthenticated(),
            S.idle(),
            S.patternChars(),
            S.wildcards(),
            S.sortKeys(),
            2,
            S.searchScans(),
            S.searchChars(),
            2,
            2,
            S.pipelined()));

    @Test
    @DisplayName("bound: folders that NOTIFY watches, when it is set and as they grow (RFC 5465 §3.1, §5.8)")
    void watchedFolders() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    1> a1 NOTIFY SET (mailboxes (INBOX Sent Junk) (MessageNew MessageExpunge))
                    1< a1 NO [NOTIFICATIONOVERFLOW] At most 2 folders are watched at once
                    1> a2 NOTIFY SET (personal (MailboxName)) (subtree (INBOX new) (MessageNew MessageExpunge))
                    1< a2 OK NOTIFY completed
                    2> b1 CREATE new/one
                    2< b1 OK ...
                    1< * OK [NOTIFICATIONOVERFLOW] There are more than 2 folders to watch now
                    2> b2 DELETE new/one
                    2< b2 OK ...
                    1> a3 NOOP
                    1< a3 OK NOOP completed
                    """);
        }
    }

    @Test
    @DisplayName("bound: searches that are updated, folders of one ESEARCH (RFC 5267 §4.3.1, RFC 7377 §2.4)")
    void searches() {
        try (var imap = IMAP.person().withMessages(1).inInbox()) {
            imap.plays("""
                    C: a1 SEARCH RETURN (UPDATE COUNT) ALL
                    S: * ESEARCH (TAG "a1") COUNT 1
                    S: a1 OK ...
                    C: a2 SEARCH RETURN (UPDATE COUNT) SEEN
                    S: * ESEARCH (TAG "a2") COUNT 0
                    S: a2 OK ...
                    C: a3 SEARCH RETURN (UPDATE COUNT) UNSEEN
                    S: * ESEARCH (TAG "a3") COUNT 1
                    S: * NO [NOUPDATE "a3"] Too many searches are updated already
                    S: a3 OK SEARCH completed
                    C: a4 CANCELUPDATE "a1"
                    S: a4 OK ...
                    C: a5 SEARCH RETURN (UPDATE COUNT) UNSEEN
                    S: * ESEARCH (TAG "a5") COUNT 1
                    S: a5 OK ...
                    C: a6 ESEARCH IN (mailboxes (INBOX Sent Junk)) ALL
                    S: a6 NO [LIMIT] At most 2 folders are searched at once
                    """);
        }
    }

    @Test
    @DisplayName(
            "bound: messages whose keys are kept for SORT; of larger folders they are read again, with the same answer")
    void sortedMessages() {
        var person = IMAP.person()
                .append("INBOX", "Subject: c\r\n\r\n")
                .append("INBOX", "Subject: a\r\n\r\n")
                .append("INBOX", "Subject: b\r\n\r\n")
                .append("Sent", "Subject: z\r\n\r\n")
                .append("Sent", "Subject: y\r\n\r\n");
        try (var imap = person.inInbox()) {
            imap.plays("""
                    C: a1 SORT (SUBJECT) UTF-8 ALL
                    S: * SORT 2 3 1
                    S: a1 OK ...
                    C: a2 SORT (SUBJECT) UTF-8 ALL
                    S: * SORT 2 3 1
                    S: a2 OK ...
                    C: a3 SELECT Sent
                    S: ...
                    S: a3 OK ...
                    C: a4 SORT (SUBJECT) UTF-8 ALL
                    S: * SORT 2 1
                    S: a4 OK ...
                    C: a5 SELECT INBOX
                    S: ...
                    S: a5 OK ...
                    C: a6 SORT (SUBJECT) UTF-8 ALL
                    S: * SORT 2 3 1
                    S: a6 OK ...
                    """);
        }
    }
}
