package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;
import org.postern.model.SystemFlag;
import org.postern.model.UidSet;
import org.postern.testkit.ScratchDatabase;

class SweepsTest {
    static final SweepSettings AT_ONCE = new SweepSettings(
            Duration.ofHours(1), Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, Duration.ZERO, 7);

    @RegisterExtension
    final ScratchDatabase scratch = new ScratchDatabase();

    private Store store;
    private MailboxId mailbox;
    private FolderId inbox;

    @BeforeEach
    void open() {
        store = new Store(scratch.database());
        mailbox = store.mailbox();
        inbox = store.inbox(mailbox);
    }

    @AfterEach
    void close() {
        assertThat(store.violations()).isEmpty();
        store.close();
    }

    private long count(String table) {
        return store.database.once(tx -> tx.one("SELECT count(*) FROM " + table, row -> row.longValue(1)));
    }

    @Test
    @DisplayName("a content goes when its last message has gone, and not before its grace is over")
    void sweepsContents() {
        store.filled(mailbox, "INBOX", 20);
        store.folders.copy(inbox, Store.uids(1, 5), new FolderName("Archive"), StorageLimit.NONE);
        store.folders.move(inbox, Store.uids(6, 8), new FolderName("Trash"));
        store.folders.remove(inbox, Store.uids(1, 20));

        assertThat(new StoreSweeps(store.database, SweepSettings.DEFAULT)
                        .sweep()
                        .contents())
                .isZero();
        assertThat(count("content")).isEqualTo(20);
        assertThat(new StoreSweeps(store.database, AT_ONCE).sweep().contents()).isEqualTo(12);
        assertThat(count("content")).isEqualTo(8);
        assertThat(count("content_orphan")).isZero();
        store.folders.remove(store.folder(mailbox, "Archive"), Store.uids(1, 5));
        assertThat(new StoreSweeps(store.database, AT_ONCE).sweep().contents()).isEqualTo(5);
    }

    @Test
    @DisplayName("a deleted folder's messages, log and row go in batches")
    void sweepsDeletedFolders() {
        store.filled(mailbox, "Archive", 30);
        store.tree.delete(mailbox, new FolderName("Archive"));
        assertThat(new StoreSweeps(store.database, SweepSettings.DEFAULT).sweep())
                .isEqualTo(StoreSweeps.Swept.NOTHING);

        var swept = new StoreSweeps(store.database, AT_ONCE).sweep();

        assertThat(swept.messages()).isEqualTo(30);
        assertThat(swept.contents()).isEqualTo(30);
        assertThat(swept.folders()).isOne();
        assertThat(count("folder_change")).isZero();
        assertThat(count("folder WHERE deleted_at IS NOT NULL")).isZero();
    }

    @Test
    @DisplayName("RFC 7162 §3.2: the log forgets changes before it forgets expunges")
    void sweepsTheLog() {
        store.filled(mailbox, "INBOX", 5);
        store.add(inbox, Store.uids(1, 3), SystemFlag.SEEN);
        store.folders.remove(inbox, UidSet.of(2));
        store.add(inbox, Store.uids(4, 5), SystemFlag.SEEN);
        var kept = new SweepSettings(
                Duration.ofHours(1),
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ZERO,
                Duration.ofDays(1),
                100);
        var loader = new SnapshotLoader(store.database);
        var now = loader.load(inbox);

        assertThat(new StoreSweeps(store.database, kept).sweep().changes()).isEqualTo(3);

        assertThat(count("folder_change")).isOne();
        assertThat(count("folder WHERE log_floor = highest_modseq AND expunge_floor = 1"))
                .isEqualTo(6);
        assertThat(Store.rows(loader.advance(now))).isEqualTo(Store.rows(now));
        assertThat(new StoreSweeps(store.database, AT_ONCE).sweep().changes()).isOne();
        assertThat(count("folder WHERE expunge_floor = 1")).isEqualTo(5);
    }

    @Test
    @DisplayName("while one node sweeps, another does not")
    void sweepsOnOneNode() throws InterruptedException {
        store.filled(mailbox, "INBOX", 3);
        store.folders.remove(inbox, Store.uids(1, 3));
        var locked = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var holder = threads.submit(() -> store.database.transact(tx -> {
                tx.call("SELECT pg_advisory_xact_lock(hashtextextended('store-sweeps/' || current_schema(), 0))");
                locked.countDown();
                try {
                    return release.await(10, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            }));
            assertThat(locked.await(10, TimeUnit.SECONDS)).isTrue();
            assertThat(new StoreSweeps(store.database, AT_ONCE).sweep()).isEqualTo(StoreSweeps.Swept.NOTHING);
            release.countDown();
            assertThat(holder).succeedsWithin(Duration.ofSeconds(10));
        }
        assertThat(new StoreSweeps(store.database, AT_ONCE).sweep().contents()).isEqualTo(3);
    }

    @Test
    @DisplayName("sweeping at once beside appends, copies and expunges never takes a content that has a message")
    void sweepsBesideTraffic() throws Exception {
        var running = new java.util.concurrent.atomic.AtomicBoolean(true);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var sweeper = threads.submit(() -> {
                var sweeps = new StoreSweeps(store.database, AT_ONCE);
                while (running.get()) {
                    sweeps.sweep();
                }
            });
            var archive = store.folder(mailbox, "Archive");
            for (int i = 0; i < 150; i++) {
                var uids = store.append(mailbox, "INBOX", Store.numbered(i), Store.numbered(i + 1))
                        .uids();
                store.folders.copy(inbox, uids, new FolderName("Archive"), StorageLimit.NONE);
                store.folders.remove(inbox, uids);
                if (i % 3 == 0) {
                    store.folders.move(archive, Store.uids(1, 1_000), FolderName.INBOX);
                }
                if (i % 5 == 0) {
                    store.add(archive, Store.uids(1, 100_000), SystemFlag.DELETED);
                    store.folders.expunge(archive, Optional.empty());
                }
            }
            running.set(false);
            sweeper.get(30, TimeUnit.SECONDS);
        }
        assertThat(store.violations()).isEmpty();
        new StoreSweeps(store.database, AT_ONCE).sweep();
        assertThat(count("content"))
                .isEqualTo(store.database.<Long>once(
                        tx -> tx.one("SELECT count(DISTINCT content_id) FROM message", row -> row.longValue(1))));
    }
}
