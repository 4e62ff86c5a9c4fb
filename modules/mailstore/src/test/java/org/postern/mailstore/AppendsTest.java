package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.database.DatabaseFailure;
import org.postern.database.DatabaseUnavailable;
import org.postern.database.GroupCommit;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;
import org.postern.testkit.HeldFolder;
import org.postern.testkit.OnScratch;

@DisplayName("APPENDs that come while others are being stored")
class AppendsTest {
    private static final int UNDER_WAY = GroupCommit.MAX_UNDER_WAY;

    @RegisterExtension
    static final OnScratch<Store> STORE = Store.forClass().withPoolSize(2 * UNDER_WAY + 8);

    private final Store store;

    AppendsTest(Store store) {
        this.store = store;
    }

    /** So many APPENDs at once; each ends as its own. */
    private static List<CompletableFuture<AppendOutcome>> start(int count, IntFunction<AppendOutcome> append) {
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        var all = IntStream.range(0, count)
                .mapToObj(i -> CompletableFuture.supplyAsync(() -> append.apply(i), threads))
                .toList();
        threads.shutdown();
        return all;
    }

    private AppendOutcome append(MailboxId mailbox, NewMessage message) {
        return store.tryAppend(mailbox, "INBOX", StorageLimit.NONE, message);
    }

    /** While they wait for the folder that is held, every statement that may be under way is. */
    private List<CompletableFuture<AppendOutcome>> occupied(MailboxId held) {
        var waiting = start(UNDER_WAY, i -> append(held, Store.numbered(i)));
        await().until(() -> number("SELECT count(*) FROM pg_stat_activity"
                        + " WHERE datname = current_database() AND wait_event_type = 'Lock'")
                == UNDER_WAY);
        return waiting;
    }

    private long number(String sql, Object... params) {
        return store.database.once(tx -> tx.one(sql, row -> row.longValue(1), params));
    }

    /** Messages of a folder in its largest transaction. */
    private long largestGroup(FolderId folder) {
        return number("""
                SELECT max(n) FROM (SELECT count(*) AS n FROM message WHERE mailbox_id = ? AND folder_id = ?
                                     GROUP BY xmin::text) groups
                """, folder.mailbox().value(), folder.id());
    }

    @Test
    @DisplayName("go into other folders however long one is held, at most MAX_GROUP with one commit")
    void heldFolder() {
        var held = store.mailbox();
        var free = store.mailbox();
        try (var holder = new HeldFolder(store.database, held)) {
            var waiting = occupied(held);
            var others = start(3 * GroupCommit.MAX_GROUP, i -> append(free, Store.numbered(i)));
            others.forEach(CompletableFuture::join);
            assertThat(waiting).noneMatch(CompletableFuture::isDone);
            assertThat(largestGroup(store.inbox(free))).isBetween(2L, (long) GroupCommit.MAX_GROUP);
            holder.release();
            assertThat(waiting).allSatisfy(one -> assertThat(one.join()).isInstanceOf(AppendOutcome.Appended.class));
        }
        assertThat(store.status(store.inbox(free)).messages()).isEqualTo(3 * GroupCommit.MAX_GROUP);
        assertThat(store.status(store.inbox(held)).messages()).isEqualTo(UNDER_WAY);
    }

    @Test
    @DisplayName("are grouped up to MAX_GROUP_BYTES")
    void largeOnes() {
        var held = store.mailbox();
        var free = store.mailbox();
        var body = "Subject: l\r\n\r\n" + "x".repeat(200_000);
        try (var holder = new HeldFolder(store.database, held)) {
            var waiting = occupied(held);
            start(20, i -> append(free, Store.message(body))).forEach(CompletableFuture::join);
            assertThat(largestGroup(store.inbox(free))).isBetween(2L, GroupCommit.MAX_GROUP_BYTES / 200_000);
            holder.release();
            waiting.forEach(CompletableFuture::join);
        }
    }

