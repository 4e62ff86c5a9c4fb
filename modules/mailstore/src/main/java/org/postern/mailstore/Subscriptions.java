package org.postern.mailstore;

import java.sql.SQLException;
import java.util.List;
import org.postern.database.Database;
import org.postern.database.Tx;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;

/** The names that a mailbox is subscribed to, whether or not there is such a folder (RFC 9051 §6.3.7). */
public final class Subscriptions {
    /** The most names that a mailbox may be subscribed to. */
    public static final int MAX = 20_000;

    private final Database database;
    private final FolderFeed feed;

    public Subscriptions(Database database, FolderFeed feed) {
        this.database = database;
        this.feed = feed;
    }

    /** @return false when the mailbox has {@value #MAX} subscriptions already */
    public boolean add(MailboxId mailbox, FolderName name) {
        boolean subscribed = database.transact(tx -> {
            FolderTree.lock(tx, mailbox);
            boolean known = tx.one(
                    "SELECT EXISTS (SELECT FROM subscription WHERE mailbox_id = ? AND name = ?)",
                    row -> row.bool(1),
                    mailbox.value(),
                    name.value());
            long others = tx.one(
                    "SELECT count(*) FROM subscription WHERE mailbox_id = ?", row -> row.longValue(1), mailbox.value());
            if (!known && others >= MAX) {
                return false;
            }
            subscribe(tx, mailbox, name);
            FolderTree.bumpTree(tx, mailbox);
            return true;
        });
        if (subscribed) {
            feed.publishTree(mailbox);
        }
        return subscribed;
    }

    public void remove(MailboxId mailbox, FolderName name) {
        database.transact(tx -> {
            FolderTree.lock(tx, mailbox);
            FolderTree.bumpTree(tx, mailbox);
            return tx.update(
                    "DELETE FROM subscription WHERE mailbox_id = ? AND name = ?", mailbox.value(), name.value());
        });
        feed.publishTree(mailbox);
    }

    public List<FolderName> list(MailboxId mailbox) {
        return database.once(tx -> tx.list(
                "SELECT name FROM subscription WHERE mailbox_id = ? ORDER BY name COLLATE \"C\"",
                row -> new FolderName(row.text(1)),
                mailbox.value()));
    }

    static void subscribe(Tx tx, MailboxId mailbox, FolderName name) throws SQLException {
        tx.update(
                "INSERT INTO subscription (mailbox_id, name) VALUES (?, ?) ON CONFLICT DO NOTHING",
                mailbox.value(),
                name.value());
    }
}
