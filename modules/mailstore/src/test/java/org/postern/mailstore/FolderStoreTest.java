package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.model.FlagChange;
import org.postern.model.FlagChange.Mode;
import org.postern.model.Flags;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.Keyword;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;
import org.postern.model.StorageLimit.Resource;
import org.postern.model.SystemFlag;
import org.postern.model.UidSet;
import org.postern.testkit.OnScratch;

class FolderStoreTest {
    @RegisterExtension
    static final OnScratch<Store> STORE = Store.forClass();

    private final Store store;
    private final MailboxId mailbox;
    private final FolderId inbox;

    FolderStoreTest(Store store) {
        this.store = store;
        this.mailbox = store.mailbox();
        this.inbox = store.inbox(mailbox);
    }

    @Test
    @DisplayName("RFC 9051 §6.3.12: APPEND stores flags, date and bytes, and tells the UID")
    void appends() {
        var text = "From: a@example.org\r\nSubject: Hello\r\n\r\nLine one\r\n";
        var appended = store.append(mailbox, "INBOX", Store.message(text, SystemFlag.SEEN, SystemFlag.FLAGGED));

        assertThat(appended.uids()).isEqualTo(UidSet.range(1, 1));
        assertThat(store.bytes(inbox, 1)).asString(StandardCharsets.UTF_8).isEqualTo(text);
        var snapshot = store.fresh(inbox);
        assertThat(snapshot.size()).isOne();
        assertThat(snapshot.flags(0)).isEqualTo(Flags.of(SystemFlag.SEEN, SystemFlag.FLAGGED));
        assertThat(snapshot.internalDate(0)).isEqualTo(Store.DATE);
        assertThat(snapshot.size(0)).isEqualTo(text.length());
        assertThat(snapshot.modseq(0)).isEqualTo(appended.modseq());
        assertThat(snapshot.uidValidity()).isEqualTo(appended.uidValidity());
        var status = store.status(inbox);
        assertThat(status.messages()).isOne();
        assertThat(status.unseen()).isZero();
        assertThat(status.uidNext()).isEqualTo(2);
        assertThat(status.highestModseq()).isEqualTo(appended.modseq());
    }

    @Test
    @DisplayName("RFC 3502: several messages get consecutive UIDs and one modseq, small and large together")
    void appendsMany() {
        var large = "Subject: large\r\n\r\n" + "0123456789abcdef\r\n".repeat(40_000);
        var appended = store.append(
                mailbox, "INBOX", Store.numbered(1), Store.message(large), Store.numbered(3, SystemFlag.DELETED));

        assertThat(appended.uids()).isEqualTo(UidSet.range(1, 3));
        assertThat(store.bytes(inbox, 2)).asString(StandardCharsets.US_ASCII).isEqualTo(large);
        assertThat(store.status(inbox).deleted()).isOne();
        assertThat(store.status(inbox).unseen()).isEqualTo(3);
    }

    @Test
    @DisplayName("RFC 9051 §6.3.12: APPEND to a folder that is not there changes nothing")
    void appendsNowhere() {
        assertThat(store.tryAppend(mailbox, "Nowhere", StorageLimit.NONE, Store.numbered(1)))
                .isEqualTo(new NoSuchFolder());
    }

    @Test
    @DisplayName(
            "RFC 9208 §5.2: the limit of messages holds over all folders, and for all messages of an APPEND together")
    void limitsMessages() {
        var limit = new StorageLimit(1 << 20, OptionalInt.of(2));
        var over = new OverQuota(Resource.MESSAGES, 1, 2);
        var message = Store.numbered(1);
        assertThat(store.tryAppend(mailbox, "INBOX", limit, message)).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(store.tryAppend(mailbox, "INBOX", limit, message, message)).isEqualTo(over);
        assertThat(store.tryAppend(mailbox, "Sent", limit, message)).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(store.folders.copy(inbox, UidSet.of(1), new FolderName("Sent"), limit))
                .isEqualTo(new OverQuota(Resource.MESSAGES, 2, 2));
        assertThat(store.folders.move(inbox, UidSet.of(1), new FolderName("Sent")))
                .as("moving makes none")
                .isInstanceOf(MoveOutcome.Moved.class);
    }

    @Test
    @DisplayName("RFC 9208 §4.1: the storage limit holds to the byte, for all messages of an APPEND together")
    void limitsStorage() {
        var message = Store.numbered(1);
        long size = message.bytes().size();
        var limit = new StorageLimit(size * 2);

        assertThat(store.tryAppend(mailbox, "INBOX", limit, message)).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(store.tryAppend(mailbox, "INBOX", limit, message, message))
                .isEqualTo(new OverQuota(Resource.BYTES, size, size * 2));
        assertThat(store.tryAppend(mailbox, "Sent", limit, message)).isInstanceOf(AppendOutcome.Appended.class);
        assertThat(store.tryAppend(mailbox, "INBOX", limit, message))
                .isEqualTo(new OverQuota(Resource.BYTES, size * 2, size * 2));
        assertThat(store.folders.copy(inbox, UidSet.range(1, 1), new FolderName("Sent"), limit))
                .isEqualTo(new OverQuota(Resource.BYTES, size * 2, size * 2));
    }

