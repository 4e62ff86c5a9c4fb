package org.postern.imap;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.testkit.TlsClient;

/** Waits that end: RFC 3501 §5.4, and a drain. */
class BoundsTest {
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
            Duration.ofMillis(300),
            Duration.ofMillis(1500),
            S.patternChars(),
            S.wildcards(),
            S.sortKeys(),
            S.sortedMessages(),
            S.searchScans(),
            S.searchChars(),
            S.watchedFolders(),
            S.updatedSearches(),
            S.pipelined()));

    @Test
    @DisplayName("bound: silence before login, after it, and in IDLE")
    void silence() {
        try (var client = TlsClient.to(IMAP.port()).implicit()) {
            client.readLine();
            assertThat(client.readToEnd()).startsWith("* BYE Idle for ");
        }
        var person = IMAP.person();
        try (var client = person.loggedIn()) {
            assertThat(client.readToEnd()).startsWith("* BYE Idle for ");
        }
        try (var client = person.loggedIn()) {
            client.sendLine("a1 IDLE");
            assertThat(client.readLine()).isEqualTo("+ idling");
            assertThat(client.readToEnd()).startsWith("* BYE Idle for ");
        }
    }
}
