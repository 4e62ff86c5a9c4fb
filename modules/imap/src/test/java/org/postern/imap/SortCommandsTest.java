package org.postern.imap;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.imap.ImapServer.Person;

/** SORT and THREAD. */
class SortCommandsTest {
    @RegisterExtension
    static final ImapServer IMAP = new ImapServer();

    /** Five messages; the last has no date and no subject. */
    private static Person correspondent() {
        return IMAP.person()
                .append("INBOX", """
                        Date: Sat, 21 Nov 2026 10:00:00 +0100
                        From: Zoe <ann@a.example>
                        To: bob@example.org
                        Cc: team: x@example.org;
                        Subject: Re: banana

                        long text, the longest of all of them
                        """.replace("\n", "\r\n"), ImapServer.NOW.plusSeconds(50))
                .append("INBOX", """
                        Date: Sat, 21 Nov 2026 10:00:00 +0200
                        From: =?utf-8?Q?=C3=84nne?= <carl@a.example>
                        To: Adam <adam@example.org>
                        Subject: apple

                        x
                        """.replace("\n", "\r\n"), ImapServer.NOW.plusSeconds(40))
                .append("INBOX", """
                        Date: Fri, 20 Nov 2026 10:00:00 +0000
                        From: BOB@a.example
                        To: adam@example.org
                        Cc: Ann <ann@example.org>
                        Subject: Banana

                        xx
                        """.replace("\n", "\r\n"), ImapServer.NOW.plusSeconds(30))
                .append("INBOX", """
                        Date: Sat, 21 Nov 2026 08:00:00 +0000
                        From: bob@b.example
                        Subject: [list] Apple (fwd)

                        xxx
                        """.replace("\n", "\r\n"), ImapServer.NOW.plusSeconds(20))
                .append("INBOX", "X: y\r\n\r\nxxxx\r\n", ImapServer.NOW.minus(Duration.ofDays(2)));
    }

