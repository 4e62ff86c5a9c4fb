package org.postern.mailstore;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.SpecialUse;
import org.postern.testkit.OnScratch;

class SpecialFoldersTest {
    @RegisterExtension
    static final OnScratch<Store> STORE = Store.forClass();

    private final Store store;
    private final SpecialFolders special;
    private final MailboxId mailbox;

    SpecialFoldersTest(Store store) {
        this.store = store;
        this.special = new SpecialFolders(store.database, store.tree);
        this.mailbox = store.mailbox();
    }

    private static FolderName name(String name) {
        return new FolderName(name);
    }

    @Test
    @DisplayName("RFC 6154 §2: the folder with the use, whatever it is called now")
    void marked() {
        assertThat(special.find(mailbox, SpecialUse.SENT)).isEqualTo(name("Sent"));
        store.tree.rename(mailbox, name("Sent"), name("Old/Post"));
        assertThat(special.find(mailbox, SpecialUse.SENT)).isEqualTo(name("Old/Post"));
    }

    @Test
    @DisplayName("else the one whose name says so; else it is made, with its use")
    void namedOrMade() {
        store.tree.delete(mailbox, name("Sent"));
        store.tree.create(mailbox, name("Gesendet"), Optional.empty());
        assertThat(special.find(mailbox, SpecialUse.SENT)).isEqualTo(name("Gesendet"));

        store.tree.delete(mailbox, name("Gesendet"));
        assertThat(special.find(mailbox, SpecialUse.SENT)).isEqualTo(name("Sent"));
        assertThat(store.tree.find(mailbox, name("Sent")).flatMap(FolderEntry::use))
                .contains(SpecialUse.SENT);
    }

    @Test
    @DisplayName("of two so named neither is meant: the one with the standard name is")
    void ambiguous() {
        store.tree.delete(mailbox, name("Sent"));
        store.tree.create(mailbox, name("Gesendet"), Optional.empty());
        store.tree.create(mailbox, name("Sent"), Optional.empty());
        assertThat(special.find(mailbox, SpecialUse.SENT)).isEqualTo(name("Sent"));
    }

    @Test
    @DisplayName("INBOX, where a mailbox has as many folders as it may")
    void noRoom() {
        store.tree.delete(mailbox, name("Junk"));
        store.database.transact(tx -> tx.update("""
                INSERT INTO folder (mailbox_id, folder_id, name, uid_validity)
                SELECT ?, 1000 + n, 'f' || n, 1000 + n FROM generate_series(1, ?) n""", mailbox.value(), FolderTree.MAX_FOLDERS - 5));
        assertThat(special.find(mailbox, SpecialUse.JUNK)).isEqualTo(FolderName.INBOX);
    }
}