    @Test
    @DisplayName("RFC 9051 §6.4.7: COPY keeps flags and date and shares the content")
    void copies() {
        store.append(mailbox, "INBOX", Store.numbered(1, SystemFlag.SEEN), Store.numbered(2), Store.numbered(3));
        store.append(mailbox, "Archive", Store.numbered(9));
        var uids = UidSet.of(1, 3, 77);

        var copied = (CopyOutcome.Copied) store.folders.copy(inbox, uids, new FolderName("Archive"), StorageLimit.NONE);

        assertThat(copied.from()).isEqualTo(UidSet.of(1, 3));
        assertThat(copied.to()).isEqualTo(UidSet.of(2, 3));
        var source = store.fresh(inbox);
        var target = store.fresh(copied.target());
        assertThat(target.size()).isEqualTo(3);
        assertThat(target.content(1)).isEqualTo(source.content(0));
        assertThat(target.content(2)).isEqualTo(source.content(2));
        assertThat(target.flags(1)).isEqualTo(Flags.of(SystemFlag.SEEN));
        assertThat(store.status(copied.target()).unseen()).isEqualTo(2);
    }

    @Test
    @DisplayName("RFC 9051 §6.4.7: COPY into the same folder gives the copies new UIDs")
    void copiesIntoItself() {
        store.filled(mailbox, "INBOX", 3);
        var copied =
                (CopyOutcome.Copied) store.folders.copy(inbox, UidSet.range(1, 2), FolderName.INBOX, StorageLimit.NONE);
        assertThat(copied.to()).isEqualTo(UidSet.of(4, 5));
        assertThat(store.status(inbox).messages()).isEqualTo(5);
    }

    @Test
    void copiesNothing() {
        assertThat(store.folders.copy(inbox, UidSet.range(1, 9), new FolderName("Sent"), StorageLimit.NONE))
                .isEqualTo(new NothingMatched());
        assertThat(store.folders.copy(inbox, UidSet.range(1, 9), new FolderName("Nowhere"), StorageLimit.NONE))
                .isEqualTo(new NoSuchFolder());
        assertThat(store.folders.copy(
                        new FolderId(mailbox, 99), UidSet.range(1, 9), new FolderName("Sent"), StorageLimit.NONE))
                .isEqualTo(new FolderGone());
    }

    @Test
    @DisplayName("RFC 6851 §3.3: MOVE takes messages from one folder and puts them in another at once")
    void moves() {
        store.append(mailbox, "INBOX", Store.numbered(1, SystemFlag.DELETED), Store.numbered(2), Store.numbered(3));
        var moved = (MoveOutcome.Moved) store.folders.move(inbox, UidSet.of(1, 3), new FolderName("Trash"));

        assertThat(moved.from()).isEqualTo(UidSet.of(1, 3));
        assertThat(moved.to()).isEqualTo(UidSet.of(1, 2));
        assertThat(store.fresh(inbox).uids()).isEqualTo(UidSet.of(2));
        assertThat(store.status(inbox).deleted()).isZero();
        assertThat(store.status(inbox).highestModseq()).isEqualTo(moved.sourceModseq());
        assertThat(store.fresh(moved.target()).uids()).isEqualTo(UidSet.of(1, 2));
        assertThat(store.status(moved.target()).deleted()).isOne();
    }

    @Test
    @DisplayName("RFC 6851 §3.3: MOVE into the same folder gives the messages new UIDs")
    void movesIntoItself() {
        store.filled(mailbox, "INBOX", 3);
        store.folders.move(inbox, UidSet.of(1), FolderName.INBOX);
        assertThat(store.fresh(inbox).uids()).isEqualTo(UidSet.of(2, 3, 4));
    }

