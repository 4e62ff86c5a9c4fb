package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.database.DatabaseFailure;
import org.postern.mailstore.DeliverOutcome.Fate;
import org.postern.model.Flags;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;
import org.postern.model.StorageLimit.Resource;
import org.postern.model.SystemFlag;
import org.postern.model.UidSet;
import org.postern.testkit.OnScratch;

class DeliverTest {
    @RegisterExtension
    static final OnScratch<Store> STORE = Store.forClass();

    private final Store store;

    DeliverTest(Store store) {
        this.store = store;
    }

    private DeliverOutcome deliver(List<Parcel> parcels) {
        try {
            var prepared = store.folders.prepare(parcels);
            var outcome = store.database.transact(tx -> store.folders.deliver(tx, prepared));
            outcome.committed();
            return outcome;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    @DisplayName("one mailbox's INBOX and another folder of it, and a folder that is not there")
    void deliversToAnyFolder() {
        var mailbox = store.mailbox();
        var message = Store.numbered(1, SystemFlag.SEEN);
        var outcome = deliver(List.of(
                new Parcel(mailbox, new FolderName("Sent"), message, StorageLimit.NONE),
                parcel(mailbox, message),
                new Parcel(mailbox, new FolderName("No"), message, StorageLimit.NONE)));

        assertThat(outcome.fates().get(0))
                .isInstanceOfSatisfying(
                        Fate.Delivered.class, in -> assertThat(in.folder()).isEqualTo(store.folder(mailbox, "Sent")));
        assertThat(outcome.fates().get(1))
                .isInstanceOfSatisfying(
                        Fate.Delivered.class, in -> assertThat(in.folder()).isEqualTo(store.inbox(mailbox)));
        assertThat(outcome.fates().get(2)).isEqualTo(new Fate.NoFolder());
    }

    private static Parcel parcel(MailboxId mailbox, NewMessage message) {
        return new Parcel(mailbox, FolderName.INBOX, message, StorageLimit.NONE);
    }

    @Test
    @DisplayName(
            "each parcel has its own fate: delivered, full, no such mailbox; two to one mailbox are both delivered")
    void delivers() {
        var one = store.mailbox();
        var two = store.mailbox();
        var full = store.mailbox();
        var message = Store.numbered(7);
        var large = Store.message(
                ("Subject: l\r\n\r\n" + "x".repeat(400_000)).getBytes(StandardCharsets.US_ASCII), Flags.NONE);
        try (var watch = store.feed.watch(store.inbox(one), () -> {})) {
            watch.snapshot();
            var outcome = deliver(List.of(
                    parcel(two, message),
                    parcel(one, message),
                    new Parcel(full, FolderName.INBOX, message, new StorageLimit(10)),
                    parcel(new MailboxId(999_999), message),
                    parcel(one, large),
                    new Parcel(full, FolderName.INBOX, large, new StorageLimit(10))));

            assertThat(outcome.fates()).hasSize(6);
            assertThat(outcome.fates().get(0)).isInstanceOf(Fate.Delivered.class);
            assertThat(((Fate.Delivered) outcome.fates().get(1)).uid().value()).isOne();
            assertThat(outcome.fates().get(2)).isEqualTo(new Fate.Full(Resource.BYTES, 0, 10));
            assertThat(outcome.fates().get(3)).isEqualTo(new Fate.NoFolder());
            assertThat(((Fate.Delivered) outcome.fates().get(4)).uid().value()).isEqualTo(2);
            assertThat(outcome.fates().get(5)).isEqualTo(new Fate.Full(Resource.BYTES, 0, 10));
            assertThat(Store.rows(watch.snapshot())).isEqualTo(Store.rows(store.fresh(store.inbox(one))));
            assertThat(watch.snapshot().uids()).isEqualTo(UidSet.range(1, 2));
        }
        assertThat(store.bytes(store.inbox(one), 2)).hasSize((int) large.bytes().size());
        assertThat(store.status(store.inbox(two)).messages()).isOne();
        assertThat(store.status(store.inbox(full)).messages()).isZero();
    }

    @Test
    @DisplayName("an INBOX that somebody holds is passed over at once, the others get their mail")
    void passesOverTheBusy() throws InterruptedException {
        var busy = store.mailbox();
        var idle = store.mailbox();
        var locked = new CountDownLatch(1);
        var release = new CountDownLatch(1);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var holder = threads.submit(() -> store.database.transact(tx -> {
                tx.call("SELECT FROM folder WHERE mailbox_id = ? AND name = 'INBOX' FOR NO KEY UPDATE", busy.value());
                locked.countDown();
                return await(release);
            }));
            assertThat(locked.await(10, TimeUnit.SECONDS)).isTrue();
            var outcome = deliver(List.of(parcel(busy, Store.numbered(1)), parcel(idle, Store.numbered(1))));
            assertThat(outcome.fates().get(0)).isEqualTo(new Fate.Busy());
            assertThat(outcome.fates().get(1)).isInstanceOf(Fate.Delivered.class);
            release.countDown();
            assertThat(holder).succeedsWithin(java.time.Duration.ofSeconds(10));
        }
        assertThat(deliver(List.of(parcel(busy, Store.numbered(1)))).fates().getFirst())
                .isInstanceOf(Fate.Delivered.class);
    }

    private static boolean await(CountDownLatch latch) {
        try {
            return latch.await(10, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Test
    @DisplayName("what the caller rolls back was never delivered; prepared contents wait for the sweep")
    void rollsBack() throws IOException {
        var mailbox = store.mailbox();
        var large = Store.message(
                ("Subject: l\r\n\r\n" + "x".repeat(300_000)).getBytes(StandardCharsets.US_ASCII), Flags.NONE);
        var prepared = store.folders.prepare(List.of(parcel(mailbox, large)));
        org.assertj.core.api.Assertions.assertThatThrownBy(() -> store.database.transact(tx -> {
                    store.folders.deliver(tx, prepared);
                    throw new IllegalStateException("second thoughts");
                }))
                .isNotInstanceOf(DatabaseFailure.class)
                .hasMessage("second thoughts");
        assertThat(store.status(store.inbox(mailbox)).messages()).isZero();
    }

    @Test
    @DisplayName("deliveries to overlapping mailboxes from many threads, beside appends, lose and double nothing")
    void racesWithItself() throws Exception {
        var mailboxes = new ArrayList<MailboxId>();
        for (int i = 0; i < 6; i++) {
            mailboxes.add(store.mailbox());
        }
        var delivered = new java.util.concurrent.atomic.AtomicInteger();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var all = new ArrayList<java.util.concurrent.Future<?>>();
            for (int t = 0; t < 4; t++) {
                int thread = t;
                all.add(threads.submit(() -> {
                    var random = new java.util.Random(thread);
                    for (int i = 0; i < 40; i++) {
                        var message = Store.numbered(i);
                        var shuffled = new ArrayList<>(mailboxes);
                        java.util.Collections.shuffle(shuffled, random);
                        var parcels = shuffled.subList(0, 3).stream()
                                .map(to -> parcel(to, message))
                                .toList();
                        delivered.addAndGet((int) deliver(parcels).fates().stream()
                                .filter(Fate.Delivered.class::isInstance)
                                .count());
                        store.append(mailboxes.get(random.nextInt(6)), "INBOX", message);
                        delivered.incrementAndGet();
                    }
                }));
            }
            for (var one : all) {
                one.get(60, TimeUnit.SECONDS);
            }
        }
        long stored = mailboxes.stream()
                .mapToLong(id -> store.status(store.inbox(id)).messages())
                .sum();
        assertThat(stored).isEqualTo(delivered.get());
    }
}
