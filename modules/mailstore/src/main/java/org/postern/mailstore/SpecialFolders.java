package org.postern.mailstore;

import java.util.Locale;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.SpecialUse;

/** Where in a mailbox the server itself files messages of a kind: the folder with that special use (RFC 6154 §2). */
public final class SpecialFolders {
    private final Database database;
    private final FolderTree tree;

    public SpecialFolders(Database database, FolderTree tree) {
        this.database = database;
        this.tree = tree;
    }

    /**
     * The folder with that use; else one whose name says it; else a new one. INBOX where there is no room for it: nothing is lost for
     * want of a folder. Never inside a transaction.
     */
    public FolderName find(MailboxId mailbox, SpecialUse use) {
        return marked(mailbox, use).or(() -> named(mailbox, use)).orElseGet(() -> made(mailbox, use));
    }

    /** Nearly always: one index probe. */
    private Optional<FolderName> marked(MailboxId mailbox, SpecialUse use) {
        return database.once(tx -> tx.first(
                "SELECT name FROM folder WHERE mailbox_id = ? AND special_use = ? AND deleted_at IS NULL",
                row -> new FolderName(row.text(1)),
                mailbox.value(),
                use.name().toLowerCase(Locale.ROOT)));
    }

    private Optional<FolderName> named(MailboxId mailbox, SpecialUse use) {
        return tree.list(mailbox).stream()
                .filter(folder -> folder.use().equals(Optional.of(use)))
                .map(FolderEntry::name)
                .findFirst();
    }

    private FolderName made(MailboxId mailbox, SpecialUse use) {
        var name = new FolderName(use.wire().substring(1)); // As in a new mailbox: \Sent is Sent.
        return switch (tree.create(mailbox, name, Optional.of(use))) {
            case CreateOutcome.Created(var folder) -> folder.name();
            case AlreadyExists there -> name;
            case CreateOutcome.SpecialUseTaken meanwhile -> marked(mailbox, use).orElse(FolderName.INBOX);
            case TooManyFolders full -> FolderName.INBOX;
        };
    }
}