    @Test
    @DisplayName("RFC 9051 §6.4.6: STORE replaces, adds and removes, and leaves alone what would not change")
    void storesFlags() {
        store.filled(mailbox, "INBOX", 4);
        var before = store.status(inbox).highestModseq();

        var added = store.change(inbox, Store.uids(1, 3), Mode.ADD, Flags.of(SystemFlag.SEEN));
        assertThat(added.changed()).isEqualTo(Store.uids(1, 3));
        assertThat(added.modseq().value()).isEqualTo(before.value() + 1);
        assertThat(store.status(inbox).unseen()).isOne();

        var again = store.change(inbox, Store.uids(1, 3), Mode.ADD, Flags.of(SystemFlag.SEEN));
        assertThat(again.changed().isEmpty()).isTrue();
        assertThat(again.modseq()).isEqualTo(added.modseq());

        var replaced = store.change(inbox, Store.uids(2, 4), Mode.REPLACE, Flags.of(SystemFlag.DELETED));
        assertThat(replaced.flags()).containsExactly(new NewFlags(Flags.of(SystemFlag.DELETED), Store.uids(2, 4)));
        assertThat(store.status(inbox).unseen()).isEqualTo(3);
        assertThat(store.status(inbox).deleted()).isEqualTo(3);

        var removed = store.change(inbox, Store.uids(1, 4), Mode.REMOVE, Flags.of(SystemFlag.DELETED));
        assertThat(removed.changed()).isEqualTo(Store.uids(2, 4));
        assertThat(store.fresh(inbox).flags(0)).isEqualTo(Flags.of(SystemFlag.SEEN));
        assertThat(store.fresh(inbox).modseq(0)).isEqualTo(added.modseq());
    }

    @Test
    @DisplayName("RFC 9051 §2.3.2: keywords are compared without case and spelled as first set")
    void storesKeywords() {
        store.filled(mailbox, "INBOX", 2);
        var forwarded = new Flags(0, List.of(new Keyword("$Forwarded"), new Keyword("Work")));
        store.change(inbox, Store.uids(1, 1), Mode.ADD, forwarded);
        var other = store.change(inbox, Store.uids(1, 2), Mode.ADD, new Flags(0, List.of(new Keyword("WORK"))));

        assertThat(other.changed()).isEqualTo(Store.uids(2, 2));
        var snapshot = store.fresh(inbox);
        assertThat(snapshot.flags(1).names()).containsExactly("Work");
        assertThat(snapshot.keywords()).extracting(Keyword::name).containsExactly("$Forwarded", "Work");

        store.change(inbox, Store.uids(1, 2), Mode.REMOVE, new Flags(0, List.of(new Keyword("work"))));
        assertThat(store.fresh(inbox).flags(0).names()).containsExactly("$Forwarded");
        store.folders.copy(inbox, Store.uids(1, 1), new FolderName("Sent"), StorageLimit.NONE);
        assertThat(store.fresh(store.folder(mailbox, "Sent")).flags(0).names()).containsExactly("$Forwarded");
        store.change(inbox, Store.uids(1, 2), Mode.REPLACE, Flags.NONE);
        assertThat(store.fresh(inbox).flags(0).isEmpty()).isTrue();
        // A folder goes on knowing them: PERMANENTFLAGS may only grow.
        assertThat(store.fresh(inbox).keywords()).hasSize(2);
    }

    @Test
    void appendsWithKeywords() {
        var message = Store.message(
                "Subject: k\r\n\r\n".getBytes(StandardCharsets.US_ASCII),
                new Flags(SystemFlag.SEEN.bit(), List.of(new Keyword("b"), new Keyword("A"))));
        store.append(mailbox, "INBOX", message, Store.numbered(2));
        assertThat(store.fresh(inbox).flags(0).names()).containsExactly("\\Seen", "A", "b");
    }

    @Test
    @DisplayName("RFC 3502: of several messages those in the middle may have no keywords")
    void appendsSomeWithKeywords() {
        var bytes = "Subject: x\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        var some = new Flags(0, List.of(new Keyword("Work")));
        store.append(mailbox, "INBOX", Store.message(bytes, some), Store.numbered(2), Store.message(bytes, some));
        assertThat(store.fresh(inbox).keywords()).containsExactly(new Keyword("Work"));
    }

    @Test
    @DisplayName("RFC 5530 §3 LIMIT: a folder knows at most 250 keywords, a message has at most 64")
    void boundsKeywords() {
        store.filled(mailbox, "INBOX", 5);
        for (int i = 0; i < 4; i++) {
            assertThat(store.change(inbox, Store.uids(1 + i, 1 + i), Mode.ADD, keywords(60 * i, 60))
                            .changed())
                    .isEqualTo(Store.uids(1 + i, 1 + i));
        }
        var add = new FlagChange(Mode.ADD, keywords(240, 11));
        assertThat(store.folders.store(inbox, Store.uids(5, 5), add, Optional.empty()))
                .isEqualTo(new TooManyKeywords(FolderStore.MAX_FOLDER_KEYWORDS));
        var known = new FlagChange(Mode.ADD, keywords(60, 5));
        assertThat(store.folders.store(inbox, Store.uids(1, 1), known, Optional.empty()))
                .isEqualTo(new TooManyKeywords(Flags.MAX_KEYWORDS));
        assertThat(store.fresh(inbox).keywords()).hasSize(240);
    }

