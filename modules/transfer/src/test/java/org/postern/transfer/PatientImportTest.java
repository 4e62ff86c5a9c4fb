package org.postern.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.transfer.maildir.MaildirSource;

@DisplayName("A source that breaks off")
class PatientImportTest {
    private static final int MESSAGES = 200;

    @RegisterExtension
    static final Moving MOVING = new Moving();

    @TempDir
    Path maildir;

    private MailboxId mailbox;
    private final List<String> heard = new ArrayList<>();

    private final ImportListener listener = new ImportListener() {
        @Override
        public void folder(FolderFacts source, FolderName target) {}

        @Override
        public void progress(ImportCounts counts) {}

        @Override
        public void trouble(Trouble trouble) {
            heard.add(trouble.code().word());
        }

        @Override
        public void gone(SourceGone why, Duration pause) {
            heard.add("gone for " + pause.toMillis());
        }
    };

    @BeforeEach
    void fill() throws IOException {
        mailbox = MOVING.mailbox();
        var cur = Files.createDirectories(maildir.resolve("cur"));
        for (int i = 1; i < MESSAGES; i++) {
            Files.writeString(cur.resolve(String.format("%04d.a:2,", i)), "Subject: " + i + "\n\nbody\n");
        }
        Files.writeString(cur.resolve("0000.empty:2,"), "");
    }

    private ImportCounts run(PatientImport.Opener opener) throws IOException {
        return new PatientImport(MOVING.importer, Duration.ofMillis(1)).run(opener, Moving.settings(mailbox), listener);
    }

    private MailSource source() throws IOException {
        return new MaildirSource(maildir, Uidls.NONE);
    }

    /** The Maildir, which is gone after so many groups of messages. */
    private MailSource breaking(int groups) throws IOException {
        var whole = source();
        return new MailSource() {
            @Override
            public List<SourceFolder<?>> folders() throws IOException {
                var folders = new ArrayList<SourceFolder<?>>();
                for (var folder : whole.folders()) {
                    folders.add(new BreakingFolder<>(folder, new AtomicInteger(groups)));
                }
                return folders;
            }

            @Override
            public void close() throws IOException {
                whole.close();
                throw new SourceGone("nor does it say goodbye");
            }
        };
    }

    private record BreakingFolder<M extends SourceMessage>(SourceFolder<M> whole, AtomicInteger left)
            implements SourceFolder<M> {
        @Override
        public FolderFacts facts() {
            return whole.facts();
        }

        @Override
        public void list(Taker<M> taker) throws IOException {
            whole.list(taker);
        }

        @Override
        public void prepare(List<M> next) throws IOException {
            if (left.getAndDecrement() <= 0) {
                throw new SourceGone("cut off");
            }
            whole.prepare(next);
        }
    }

    @Test
    @DisplayName("is opened again as long as each run brings something: all is there once, and told as one run")
    void goesOn() throws IOException {
        var runs = new AtomicInteger();
        var counts = run(() -> runs.incrementAndGet() < 4 ? breaking(1) : source());
        assertThat(counts.imported()).isEqualTo(MESSAGES - 1);
        assertThat(counts.known()).isZero();
        assertThat(counts.leftOut()).isOne();
        assertThat(heard).containsExactly("empty", "gone for 1", "gone for 1", "gone for 1");
        assertThat(MOVING.messages(mailbox, "INBOX")).hasSize(MESSAGES - 1);
    }

    @Test
    @DisplayName("is given up after TRIES in a row that bring nothing, each after a longer pause")
    void boundOfTries() {
        var runs = new AtomicInteger();
        assertThatExceptionOfType(SourceGone.class)
                .isThrownBy(() -> run(() -> breaking(runs.incrementAndGet() == 2 ? 1 : 0)));
        assertThat(runs).hasValue(1 + PatientImport.TRIES);
        assertThat(heard)
                .containsExactly(
                        "gone for 1", "empty", "gone for 1", "gone for 2", "gone for 4", "gone for 8", "gone for 16");
    }

    @Test
    @DisplayName("and is not there to begin with is not waited for")
    void neverThere() {
        assertThatExceptionOfType(SourceGone.class)
                .isThrownBy(() -> run(() -> {
                    throw new SourceGone("the password is wrong");
                }));
        assertThat(heard).isEmpty();
    }
}
