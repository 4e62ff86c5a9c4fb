package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.mailstore.sharing.AclChange;
import org.postern.mailstore.sharing.FolderAcls;
import org.postern.mailstore.sharing.Grantee;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.Modseq;
import org.postern.model.Rights;
import org.postern.testkit.OnScratch;

/** Who watches a mailbox, or a folder of somebody else, hears of it from both nodes. */
class MailboxWatchTest {
    @RegisterExtension
    static final OnScratch<TwoNodes> NODES = TwoNodes.forClass();

    private final Store store;
    private final Store otherNode;
    private final MailboxId mailbox;
    private final FolderId inbox;

    MailboxWatchTest(TwoNodes nodes) {
        this.store = nodes.one;
        this.otherNode = nodes.other;
        this.mailbox = store.mailbox();
        this.inbox = store.inbox(mailbox);
    }

    @Test
    @DisplayName(
            "a watcher of somebody else's folder hears of what may change its rights, from any node, and of no other mail")
    void watchShared() {
        var woken = new AtomicInteger();
        var acls = new FolderAcls(otherNode.database, otherNode.feed);
        try (var watch = store.feed.watchShared(store.entry(inbox), woken::incrementAndGet)) {
            watch.snapshot();
            store.feed.poll(); // What there was before is nothing new from here on.
            woken.set(0);
            store.append(mailbox, "Sent", Store.numbered(1));
            assertThat(woken.get()).isZero();
            acls.change(inbox, new Grantee.Anyone(), false, new AclChange(AclChange.Mode.REPLACE, Rights.ALL));
            await().until(() -> woken.get() > 0);
        }
        woken.set(0);
        store.feed.publishTree(mailbox);
        assertThat(woken.get()).isZero();
    }

    @Test
    @DisplayName("a watcher of somebody else's folder: what nobody told of its rights is found by comparing")
    void watchSharedPoll() {
        var woken = new AtomicInteger();
        try (var watch = store.feed.watchShared(store.entry(inbox), woken::incrementAndGet)) {
            watch.snapshot();
            store.feed.poll();
            woken.set(0);
            store.feed.poll();
            assertThat(woken.get()).isZero();
            store.database.transact(tx -> tx.update(
                    "UPDATE mailbox SET tree_modseq = tree_modseq + 1 WHERE mailbox_id = ?", mailbox.value()));
            store.feed.poll();
            assertThat(woken.get()).isPositive();
        }
    }

    @Test
    @DisplayName("a watched mailbox: changes of all folders and of the tree, of this node and of another, each once")
    void mailboxWatch() {
        try (var watch = store.feed.watch(mailbox, () -> {})) {
            var sent = store.folder(mailbox, "Sent");
            store.append(mailbox, "Sent", Store.numbered(1));
            assertThat(watch.take()).isEqualTo(new MailboxWatch.Changes(Set.of(sent), false, false));
            otherNode.append(mailbox, "INBOX", Store.numbered(2));
            await().until(watch::take, changes -> changes.folders().equals(Set.of(inbox)));
            otherNode.subscriptions.remove(mailbox, FolderName.INBOX);
            await().until(watch::take, MailboxWatch.Changes::tree);
            store.tree.delete(mailbox, new FolderName("Junk"));
            assertThat(watch.take().tree()).isTrue();
            await().during(Duration.ofMillis(50))
                    .until(() -> watch.take().folders().isEmpty());
        }
    }

    @Test
    @DisplayName(
            "a watched mailbox: what nobody told is found by comparing; beyond the bound any folder may have changed")
    void mailboxWatchPoll() {
        try (var watch = store.feed.watch(mailbox, () -> {})) {
            store.feed.poll();
            watch.take();
            store.feed.poll();
            assertThat(watch.take().isEmpty()).isTrue();
            store.database.transact(tx -> tx.update(
                    "UPDATE folder SET highest_modseq = highest_modseq + 1 WHERE mailbox_id = ? AND folder_id = ?",
                    mailbox.value(),
                    inbox.id()));
            store.feed.poll();
            assertThat(watch.take()).isEqualTo(new MailboxWatch.Changes(Set.of(), true, true));
            for (long id = 1; id <= MailboxWatch.MAX_REMEMBERED + 1; id++) {
                watch.heard(new FolderId(mailbox, id), new Modseq(5));
            }
            var changes = watch.take();
            assertThat(changes.folders()).hasSize(MailboxWatch.MAX_REMEMBERED);
            assertThat(changes.any()).isTrue();
        }
    }
}