    private static Flags keywords(int from, int count) {
        var words = new ArrayList<Keyword>();
        for (int i = from; i < from + count; i++) {
            words.add(new Keyword("k" + i));
        }
        return new Flags(0, words);
    }

    @Test
    @DisplayName("RFC 7162 §3.1.3: STORE UNCHANGEDSINCE leaves alone what changed meanwhile, and says which")
    void storesUnchangedSince() {
        store.filled(mailbox, "INBOX", 3);
        var known = store.status(inbox).highestModseq();
        store.add(inbox, UidSet.of(2), SystemFlag.FLAGGED);

        var stored = (StoreOutcome.Stored) store.folders.store(
                inbox, Store.uids(1, 3), new FlagChange(Mode.ADD, Flags.of(SystemFlag.SEEN)), Optional.of(known));

        assertThat(stored.modified()).isEqualTo(UidSet.of(2));
        assertThat(stored.changed()).isEqualTo(UidSet.of(1, 3));
        assertThat(store.fresh(inbox).flags(1)).isEqualTo(Flags.of(SystemFlag.FLAGGED));
    }

    @Test
    @DisplayName("RFC 9051 §6.4.3, §6.4.9: EXPUNGE and UID EXPUNGE remove only messages with \\Deleted")
    void expunges() {
        store.filled(mailbox, "INBOX", 5);
        assertThat(store.folders.expunge(inbox, Optional.empty())).isEqualTo(new ExpungeOutcome.NothingToExpunge());
        store.add(inbox, UidSet.of(1, 3, 5), SystemFlag.DELETED);

        var some = (ExpungeOutcome.Expunged) store.folders.expunge(inbox, Optional.of(Store.uids(2, 3)));
        assertThat(some.uids()).isEqualTo(UidSet.of(3));
        var all = (ExpungeOutcome.Expunged) store.folders.expunge(inbox, Optional.empty());
        assertThat(all.uids()).isEqualTo(UidSet.of(1, 5));
        assertThat(all.modseq().value()).isEqualTo(some.modseq().value() + 1);
        assertThat(store.fresh(inbox).uids()).isEqualTo(UidSet.of(2, 4));
        assertThat(store.folders.remove(inbox, UidSet.of(4))).isInstanceOf(ExpungeOutcome.Expunged.class);
        assertThat(store.status(inbox).messages()).isOne();
    }

    @Test
    @DisplayName("RFC 9051 §2.3.1.1: a UID is never used twice, and there is an end of them")
    void runsOutOfUids() {
        store.database.once(tx -> tx.update(
                "UPDATE folder SET uid_next = 4294967294 WHERE mailbox_id = ? AND folder_id = ?",
                mailbox.value(),
                inbox.id()));
        assertThat(store.tryAppend(
                        mailbox, "INBOX", StorageLimit.NONE, Store.numbered(1), Store.numbered(2), Store.numbered(3)))
                .isEqualTo(new UidsExhausted());
        var last = store.append(mailbox, "INBOX", Store.numbered(1), Store.numbered(2));
        assertThat(last.uids()).isEqualTo(UidSet.range(4294967294L, 4294967295L));
        assertThat(store.status(inbox).uidNext()).isEqualTo(4294967296L);
        assertThat(store.tryAppend(mailbox, "INBOX", StorageLimit.NONE, Store.numbered(1)))
                .isEqualTo(new UidsExhausted());
        assertThat(store.bytes(inbox, 4294967295L)).isNotEmpty();
        assertThat(store.change(inbox, UidSet.range(1, 4294967295L), Mode.ADD, Flags.of(SystemFlag.SEEN))
                        .changed())
                .isEqualTo(last.uids());
        store.append(mailbox, "Sent", Store.numbered(1));
        assertThat(store.folders.move(store.folder(mailbox, "Sent"), UidSet.of(1), FolderName.INBOX))
                .isEqualTo(new UidsExhausted());
    }

    @Test
    void knowsThatAFolderIsGone() {
        store.filled(mailbox, "Archive", 1);
        var archive = store.folder(mailbox, "Archive");
        store.tree.delete(mailbox, new FolderName("Archive"));
        assertThat(store.add(archive, UidSet.of(1), SystemFlag.SEEN)).isEqualTo(new FolderGone());
        assertThat(store.folders.expunge(archive, Optional.empty())).isEqualTo(new FolderGone());
        assertThat(store.folders.copy(archive, UidSet.of(1), FolderName.INBOX, StorageLimit.NONE))
                .isEqualTo(new FolderGone());
        assertThat(store.folders.move(archive, UidSet.of(1), FolderName.INBOX)).isEqualTo(new FolderGone());
    }
}
