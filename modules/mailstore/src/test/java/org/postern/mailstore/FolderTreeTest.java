package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.SpecialUse;
import org.postern.model.StorageLimit;
import org.postern.model.SystemFlag;
import org.postern.model.UidSet;
import org.postern.testkit.OnScratch;

class FolderTreeTest {
    @RegisterExtension
    static final OnScratch<Store> STORE = Store.forClass();

    private final Store store;
    private final MailboxId mailbox;

    FolderTreeTest(Store store) {
        this.store = store;
        this.mailbox = store.mailbox();
    }

    private static FolderName name(String name) {
        return new FolderName(name);
    }

    private FolderEntry created(String name) {
        return ((CreateOutcome.Created) store.tree.create(mailbox, name(name), Optional.empty())).folder();
    }

    private java.util.List<String> names() {
        return store.tree.list(mailbox).stream()
                .map(entry -> entry.name().value())
                .toList();
    }

    @Test
    @DisplayName("RFC 6154 §2: a new mailbox has standard folders, subscribed, with their special use")
    void hasStandardFolders() {
        assertThat(names()).containsExactly("Archive", "Drafts", "INBOX", "Junk", "Sent", "Trash");
        assertThat(store.tree.list(mailbox)).allMatch(FolderEntry::subscribed);
        assertThat(store.tree.find(mailbox, name("Sent")).orElseThrow().use()).contains(SpecialUse.SENT);
        assertThat(store.tree.find(mailbox, name("inbox")).orElseThrow().use()).isEmpty();
        assertThat(store.subscriptions.list(mailbox)).hasSize(6);
    }

    @Test
    @DisplayName("RFC 9051 §6.3.4: CREATE makes the missing folders above, once")
    void createsParents() {
        created("a/b/c");
        assertThat(names()).contains("a", "a/b", "a/b/c");
        assertThat(store.tree.create(mailbox, name("a/b"), Optional.empty())).isEqualTo(new AlreadyExists());
        assertThat(store.tree.create(mailbox, name("Inbox"), Optional.empty())).isEqualTo(new AlreadyExists());
        assertThat(store.tree.create(mailbox, name("More sent"), Optional.of(SpecialUse.SENT)))
                .isEqualTo(new CreateOutcome.SpecialUseTaken());
    }

    @Test
    @DisplayName("RFC 9051 §2.3.1.1: a folder created again has another UIDVALIDITY")
    void renewsUidValidity() {
        var first = created("x");
        assertThat(store.tree.delete(mailbox, name("x"))).isEqualTo(new DeleteOutcome.Deleted(first.id()));
        var second = created("x");
        assertThat(second.uidValidity().value())
                .isGreaterThan(first.uidValidity().value());
        assertThat(second.id()).isNotEqualTo(first.id());
    }

    @Test
    @DisplayName("RFC 9051 §6.3.5: DELETE refuses INBOX and folders with folders below, and frees the storage at once")
    void deletes() {
        created("a/b");
        store.append(mailbox, "a", Store.numbered(1));
        store.append(mailbox, "a/b", Store.numbered(1));
        assertThat(store.tree.delete(mailbox, FolderName.INBOX)).isEqualTo(new DeleteOutcome.IsInbox());
        assertThat(store.tree.delete(mailbox, name("a"))).isEqualTo(new DeleteOutcome.HasChildren());
        assertThat(store.tree.delete(mailbox, name("nowhere"))).isEqualTo(new NoSuchFolder());
        assertThat(store.tree.delete(mailbox, name("a/b"))).isInstanceOf(DeleteOutcome.Deleted.class);
        assertThat(store.tree.delete(mailbox, name("a"))).isInstanceOf(DeleteOutcome.Deleted.class);
        assertThat(names()).hasSize(6);
        assertThat(store.tryAppend(mailbox, "INBOX", new StorageLimit(200), Store.numbered(1)))
                .isInstanceOf(AppendOutcome.Appended.class);
    }

    @Test
    @DisplayName("RFC 9051 §6.3.6: RENAME takes the folders below along and makes those above")
    void renames() {
        var a = created("a");
        created("a/b/c");
        created("ab");
        store.append(mailbox, "a/b/c", Store.numbered(1));

        assertThat(store.tree.rename(mailbox, name("a"), name("x/y"))).isEqualTo(new RenameOutcome.Renamed(a.id()));

        assertThat(names()).contains("x", "x/y", "x/y/b", "x/y/b/c", "ab").doesNotContain("a", "a/b", "a/b/c");
        assertThat(store.tree.find(mailbox, name("x/y")).orElseThrow().uidValidity())
                .isEqualTo(a.uidValidity());
        assertThat(store.fresh(store.folder(mailbox, "x/y/b/c")).size()).isOne();
        assertThat(store.tree.rename(mailbox, name("x"), name("x/y/z"))).isEqualTo(new RenameOutcome.BelowItself());
        assertThat(store.tree.rename(mailbox, name("x"), name("Sent"))).isEqualTo(new AlreadyExists());
        assertThat(store.tree.rename(mailbox, name("gone"), name("z"))).isEqualTo(new NoSuchFolder());
        assertThat(store.tree.rename(mailbox, name("ab"), FolderName.INBOX)).isEqualTo(new AlreadyExists());
    }

