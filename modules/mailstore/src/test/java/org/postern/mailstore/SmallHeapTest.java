package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postern.testkit.ScratchDatabase;

class SmallHeapTest {
    @RegisterExtension
    static final ScratchDatabase SCRATCH = new ScratchDatabase();

    @Test
    @DisplayName("three messages of 30 MB at once, in and out, in a heap of 40 MB")
    void movesLargeMessages(@TempDir Path directory) throws Exception {
        try (var store = new Store(SCRATCH.database())) {
            var mailbox = store.mailbox();
            var settings = SCRATCH.settings();
            var process = new ProcessBuilder(
                            Path.of(System.getProperty("java.home"), "bin", "java")
                                    .toString(),
                            "-Xmx40m",
                            "-cp",
                            System.getProperty("java.class.path"),
                            SmallHeap.class.getName(),
                            settings.url(),
                            settings.user(),
                            settings.password(),
                            settings.cell(),
                            mailbox.toString(),
                            directory.toString())
                    .redirectErrorStream(true)
                    .start();
            try {
                var said = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
                assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
                assertThat(said).contains("same bytes");
                assertThat(process.exitValue()).as(said).isZero();
            } finally {
                process.destroyForcibly();
            }
            assertThat(store.status(store.inbox(mailbox)).size()).isGreaterThan(3L * SmallHeap.MESSAGE_BYTES);
            assertThat(StoreInvariants.violations(store.database)).isEmpty();
        }
    }
}