    @Test
    @DisplayName("RFC 5256 §3: SORT by each criterion, ties by number, REVERSE one by one")
    void sort() {
        try (var imap = correspondent().inInbox()) {
            imap.plays("""
                    C: a1 SORT (SUBJECT) UTF-8 ALL
                    S: * SORT 5 2 4 1 3
                    S: a1 OK SORT completed
                    C: a2 SORT (REVERSE SUBJECT) UTF-8 ALL
                    S: * SORT 1 3 2 4 5
                    S: a2 OK SORT completed
                    C: a3 SORT (SUBJECT REVERSE DATE) US-ASCII ALL
                    S: * SORT 5 2 4 1 3
                    S: a3 OK SORT completed
                    C: a4 UID SORT (DATE) UTF-8 ALL
                    S: * SORT 5 3 2 4 1
                    S: a4 OK SORT completed
                    C: a5 SORT (ARRIVAL) UTF-8 1:4
                    S: * SORT 4 3 2 1
                    S: a5 OK SORT completed
                    C: a6 SORT (FROM REVERSE ARRIVAL) UTF-8 ALL
                    S: * SORT 5 1 3 4 2
                    S: a6 OK SORT completed
                    C: a7 SORT (TO) UTF-8 ALL
                    S: * SORT 4 5 2 3 1
                    S: a7 OK SORT completed
                    C: a8 SORT (CC) UTF-8 1:3
                    S: * SORT 2 3 1
                    S: a8 OK SORT completed
                    C: a9 SORT (REVERSE SIZE) UTF-8 1,5
                    S: * SORT 1 5
                    S: a9 OK SORT completed
                    C: b2 SORT (REVERSE ARRIVAL) UTF-8 4:5 MODSEQ 1
                    S: * SORT 4 5 (MODSEQ $modseq)
                    S: b2 OK SORT completed
                    C: b1 SORT (SUBJECT) UTF-8 DELETED
                    S: * SORT
                    S: b1 OK SORT completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5957 §3: DISPLAYFROM and DISPLAYTO sort by the name that is shown, or by the address")
    void display() {
        try (var imap = correspondent().inInbox()) {
            imap.plays("""
                    C: a1 SORT (DISPLAYFROM) UTF-8 1:4
                    S: * SORT 2 3 4 1
                    S: a1 OK SORT completed
                    C: a2 SORT (DISPLAYTO) UTF-8 1:4
                    S: * SORT 4 2 3 1
                    S: a2 OK SORT completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5267 §3.1: SORT RETURN (…) keeps the order in ESEARCH, and SAVE the messages")
    void extended() {
        try (var imap = correspondent().inInbox()) {
            imap.plays("""
                    C: a1 SORT RETURN (MIN MAX ALL COUNT) (SUBJECT) UTF-8 ALL
                    S: * ESEARCH (TAG "a1") MIN 5 MAX 3 COUNT 5 ALL 5,2,4,1,3
                    S: a1 OK SORT completed
                    C: a2 UID SORT RETURN () (REVERSE ARRIVAL) UTF-8 2:4
                    S: * ESEARCH (TAG "a2") UID ALL 2:4
                    S: a2 OK SORT completed
                    C: a3 SORT RETURN (PARTIAL 2:3 SAVE) (SUBJECT) UTF-8 ALL
                    S: * ESEARCH (TAG "a3") PARTIAL (2:3 2,4)
                    S: a3 OK SORT completed
                    C: a4 SEARCH $
                    S: * SEARCH 2 4
                    S: a4 OK SEARCH completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5256 §5: what is no SORT and no THREAD")
    void refused() {
        try (var imap = IMAP.person().withMessages(2).inInbox().let("many", "SIZE ".repeat(16) + "SIZE")) {
            imap.plays("""
                    C: a1 SORT (COLOUR) UTF-8 ALL
                    S: a1 BAD Unknown sort criterion
                    C: a2 SORT (SUBJECT REVERSE) UTF-8 ALL
                    S: a2 BAD Missing argument
                    C: a3 SORT (SUBJECT) X-NONE ALL
                    S: a3 NO [BADCHARSET (US-ASCII UTF-8)] Unknown charset
                    C: a4 SORT (SUBJECT) UTF-8
                    S: a4 BAD Missing argument
                    C: a5 SORT SUBJECT UTF-8 ALL
                    S: a5 BAD Missing sort criteria
                    C: a6 THREAD REFS UTF-8 ALL
                    S: a6 BAD Unknown threading algorithm
                    C: a7 SORT ($many) UTF-8 ALL
                    S: a7 BAD [LIMIT] At most 16 sort criteria
                    C: a8 THREAD REFERENCES UTF-8 DELETED
                    S: * THREAD
                    S: a8 OK THREAD completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5256 §3: ORDEREDSUBJECT: by base subject, then by date")
    void orderedSubject() {
        try (var imap = correspondent().inInbox()) {
            imap.plays("""
                    C: a1 THREAD ORDEREDSUBJECT UTF-8 ALL
                    S: * THREAD (5)(3 1)(2 4)
                    S: a1 OK THREAD completed
                    C: a2 UID THREAD ORDEREDSUBJECT UTF-8 1:3
                    S: * THREAD (3 1)(2)
                    S: a2 OK THREAD completed
                    """);
        }
    }

    private static Person answered(String... headers) {
        var person = IMAP.person();
        int minute = 0;
        for (var header : headers) {
            person.append(
                    "INBOX",
                    "Date: Sat, 21 Nov 2026 10:%02d:00 +0000\r\n%s\r\n\r\nx\r\n"
                            .formatted(minute++, header.replace("; ", "\r\n")));
        }
        return person;
    }

    @Test
    @DisplayName("RFC 5256 §3: REFERENCES: who answers whom, whatever the order they arrived in")
    void references() {
        var person = answered(
                "Message-ID: <a@x>; Subject: one",
                "Message-ID: <d@x>; References: <a@x> <b@x>; Subject: two",
                "Message-ID: <b@x>; In-Reply-To: <a@x> of yesterday; Subject: three",
                "Message-ID: <e@x>; References: <b@x>; Subject: four",
                "Message-ID: <f@x>; References: <gone@x>; Subject: five",
                "Message-ID: <g@x>; References: <gone@x>; Subject: six",
                "Message-ID: <h@x>; References: <lost@x> <lost2@x>; Subject: seven",
                "Message-ID: <\"a\"@x>; Subject: eight",
                "Subject: nine",
                "Message-ID: <j@x>; References: <j@x>; Subject: ten");
        try (var imap = person.inInbox()) {
            imap.plays("""
                    C: a1 THREAD REFERENCES UTF-8 ALL
                    S: * THREAD (1 3 (2)(4))((5)(6))(7)(8)(9)(10)
                    S: a1 OK THREAD completed
                    C: a2 UID THREAD REFERENCES UTF-8 2:6
                    S: * THREAD (3 (2)(4))((5)(6))
                    S: a2 OK THREAD completed
                    C: a3 STORE 3 +FLAGS.SILENT (\\Deleted)
                    S: a3 OK ...
                    C: a4 EXPUNGE
                    S: * 3 EXPUNGE
                    S: a4 OK ...
                    C: a5 UID THREAD REFERENCES UTF-8 ALL
                    S: * THREAD (1 (2)(4))((5)(6))(7)(8)(9)(10)
                    S: a5 OK THREAD completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5256 §3: REFERENCES step 5: threads of one base subject are joined")
    void sameSubject() {
        var person = answered(
                "Message-ID: <a@x>; Subject: Re: plan",
                "Message-ID: <b@x>; Subject: plan",
                "Message-ID: <c@x>; Subject: [list] plan (fwd)",
                "Message-ID: <d@x>; Subject: other",
                "Message-ID: <e@x>; Subject: other",
                "Message-ID: <f@x>; Subject: other",
                "Message-ID: <g@x>; References: <no1@x>; Subject: Re: lost",
                "Message-ID: <h@x>; References: <no1@x>; Subject: Re: lost",
                "Message-ID: <i@x>; References: <no2@x>; Subject: Re: lost",
                "Message-ID: <j@x>; References: <no2@x>; Subject: Re: lost",
                "Message-ID: <k@x>; Subject: Re:",
                "Message-ID: <l@x>; Subject: Re:");
        try (var imap = person.inInbox()) {
            imap.plays("""
                    C: a1 THREAD REFERENCES UTF-8 ALL
                    S: * THREAD (2 (1)(3))((4)(5)(6))((7)(8)(9)(10))(11)(12)
                    S: a1 OK THREAD completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 5256 §3: REFERENCES without loops, and threads of any depth")
    void loopsAndDepth() {
        var person = answered(
                "Message-ID: <a@x>; References: <b@x>; Subject: one",
                "Message-ID: <b@x>; References: <a@x>; Subject: two",
                "Message-ID: <c@x>; References: <a@x> <b@x> <a@x>; Subject: three");
        try (var imap = person.inInbox()) {
            imap.plays("""
                    C: a1 THREAD REFERENCES UTF-8 ALL
                    S: * THREAD (2 1 3)
                    S: a1 OK THREAD completed
                    """);
        }
        var chain = new String[60];
        var numbers = new StringBuilder();
        for (int i = 0; i < chain.length; i++) {
            chain[i] = "Message-ID: <" + i + "@x>; In-Reply-To: <" + (i - 1) + "@x>; Subject: s" + i;
            numbers.append(i > 0 ? " " : "").append(i + 1);
        }
        try (var imap = answered(chain).inInbox().let("numbers", numbers.toString())) {
            imap.plays("""
                    C: a1 THREAD REFERENCES UTF-8 ALL
                    S: * THREAD ($numbers)
                    S: a1 OK THREAD completed
                    """);
        }
    }
}
