package org.postern.imap;

import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** INPROGRESS (RFC 9585): whoever waits long hears how far it is. Each look at this server's clock takes a second. */
class ProgressTest {
    private static final AtomicInteger LOOKS = new AtomicInteger();
    private static final InstantSource TICKING = () -> ImapServer.NOW.plusSeconds(LOOKS.incrementAndGet());

    @RegisterExtension
    static final ImapServer IMAP = new ImapServer(TICKING);

    @Test
    @DisplayName("RFC 9585 §4: every ten seconds of a SEARCH that reads messages: tag, progress and goal")
    void search() {
        try (var imap = IMAP.person().withMessages(25).inInbox()) {
            imap.plays("""
                    C: a1 SEARCH BODY "body 9"
                    S: * OK [INPROGRESS ("a1" $first 25)] Still at it
                    S: * OK [INPROGRESS ("a1" $second 25)] Still at it
                    S: * SEARCH 9
                    S: a1 OK SEARCH completed
                    C: a]2 SEARCH BODY "body 9" SUBJECT "message"
                    S: * OK [INPROGRESS (NIL $third 50)] Still at it
                    S: ...
                    S: a]2 OK SEARCH completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 9585 §4: of SORT and THREAD, which do not know how long it takes, progress without goal")
    void sortAndThread() {
        try (var imap = IMAP.person().withMessages(12).inInbox()) {
            imap.plays("""
                    C: a1 SORT (SUBJECT) UTF-8 ALL
                    S: * OK [INPROGRESS ("a1" $done NIL)] Still at it
                    S: * SORT ...
                    S: a1 OK SORT completed
                    """);
        }
    }

    @Test
    @DisplayName("RFC 9585 §3: nothing of a command that ends soon")
    void soon() {
        try (var imap = IMAP.person().withMessages(8).inInbox()) {
            imap.plays("""
                    C: a1 SEARCH BODY "body 8"
                    S: * SEARCH 8
                    S: a1 OK SEARCH completed
                    """);
        }
    }
}
