package org.postern.server.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.server.ServerProcess;

/** Large messages in bounded memory, on every protocol, many at once. */
class SmallHeapTest {
    private static final int CLIENTS = 9;

    @TempDir
    Path data;

    @Test
    @DisplayName(
            "nine clients move 30 MB each in and out by IMAP, SMTP and POP3 at once, one as BINARYMIME, with -Xmx128m")
    void thirtyMegabytesEach() throws IOException, InterruptedException {
        try (var server = ServerProcess.in(data).heap("128m").start()) {
            TestMailbox.prepare(server);
            var mailboxes = new ArrayList<TestMailbox>();
            for (int i = 0; i < CLIENTS; i++) {
                mailboxes.add(TestMailbox.add(server, "big" + i));
            }
            LargeMailClients.run(server, mailboxes);
            assertThat(server.log()).doesNotContain("OutOfMemoryError");
        }
    }
}