    @Test
    @DisplayName("have each their own outcome: UID and content, no folder, over the limit, and a failure")
    void ownOutcomes() {
        var held = store.mailbox();
        var free = store.mailbox();
        var full = store.mailbox();
        store.database.transact(tx -> tx.update("""
                CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$
                """) + tx.update("""
                CREATE TRIGGER refuses BEFORE INSERT ON message FOR EACH ROW WHEN (new.size = 31) EXECUTE FUNCTION refuse()
                """));
        var poison = Store.message("Subject: p\r\n\r\n" + "x".repeat(17));
        try (var holder = new HeldFolder(store.database, held)) {
            var waiting = occupied(held);
            var texts = new ArrayList<String>();
            for (int i = 0; i < 8; i++) {
                texts.add("Subject: own\r\n\r\n" + "y".repeat(100 + i));
            }
            var good = start(8, i -> append(free, Store.message(texts.get(i))));
            var over = start(4, i -> store.tryAppend(full, "INBOX", new StorageLimit(10), Store.numbered(i)));
            var astray = start(2, i -> store.tryAppend(full, "No", StorageLimit.NONE, Store.numbered(i)));
            var failing = start(1, i -> append(free, poison)).getFirst();
            for (int i = 0; i < 8; i++) {
                var appended = (AppendOutcome.Appended) good.get(i).join();
                assertThat(store.bytes(appended.folder(), appended.uids().min()))
                        .asString()
                        .isEqualTo(texts.get(i));
            }
            assertThat(over).allSatisfy(one -> assertThat(one.join()).isInstanceOf(OverQuota.class));
            assertThat(astray).allSatisfy(one -> assertThat(one.join()).isInstanceOf(NoSuchFolder.class));
            assertThatExceptionOfType(CompletionException.class)
                    .isThrownBy(failing::join)
                    .withCauseInstanceOf(DatabaseFailure.class);
            holder.release();
            waiting.forEach(CompletableFuture::join);
        } finally {
            store.database.transact(tx -> tx.update("DROP FUNCTION refuse CASCADE"));
        }
        assertThat(store.status(store.inbox(free)).messages()).isEqualTo(8);
        assertThat(store.tree.find(full, new FolderName("No"))).isEmpty();
    }

    @Test
    @DisplayName(
            "hear, all of a group, that the database is unavailable when the disk is full; none is stored, and all are once there is room")
    void fullDisk() {
        var held = store.mailbox();
        var free = store.mailbox();
        store.database.transact(tx -> tx.update("""
                CREATE FUNCTION fill() RETURNS trigger LANGUAGE plpgsql AS $$
                BEGIN RAISE EXCEPTION 'could not extend file' USING ERRCODE = 'disk_full'; END $$
                """) + tx.update("""
                CREATE TRIGGER fills BEFORE INSERT ON content FOR EACH ROW WHEN (new.size = 100) EXECUTE FUNCTION fill()
                """));
        IntFunction<NewMessage> message =
                i -> Store.message("Subject: " + (char) ('a' + i) + "\r\n\r\n" + "x".repeat(86));
        try (var holder = new HeldFolder(store.database, held)) {
            var waiting = occupied(held);
            assertThat(start(8, i -> append(free, message.apply(i))))
                    .allSatisfy(one -> assertThatExceptionOfType(CompletionException.class)
                            .isThrownBy(one::join)
                            .havingCause()
                            .isInstanceOfSatisfying(
                                    DatabaseUnavailable.class,
                                    why -> assertThat(why.outcomeUnknown()).isFalse()));
            holder.release();
            waiting.forEach(CompletableFuture::join);
        } finally {
            store.database.transact(tx -> tx.update("DROP FUNCTION fill CASCADE"));
        }
        assertThat(store.status(store.inbox(free)).messages()).isZero();
        start(8, i -> append(free, message.apply(i))).forEach(CompletableFuture::join);
        assertThat(store.status(store.inbox(free)).messages()).isEqualTo(8);
        assertThat(StoreInvariants.violations(store.database)).isEmpty();
    }
}
