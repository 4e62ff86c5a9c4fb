package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.model.Flags;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.Keyword;
import org.postern.model.MailboxId;
import org.postern.model.Right;
import org.postern.model.Rights;
import org.postern.model.StorageLimit;
import org.postern.model.StorageLimit.Resource;
import org.postern.model.SystemFlag;
import org.postern.model.Uid;
import org.postern.model.UidSet;
import org.postern.testkit.OnScratch;

/** COPY and MOVE from one mailbox into another (RFC 4314 §4). */
class AcrossMailboxesTest {
    @RegisterExtension
    static final OnScratch<TwoNodes> NODES = TwoNodes.forClass();

    private final Store store;
    private final Store otherNode;
    private final MailboxId mine;
    private final MailboxId theirs;
    private final FolderId inbox;

    AcrossMailboxesTest(TwoNodes nodes) {
        this.store = nodes.one;
        this.otherNode = nodes.other;
        this.mine = store.mailbox();
        this.theirs = store.mailbox();
        this.inbox = store.inbox(mine);
    }

    @AfterEach
    void allIsWell() {
        assertThat(store.violations()).isEmpty();
    }

    private static OwnedName archive(MailboxId owner, Rights rights) {
        return new OwnedName(owner, new FolderName("Archive"), rights);
    }

    private CopyOutcome copy(UidSet uids, StorageLimit limit) {
        return store.folders.copy(inbox, uids, archive(theirs, Rights.ALL), limit);
    }

    @Test
    @DisplayName(
            "a copy is the other mailbox's own: the bytes are the same, large ones too, and stay when the first are gone")
    void copies() {
        var large = ("Subject: large\r\n\r\n" + "0123456789abcde\n".repeat(40_000)).getBytes(StandardCharsets.UTF_8);
        store.append(mine, "INBOX", Store.numbered(1), Store.message(large, Flags.NONE), Store.numbered(3));
        store.folders.copy(inbox, UidSet.of(1), FolderName.INBOX, StorageLimit.NONE); // One content, two messages.

        var copied = (CopyOutcome.Copied) copy(Store.uids(1, 9), StorageLimit.NONE);
        assertThat(copied.from()).isEqualTo(Store.uids(1, 4));
        assertThat(copied.to()).isEqualTo(Store.uids(1, 4));
        assertThat(copied.target()).isEqualTo(store.folder(theirs, "Archive"));
        assertThat(store.tree.usage(theirs)).isEqualTo(store.tree.usage(mine));

        var first = store.bytes(inbox, 1);
        store.folders.remove(inbox, Store.uids(1, 4));
        assertThat(store.bytes(copied.target(), 1)).isEqualTo(first);
        assertThat(store.bytes(copied.target(), 2)).isEqualTo(large);
        assertThat(store.bytes(copied.target(), 4)).isEqualTo(first);
        assertThat(store.tree.usage(mine)).isEqualTo(new MailboxUsage(0, 0));
    }

    @Test
    @DisplayName("a move takes from one usage and adds to the other; source and target are told")
    void moves() {
        store.filled(mine, "INBOX", 3);
        var moved = (MoveOutcome.Moved)
                store.folders.move(inbox, UidSet.of(1, 3), archive(theirs, Rights.ALL), StorageLimit.NONE);
        assertThat(moved.to()).isEqualTo(Store.uids(1, 2));
        assertThat(store.status(inbox).messages()).isEqualTo(1);
        assertThat(store.status(moved.target()).messages()).isEqualTo(2);
        assertThat(store.tree.usage(theirs).messages()).isEqualTo(2);
        assertThat(store.folders.move(inbox, UidSet.of(1), archive(theirs, Rights.ALL), StorageLimit.NONE))
                .isEqualTo(new NothingMatched());
    }