    @Test
    void refusesToRenameBeyondTheBoundOfNames() {
        var level = "x".repeat(200);
        created("a/" + level + "/" + level + "/" + level + "/" + level);
        assertThat(store.tree.rename(mailbox, name("a"), name(level + "/" + level)))
                .isEqualTo(new RenameOutcome.NameTooLong());
    }

    @Test
    @DisplayName("RFC 9051 §6.3.6: RENAME of INBOX moves its messages to a new folder and leaves it empty")
    void renamesInbox() {
        store.append(mailbox, "INBOX", Store.numbered(1, SystemFlag.SEEN), Store.numbered(2), Store.numbered(3));
        var inbox = store.inbox(mailbox);
        store.folders.remove(inbox, UidSet.of(2));
        created("INBOX/below");
        try (var watch = store.feed.watch(inbox, () -> {})) {
            assertThat(watch.snapshot().size()).isEqualTo(2);

            var renamed = (RenameOutcome.Renamed) store.tree.rename(mailbox, FolderName.INBOX, name("old/mail"));

            assertThat(watch.snapshot().size()).isZero();
            assertThat(watch.snapshot().uidNext()).isEqualTo(4);
            var old = store.fresh(renamed.folder());
            assertThat(old.uids()).isEqualTo(UidSet.of(1, 3));
            assertThat(old.uidNext()).isEqualTo(4);
            assertThat(old.uidValidity()).isNotEqualTo(watch.snapshot().uidValidity());
        }
        assertThat(names()).contains("INBOX", "INBOX/below", "old", "old/mail");
        assertThat(store.append(mailbox, "INBOX", Store.numbered(4)).uids()).isEqualTo(UidSet.of(4));
    }

    @Test
    @DisplayName("RFC 9051 §6.3.7, §6.3.8: subscriptions are to names and outlive the folder")
    void subscribes() {
        created("x");
        assertThat(store.subscriptions.add(mailbox, name("x"))).isTrue();
        assertThat(store.subscriptions.add(mailbox, name("x"))).isTrue();
        store.tree.delete(mailbox, name("x"));
        assertThat(store.subscriptions.list(mailbox)).contains(name("x"));
        assertThat(created("x").subscribed()).isTrue();
        store.subscriptions.remove(mailbox, name("x"));
        assertThat(store.tree.find(mailbox, name("x")).orElseThrow().subscribed())
                .isFalse();
    }

    @Test
    @DisplayName("RFC 5530 §3 LIMIT: a mailbox has at most 10,000 folders and 20,000 subscriptions")
    void boundsFolders() {
        store.database.transact(tx -> tx.update("""
                INSERT INTO folder (mailbox_id, folder_id, name, uid_validity)
                SELECT ?, 1000 + n, 'f' || n, 1000 + n FROM generate_series(1, ?) n""", mailbox.value(), FolderTree.MAX_FOLDERS - 7));
        assertThat(store.tree.create(mailbox, name("p/q"), Optional.empty()))
                .isEqualTo(new TooManyFolders(FolderTree.MAX_FOLDERS));
        created("last");
        assertThat(store.tree.create(mailbox, name("more"), Optional.empty()))
                .isEqualTo(new TooManyFolders(FolderTree.MAX_FOLDERS));
        assertThat(store.tree.rename(mailbox, FolderName.INBOX, name("more")))
                .isEqualTo(new TooManyFolders(FolderTree.MAX_FOLDERS));
        assertThat(store.tree.list(mailbox)).hasSize(FolderTree.MAX_FOLDERS);
        assertThat(store.tree.statuses(mailbox)).hasSize(FolderTree.MAX_FOLDERS);

        store.database.transact(tx -> tx.update(
                "INSERT INTO subscription (mailbox_id, name) SELECT ?, 's' || n FROM generate_series(1, ?) n",
                mailbox.value(),
                Subscriptions.MAX - 6));
        assertThat(store.subscriptions.add(mailbox, name("one more"))).isFalse();
        assertThat(store.subscriptions.add(mailbox, name("Sent"))).isTrue();
    }

    @Test
    @DisplayName(
            "RFC 6154 §2: a name in any language says the special use, where no folder has it and no other is so named")
    void localisedNames() {
        assertThat(uses()).containsEntry("Sent", SpecialUse.SENT).hasSize(5);
        created("Gesendet");
        assertThat(uses()).as("explicit ones win").doesNotContainKey("Gesendet");
        store.tree.delete(mailbox, name("Sent"));
        assertThat(uses()).containsEntry("Gesendet", SpecialUse.SENT);
        created("INBOX/Éléments ENVOYÉS");
        assertThat(uses()).as("two of them").doesNotContainValue(SpecialUse.SENT);
        store.tree.delete(mailbox, name("Gesendet"));
        assertThat(uses()).containsEntry("INBOX/Éléments ENVOYÉS", SpecialUse.SENT);
        store.tree.delete(mailbox, name("Trash"));
        created("Projekte/Papierkorb");
        assertThat(uses()).as("too deep").doesNotContainValue(SpecialUse.TRASH);
        created("ゴミ箱");
        assertThat(uses()).containsEntry("ゴミ箱", SpecialUse.TRASH);
    }

    private Map<String, SpecialUse> uses() {
        return store.tree.list(mailbox).stream()
                .filter(folder -> folder.use().isPresent())
                .collect(Collectors.toMap(
                        folder -> folder.name().value(), folder -> folder.use().orElseThrow()));
    }
}
