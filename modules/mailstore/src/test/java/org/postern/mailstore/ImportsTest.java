package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.mailstore.ImportOutcome.Imported;
import org.postern.mailstore.ImportOutcome.KnownMeanwhile;
import org.postern.model.Flags;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;
import org.postern.model.SystemFlag;
import org.postern.model.Uid;
import org.postern.model.UidValidity;
import org.postern.testkit.OnScratch;

class ImportsTest {
    @RegisterExtension
    static final OnScratch<Store> STORE = Store.forClass();

    private final Store store;
    private final Imports imports;

    ImportsTest(Store store) {
        this.store = store;
        this.imports = new Imports(store.database, store.feed);
    }

    private static ImportKey key(int n) {
        return ImportKey.of("source", Integer.toString(n));
    }

    private static NewImport message(int n, long uid, String uidl) {
        return new NewImport(
                Store.numbered(n, SystemFlag.SEEN),
                key(n),
                uid == 0 ? OptionalLong.empty() : OptionalLong.of(uid),
                uidl.isEmpty() ? Optional.empty() : Optional.of(uidl));
    }

    private ImportOutcome append(MailboxId mailbox, long validity, StorageLimit limit, NewImport... messages) {
        try {
            var kept = validity == 0 ? Optional.<UidValidity>empty() : Optional.of(new UidValidity(validity));
            return imports.append(mailbox, FolderName.INBOX, kept, Arrays.asList(messages), limit);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Long> uids(ImportOutcome outcome) {
        return ((Imported) outcome).uids().stream().map(Uid::value).toList();
    }

    @Test
    @DisplayName(
            "RFC 9051 §2.3.1.1: a folder that never held a message takes UIDVALIDITY and UIDs, gaps and all; who watches sees them")
    void keeps() {
        var mailbox = store.mailbox();
        try (var watch = store.feed.watch(store.inbox(mailbox), () -> {})) {
            assertThat(watch.snapshot().uidValidity().value()).isEqualTo(1);
            var outcome =
                    append(mailbox, 900, StorageLimit.NONE, message(1, 3, ""), message(2, 4, ""), message(3, 9, ""));
            assertThat(uids(outcome)).containsExactly(3L, 4L, 9L);
            var snapshot = watch.snapshot();
            assertThat(snapshot.uidValidity().value()).isEqualTo(900);
            assertThat(snapshot.uidNext()).isEqualTo(10);
            assertThat(snapshot.size()).isEqualTo(3);
        }
        store.append(mailbox, "INBOX", Store.numbered(10));
        // 10 is taken meanwhile, and 12 is behind it.
        assertThat(uids(append(mailbox, 900, StorageLimit.NONE, message(4, 10, ""), message(5, 12, ""))))
                .containsExactly(11L, 12L);
        // Of another incarnation of the folder.
        assertThat(uids(append(mailbox, 901, StorageLimit.NONE, message(6, 70, ""))))
                .containsExactly(13L);
        store.tree.create(mailbox, new FolderName("Next"), Optional.empty());
        assertThat(store.tree
                        .find(mailbox, new FolderName("Next"))
                        .orElseThrow()
                        .uidValidity()
                        .value())
                .isEqualTo(901);
    }

    @Test
    @DisplayName("a key is taken once: who comes second is told and stores nothing")
    void once() {
        var mailbox = store.mailbox();
        append(mailbox, 0, StorageLimit.NONE, message(1, 0, ""));
        assertThat(append(mailbox, 0, StorageLimit.NONE, message(1, 0, ""), message(2, 0, "")))
                .isInstanceOf(KnownMeanwhile.class);
        var known = imports.known(mailbox, List.of(key(1), key(2)));
        assertThat(known).containsOnlyKeys(key(1));
        var first = Objects.requireNonNull(known.get(key(1)));
        assertThat(first.uid()).isEqualTo(new Uid(1));
        assertThat(first.seen()).isEqualTo(Flags.of(SystemFlag.SEEN));
        imports.saw(mailbox, Map.of(key(1), Flags.of(SystemFlag.DRAFT)));
        var again =
                Objects.requireNonNull(imports.known(mailbox, List.of(key(1))).get(key(1)));
        assertThat(again.seen()).isEqualTo(Flags.of(SystemFlag.DRAFT));
        assertThat(imports.known(store.mailbox(), List.of(key(1)))).isEmpty();
    }

    @Test
    @DisplayName("RFC 1939 §7: UIDLs are unique, and never what another message of the folder may be called")
    void uidls() {
        var mailbox = store.mailbox();
        var outcome = append(
                mailbox,
                0,
                StorageLimit.NONE,
                message(1, 0, "abc"),
                message(2, 0, "abc"),
                message(3, 0, "1.3"),
                message(4, 0, "1.9"),
                message(5, 0, "2.1"));
        assertThat(((Imported) outcome).lostUidls()).isEqualTo(2);
        var marks = new Pop3View(store.database, store.folders).marks(store.inbox(mailbox));
        assertThat(List.of(1, 2, 3, 4, 5))
                .extracting(uid -> marks.uidl(uid).orElse("-"))
                .containsExactly("abc", "-", "-", "-", "2.1");
        assertThat(marks.hidden().isEmpty()).isTrue();
    }

    @Test
    @DisplayName("where the mailbox is full, the messages up to there are stored and noted")
    void overQuota() {
        var mailbox = store.mailbox();
        long size = Store.numbered(1).bytes().size();
        var outcome = append(
                mailbox, 77, new StorageLimit(2 * size), message(1, 1, ""), message(2, 5, ""), message(3, 8, ""));
        assertThat(uids(outcome)).containsExactly(1L, 5L);
        assertThat(((Imported) outcome).stopped()).containsInstanceOf(OverQuota.class);
        assertThat(imports.known(mailbox, List.of(key(1), key(2), key(3)))).containsOnlyKeys(key(1), key(2));
        assertThat(uids(append(mailbox, 77, StorageLimit.NONE, message(3, 8, ""))))
                .containsExactly(8L);
    }

    @Test
    void aFolderThatIsGone() throws IOException {
        var outcome = imports.append(
                store.mailbox(),
                new FolderName("Nowhere"),
                Optional.empty(),
                List.of(message(1, 0, "")),
                StorageLimit.NONE);
        assertThat(((Imported) outcome).stopped()).contains(new NoSuchFolder());
    }
}
