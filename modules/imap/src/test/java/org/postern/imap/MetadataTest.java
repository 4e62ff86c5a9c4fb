package org.postern.imap;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.mailstore.StoreInvariants;
import org.postern.mailstore.metadata.Metadata;

/** METADATA (RFC 5464) and LIST-METADATA (RFC 9590). */
class MetadataTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    @Test
    @DisplayName("RFC 5464 §4.2, §4.3: set, read, replaced and removed, whatever the name's case; all or none")
    void setAndGet() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 SETMETADATA INBOX (/Private/Comment "mine" /shared/comment {9}
                    S: + OK
                    C: two
                    C: line)
                    S: a1 OK SETMETADATA completed
                    C: a2 GETMETADATA inbox (/shared/comment /PRIVATE/comment /shared/none)
                    S: * METADATA INBOX (/shared/comment {9}
                    S| two
                    S| line /private/comment "mine" /shared/none NIL)
                    S: a2 OK GETMETADATA completed
                    C: a3 SETMETADATA INBOX (/private/comment NIL /shared/comment "other")
                    S: a3 OK ...
                    C: a4 GETMETADATA INBOX (/private/comment /shared/comment)
                    S: * METADATA INBOX (/private/comment NIL /shared/comment "other")
                    S: a4 OK ...
                    C: a5 SETMETADATA INBOX (/shared/vendor/x/bin ~{3+}
                    C- \u2400"\\)
                    C:
                    S: a5 OK ...
                    C: a6 GETMETADATA INBOX /shared/vendor/x/bin
                    S: * METADATA INBOX (/shared/vendor/x/bin ~{3}
                    S| \u2400"\\)
                    S: a6 OK ...
                    C: a7 GETMETADATA nowhere /shared/comment
                    S: a7 NO [NONEXISTENT] No such folder
                    C: a8 SETMETADATA nowhere (/shared/comment "x")
                    S: a8 NO [NONEXISTENT] No such folder
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5464 §3.2: names that are no entry's name are BAD")
    void names() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 GETMETADATA INBOX /comment
                    S: a1 BAD An entry name begins with /private/ or /shared/
                    C: a2 GETMETADATA INBOX "/shared/a*"
                    S: a2 BAD An entry name is ASCII without control characters, * and %
                    C: a3 GETMETADATA INBOX /shared//comment
                    S: a3 BAD An entry name has no empty component
                    C: a4 GETMETADATA INBOX /shared/comment/
                    S: a4 BAD An entry name has no empty component
                    C: a5 SETMETADATA INBOX (/shared/vendor/token "x")
                    S: a5 BAD A vendor's entry name has at least 4 components
                    C: a6 GETMETADATA INBOX /shared/$long
                    S: a6 BAD An entry name has at most 255 characters
                    C: a7 SETMETADATA INBOX (/shared/comment)
                    S: a7 BAD Missing argument
                    C: a8 GETMETADATA INBOX (DEPTH 2) /shared/comment
                    S: a8 BAD DEPTH is 0, 1 or infinity
                    C: a9 GETMETADATA (NONSENSE 1) INBOX /shared/comment
                    S: a9 BAD Unknown option
                    """.replace("$long", "x".repeat(248)));
        }
    }

    @Test
    @DisplayName("RFC 5464 §4.2.1, §4.2.2: MAXSIZE leaves out and tells the longest; DEPTH tells what is below")
    void options() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 SETMETADATA INBOX (/private/f "top" /private/f/small "1" /private/f/boss "12345" /private/f/boss/x "123")
                    S: a1 OK ...
                    C: a2 GETMETADATA INBOX (DEPTH 1) /private/f
                    S: * METADATA INBOX (/private/f "top" /private/f/boss "12345" /private/f/small "1")
                    S: a2 OK ...
                    C: a3 GETMETADATA (DEPTH infinity MAXSIZE 3) INBOX (/private/f)
                    S: * METADATA INBOX (/private/f "top" /private/f/boss/x "123" /private/f/small "1")
                    S: a3 OK [METADATA LONGENTRIES 5] GETMETADATA completed
                    C: a4 GETMETADATA INBOX (MAXSIZE 4) (/private/f/boss)
                    S: a4 OK [METADATA LONGENTRIES 5] GETMETADATA completed
                    C: a5 GETMETADATA INBOX (DEPTH 1) (/private/none)
                    S: a5 OK GETMETADATA completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5464 §3.2.1.1, §3.3: the server's private entries are the user's; its shared ones nobody sets")
    void ofServer() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 SETMETADATA "" (/private/vendor/x/token "abc")
                    S: a1 OK ...
                    C: a2 GETMETADATA "" (/private/vendor/x/token /shared/comment)
                    S: * METADATA "" (/private/vendor/x/token "abc" /shared/comment NIL)
                    S: a2 OK ...
                    C: a3 SETMETADATA "" (/private/comment "x" /shared/comment "y")
                    S: a3 NO [NOPERM] Only the operator sets shared entries of the server
                    C: a4 GETMETADATA "" /private/comment
                    S: * METADATA "" (/private/comment NIL)
                    S: a4 OK ...
                    """);
        }
        try (var other = IMAP.person().clients()) {
            other.plays("""
                    C: a1 GETMETADATA "" /private/vendor/x/token
                    S: * METADATA "" (/private/vendor/x/token NIL)
                    S: a1 OK ...
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5464 §4.1: annotations follow RENAME, are copied from INBOX, and go with DELETE")
    void folders() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 CREATE work
                    S: a1 OK ...
                    C: a2 SETMETADATA work (/shared/comment "w")
                    S: a2 OK ...
                    C: a3 RENAME work play
                    S: a3 OK ...
                    C: a4 GETMETADATA play /shared/comment
                    S: * METADATA play (/shared/comment "w")
                    S: a4 OK ...
                    C: a5 DELETE play
                    S: a5 OK ...
                    C: a6 CREATE play
                    S: a6 OK ...
                    C: a7 GETMETADATA play /shared/comment
                    S: * METADATA play (/shared/comment NIL)
                    S: a7 OK ...
                    C: a8 SETMETADATA INBOX (/private/comment "i")
                    S: a8 OK ...
                    C: a9 RENAME INBOX old
                    S: a9 OK ...
                    C: b1 LIST "" (INBOX old) RETURN (METADATA (/private/comment))
                    S: * LIST (\\HasNoChildren) "/" INBOX
                    S: * METADATA INBOX (/private/comment "i")
                    S: * LIST (\\HasNoChildren) "/" old
                    S: * METADATA old (/private/comment "i")
                    S: b1 OK LIST completed
                    """);
        }
        assertThat(StoreInvariants.violations(IMAP.database())).isEmpty();
    }

    @Test
    @DisplayName("RFC 9590 §3: LIST tells the annotations asked for, NIL where there are none")
    void list() {
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 SETMETADATA Junk (/private/vendor/cmu/color "#b71c1c" /shared/comment "bad")
                    S: a1 OK ...
                    C: a2 SUBSCRIBE nothing
                    S: a2 OK ...
                    C: a3 LIST (SUBSCRIBED) "" (J% Sent nothing) RETURN (METADATA ("/private/vendor/cmu/color" /shared/comment) STATUS (MESSAGES))
                    S: * LIST (\\HasNoChildren \\Subscribed \\Junk) "/" Junk
                    S: * STATUS Junk (MESSAGES 0)
                    S: * METADATA Junk (/private/vendor/cmu/color "#b71c1c" /shared/comment "bad")
                    S: * LIST (\\HasNoChildren \\Subscribed \\Sent) "/" Sent
                    S: * STATUS Sent (MESSAGES 0)
                    S: * METADATA Sent (/private/vendor/cmu/color NIL /shared/comment NIL)
                    S: * LIST (\\NonExistent \\Subscribed) "/" nothing
                    S: a3 OK LIST completed
                    C: a4 LIST "" * RETURN (METADATA (comment))
                    S: a4 BAD An entry name begins with /private/ or /shared/
                    """);
        }
    }

    @Test
    @DisplayName("bound: a value's size, by announcement before it is sent; entries of a folder; bytes of a mailbox")
    void bounds() {
        int most = Metadata.MAX_VALUE_BYTES;
        var full = "x".repeat(most);
        try (var imap = IMAP.person().clients()) {
            imap.plays("""
                    C: a1 SETMETADATA INBOX (/shared/comment {$tooLong}
                    S: a1 NO [METADATA MAXSIZE $most] A value has at most $most bytes
                    C: a2 SETMETADATA INBOX (/shared/comment {$tooLong+}
                    C: ${full}x)
                    S: a2 NO [METADATA MAXSIZE $most] A value has at most $most bytes
                    C: a3 SETMETADATA INBOX (/shared/comment {$most+}
                    C: $full)
                    S: a3 OK ...
                    """.replace("$tooLong", String.valueOf(most + 1))
                    .replace("$most", String.valueOf(most))
                    .replace("${full}", full)
                    .replace("$full", full));
            for (int i = 1; i < Metadata.MAX_ENTRIES; i++) {
                imap.plays("C: b SETMETADATA INBOX (/private/n/" + i + " \"\")\nS: b OK ...\n");
            }
            imap.plays("""
                    C: c1 SETMETADATA INBOX (/private/n/one-more "x")
                    S: c1 NO [METADATA TOOMANY] A folder has at most 100 entries
                    C: c2 SETMETADATA INBOX (/private/n/one-more "x" /private/n/1 NIL)
                    S: c2 OK ...
                    C: c3 SETMETADATA INBOX (/private/n/2 "replaced")
                    S: c3 OK ...
                    """);
            for (int i = 1; i * most < Metadata.MAX_BYTES - most; i++) {
                imap.plays(
                        "C: d SETMETADATA Sent (/private/m/" + i + " {" + most + "+}\nC: " + full + ")\nS: d OK ...\n");
            }
            imap.plays("""
                    C: e1 SETMETADATA Sent (/private/m/last {$most+}
                    C: $full)
                    S: e1 NO [OVERQUOTA] The entries of a mailbox have at most 1048576 bytes
                    C: e2 SETMETADATA Sent (/private/m/1 NIL)
                    S: e2 OK ...
                    C: e3 SETMETADATA Sent (/private/m/last {$most+}
                    C: $full)
                    S: e3 OK ...
                    """.replace("$most", String.valueOf(most)).replace("$full", full));
        }
    }
}