    @Test
    @DisplayName("RFC 4314 §4: flags that the target gives no right to are left behind, and counted so")
    void flags() {
        store.append(
                mine,
                "INBOX",
                Store.message(
                        "a".getBytes(StandardCharsets.UTF_8),
                        new Flags(
                                SystemFlag.SEEN.bit() | SystemFlag.DELETED.bit() | SystemFlag.FLAGGED.bit(),
                                List.of(new Keyword("work")))));
        var seen = (CopyOutcome.Copied) store.folders.copy(
                inbox, UidSet.of(1), archive(theirs, Rights.of(Right.INSERT, Right.SEEN)), StorageLimit.NONE);
        assertThat(store.fresh(seen.target()).flags(0)).isEqualTo(Flags.of(SystemFlag.SEEN));
        var rest = (CopyOutcome.Copied) store.folders.copy(
                inbox, UidSet.of(1), archive(theirs, Rights.of(Right.INSERT, Right.WRITE)), StorageLimit.NONE);
        assertThat(store.fresh(rest.target()).flags(1))
                .isEqualTo(new Flags(SystemFlag.FLAGGED.bit(), List.of(new Keyword("work"))));
        assertThat(store.status(rest.target()).unseen()).isEqualTo(1);
        assertThat(store.status(rest.target()).deleted()).isZero();
    }

    @Test
    @DisplayName("the target's limit holds, and beyond it nothing is copied at all")
    void limits() {
        store.filled(mine, "INBOX", 2);
        long bytes = store.tree.usage(mine).bytes();
        assertThat(copy(Store.uids(1, 2), new StorageLimit(bytes - 1)))
                .isEqualTo(new OverQuota(Resource.BYTES, 0, bytes - 1));
        assertThat(contents(theirs)).isZero();
        assertThat(copy(Store.uids(1, 2), new StorageLimit(bytes))).isInstanceOf(CopyOutcome.Copied.class);
        var full = new OverQuota(Resource.BYTES, bytes, bytes);
        assertThat(copy(UidSet.of(1), new StorageLimit(bytes))).isEqualTo(full);
        assertThat(store.folders.move(inbox, UidSet.of(1), archive(theirs, Rights.ALL), new StorageLimit(bytes)))
                .isEqualTo(full);
        assertThat(contents(theirs)).isEqualTo(2);
    }

    private long contents(MailboxId mailbox) {
        return store.database.once(tx ->
                tx.one("SELECT count(*) FROM content WHERE mailbox_id = ?", row -> row.longValue(1), mailbox.value()));
    }

    @Test
    @DisplayName(
            "messages moved to and fro between two mailboxes on two nodes: none is lost, none doubled, nobody deadlocks")
    void race() throws Exception {
        store.filled(mine, "INBOX", 20);
        store.filled(theirs, "INBOX", 20);
        var other = store.inbox(theirs);
        var to = new OwnedName(theirs, FolderName.INBOX, Rights.ALL);
        var back = new OwnedName(mine, FolderName.INBOX, Rights.ALL);
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Callable<Boolean>> runners = List.of(
                    () -> toAndFro(store, inbox, to), () -> toAndFro(otherNode, other, back),
                    () -> toAndFro(otherNode, inbox, to), () -> toAndFro(store, other, back));
            for (Future<Boolean> running : threads.invokeAll(runners)) {
                assertThat(running.get()).isTrue();
            }
        }
        assertThat(store.status(inbox).messages() + store.status(other).messages())
                .isEqualTo(40);
        assertThat(store.tree.usage(mine).messages() + store.tree.usage(theirs).messages())
                .isEqualTo(40);
    }

    private static boolean toAndFro(Store on, FolderId from, OwnedName to) {
        for (int i = 0; i < 15; i++) {
            var some = on.fresh(from);
            if (some.size() > 0) {
                on.folders.move(from, UidSet.range(some.uid(some.size() / 2), Uid.MAX), to, StorageLimit.NONE);
                on.folders.expunge(from, Optional.empty());
            }
        }
        return true;
    }
}
