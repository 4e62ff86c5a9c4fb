package org.postern.mailstore;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.database.Tx;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.Modseq;
import org.postern.model.SpecialUse;
import org.postern.model.UidValidity;

/** The folders of a mailbox by name (RFC 9051 §6.3.4 to §6.3.11); every change locks the mailbox row first. */
public final class FolderTree {
    /** The most folders that a mailbox may have. */
    public static final int MAX_FOLDERS = 10_000;

    private static final String ENTRY = """
            SELECT f.folder_id, f.name, f.special_use, s.name IS NOT NULL AS subscribed, f.uid_validity, f.was_inbox,
                   f.highest_modseq, f.uid_next, f.recent_from < f.uid_next AS has_recent
              FROM folder f
              LEFT JOIN subscription s ON s.mailbox_id = f.mailbox_id AND s.name = f.name
             WHERE f.mailbox_id = ? AND f.deleted_at IS NULL""";

    private static final String STATUS = """
            SELECT f.folder_id, f.message_count, f.unseen_count,
                   CASE WHEN f.recent_from = 1 THEN f.message_count
                        WHEN f.recent_from = f.uid_next THEN 0
                        ELSE (SELECT count(*) FROM message m
                               WHERE m.mailbox_id = f.mailbox_id AND m.folder_id = f.folder_id
                                 AND m.uid >= f.recent_from) END AS recent,
                   f.deleted_count, f.size, f.uid_next, f.uid_validity, f.highest_modseq
              FROM folder f
             WHERE f.mailbox_id = ? AND f.deleted_at IS NULL""";

    /** What a new mailbox has. */
    private static final List<Standard> STANDARD = List.of(
            new Standard(FolderName.INBOX, Optional.empty()),
            new Standard(new FolderName("Drafts"), Optional.of(SpecialUse.DRAFTS)),
            new Standard(new FolderName("Sent"), Optional.of(SpecialUse.SENT)),
            new Standard(new FolderName("Junk"), Optional.of(SpecialUse.JUNK)),
            new Standard(new FolderName("Trash"), Optional.of(SpecialUse.TRASH)),
            new Standard(new FolderName("Archive"), Optional.of(SpecialUse.ARCHIVE)));

    private record Standard(FolderName name, Optional<SpecialUse> use) {}

    private final Database database;
    private final FolderFeed feed;

    public FolderTree(Database database, FolderFeed feed) {
        this.database = database;
        this.feed = feed;
    }

    /** All folders, by name; with the special use of those whose name says it (RFC 6154 §2). */
    public List<FolderEntry> list(MailboxId mailbox) {
        return SpecialUseNames.completed(database.once(
                tx -> tx.list(ENTRY + " ORDER BY f.name COLLATE \"C\"", row -> entry(mailbox, row), mailbox.value())));
    }

    public Optional<FolderEntry> find(MailboxId mailbox, FolderName name) {
        return database.once(
                tx -> tx.first(ENTRY + " AND f.name = ?", row -> entry(mailbox, row), mailbox.value(), name.value()));
    }

    /** Creates the folder and those above it that are missing (RFC 9051 §6.3.4). */
    public CreateOutcome create(MailboxId mailbox, FolderName name, Optional<SpecialUse> use) {
        var outcome = database.<CreateOutcome>transact(tx -> {
            lock(tx, mailbox);
            if (existing(tx, mailbox, name).isPresent()) {
                return new AlreadyExists();
            }
            if (use.isPresent() && isTaken(tx, mailbox, use.get())) {
                return new CreateOutcome.SpecialUseTaken();
            }
            var missing = missingAbove(tx, mailbox, name);
            if (count(tx, mailbox) + missing.size() + 1 > MAX_FOLDERS) {
                return new TooManyFolders(MAX_FOLDERS);
            }
            for (var above : missing) {
                insert(tx, mailbox, above, Optional.empty());
            }
            return new CreateOutcome.Created(insert(tx, mailbox, name, use));
        });
        if (outcome instanceof CreateOutcome.Created) {
            feed.publishTree(mailbox);
        }
        return outcome;
    }

    /**
     * Leaves a tombstone, so that sessions that have the folder selected learn of it; the sweep deletes what was in it.
     * The storage it used is free at once.
     */
    public DeleteOutcome delete(MailboxId mailbox, FolderName name) {
        if (name.isInbox()) {
            return new DeleteOutcome.IsInbox();
        }
        record Done(DeleteOutcome outcome, Modseq modseq) {}
        var done = database.transact(tx -> {
            lock(tx, mailbox);
            var folder = existing(tx, mailbox, name);
            if (folder.isEmpty()) {
                return new Done(new NoSuchFolder(), Modseq.ZERO);
            }
            if (!below(tx, mailbox, name).isEmpty()) {
                return new Done(new DeleteOutcome.HasChildren(), Modseq.ZERO);
            }
            var id = folder.get();
            lock(tx, mailbox, List.of(id));
            var modseq = tx.one("""
                    UPDATE folder SET deleted_at = now(), highest_modseq = highest_modseq + 1
                     WHERE mailbox_id = ? AND folder_id = ?
                    RETURNING highest_modseq""", row -> row.modseq(1), mailbox.value(), id.id());
            tx.update("DELETE FROM folder_metadata WHERE mailbox_id = ? AND folder_id = ?", mailbox.value(), id.id());
            tx.update("DELETE FROM folder_acl WHERE mailbox_id = ? AND folder_id = ?", mailbox.value(), id.id());
            tx.update("""
                    UPDATE mailbox_usage u SET bytes = u.bytes - f.size, messages = u.messages - f.message_count
                      FROM folder f
                     WHERE u.mailbox_id = f.mailbox_id AND f.mailbox_id = ? AND f.folder_id = ?""", mailbox.value(), id.id());
            bumpTree(tx, mailbox);
            return new Done(new DeleteOutcome.Deleted(id), modseq);
        });
        if (done.outcome instanceof DeleteOutcome.Deleted(var id)) {
            feed.publish(id, done.modseq);
            feed.publishTree(mailbox);
        }
        return done.outcome;
    }

    /** Renames the folder and all below it; of INBOX, moves its messages to a new folder (RFC 9051 §6.3.6). */
    public RenameOutcome rename(MailboxId mailbox, FolderName from, FolderName to) {
        var outcome = from.isInbox() ? renameInbox(mailbox, to) : renameFolder(mailbox, from, to);
        if (outcome instanceof RenameOutcome.Renamed) {
            feed.publishTree(mailbox);
        }
        return outcome;
    }

    private RenameOutcome renameFolder(MailboxId mailbox, FolderName from, FolderName to) {
        return database.transact(tx -> {
            lock(tx, mailbox);
            var folder = existing(tx, mailbox, from);
            if (folder.isEmpty()) {
                return new NoSuchFolder();
            }
            if (existing(tx, mailbox, to).isPresent()) {
                return new AlreadyExists();
            }
            if (to.isBelow(from)) {
                return new RenameOutcome.BelowItself();
            }
            var below = below(tx, mailbox, from);
            if (below.stream()
                    .anyMatch(child -> FolderName.problemOf(movedName(child.name, from, to))
                            .isPresent())) {
                return new RenameOutcome.NameTooLong();
            }
            var missing = missingAbove(tx, mailbox, to);
            if (count(tx, mailbox) + missing.size() > MAX_FOLDERS) {
                return new TooManyFolders(MAX_FOLDERS);
            }
            for (var above : missing) {
                insert(tx, mailbox, above, Optional.empty());
            }
            var moved = new ArrayList<>(below);
            moved.add(new Named(folder.get(), from));
            lock(tx, mailbox, moved.stream().map(Named::id).toList());
            for (var each : moved) {
                tx.update(
                        "UPDATE folder SET name = ? WHERE mailbox_id = ? AND folder_id = ?",
                        movedName(each.name, from, to),
                        mailbox.value(),
                        each.id.id());
            }
            bumpTree(tx, mailbox);
            return new RenameOutcome.Renamed(folder.get());
        });
    }

    private static String movedName(FolderName name, FolderName from, FolderName to) {
        return to.value() + name.value().substring(from.value().length());
    }

    /** INBOX stays, empty, and so do the folders below it. */
    private RenameOutcome renameInbox(MailboxId mailbox, FolderName to) {
        record Done(RenameOutcome outcome, FolderId inbox, Modseq modseq) {}
        var done = database.transact(tx -> {
            lock(tx, mailbox);
            var inbox = existing(tx, mailbox, FolderName.INBOX);
            if (inbox.isEmpty()) {
                return new Done(new NoSuchFolder(), new FolderId(mailbox, 1), Modseq.ZERO);
            }
            var id = inbox.get();
            if (existing(tx, mailbox, to).isPresent()) {
                return new Done(new AlreadyExists(), id, Modseq.ZERO);
            }
            var missing = missingAbove(tx, mailbox, to);
            if (count(tx, mailbox) + missing.size() + 1 > MAX_FOLDERS) {
                return new Done(new TooManyFolders(MAX_FOLDERS), id, Modseq.ZERO);
            }
            for (var above : missing) {
                insert(tx, mailbox, above, Optional.empty());
            }
            var target = insert(tx, mailbox, to, Optional.empty()).id();
            lock(tx, mailbox, List.of(id));
            // The new folder is nobody's yet: it takes the messages with their UIDs, and the counters with them.
            var modseq = tx.one(
                    "SELECT move_whole_folder(?, ?, ?)", row -> row.modseq(1), mailbox.value(), id.id(), target.id());
            return new Done(new RenameOutcome.Renamed(target), id, modseq);
        });
        if (done.outcome instanceof RenameOutcome.Renamed) {
            feed.publish(done.inbox, done.modseq);
        }
        return done.outcome;
    }

    /** INBOX, Drafts, Sent, Junk, Trash and Archive, with special use, subscribed; in the caller's transaction. */
    public void createStandard(Tx tx, MailboxId mailbox) throws SQLException {
        lock(tx, mailbox);
        for (var standard : STANDARD) {
            insert(tx, mailbox, standard.name, standard.use);
            Subscriptions.subscribe(tx, mailbox, standard.name);
        }
    }

    /** The counters; empty when the folder was deleted. */
    public Optional<FolderStatus> status(FolderId folder) {
        return database.once(tx -> tx.first(
                STATUS + " AND f.folder_id = ?",
                row -> status(folder.mailbox(), row),
                folder.mailbox().value(),
                folder.id()));
    }

    /** The counters of all the mailbox's folders in one round trip (RFC 5819). */
    public List<FolderStatus> statuses(MailboxId mailbox) {
        return database.once(tx -> tx.list(STATUS, row -> status(mailbox, row), mailbox.value()));
    }

    /** The counters of some of its folders; of those deleted, none. */
    public List<FolderStatus> statuses(MailboxId mailbox, Collection<FolderId> folders) {
        return database.once(tx -> tx.list(
                STATUS + " AND f.folder_id = ANY (?)",
                row -> status(mailbox, row),
                mailbox.value(),
                folders.stream().mapToLong(FolderId::id).toArray()));
    }

    public MailboxUsage usage(MailboxId mailbox) {
        return database.once(tx -> tx.one(
                "SELECT bytes, messages FROM mailbox_usage WHERE mailbox_id = ?",
                row -> new MailboxUsage(row.longValue(1), row.longValue(2)),
                mailbox.value()));
    }

    /** What an EXPUNGE would free, in bytes; reads the folder's messages (RFC 9208 §4.1.4). */
    public long deletedBytes(FolderId folder) {
        return database.once(
                tx -> tx.one("""
                SELECT coalesce(sum(size), 0)::bigint FROM message
                 WHERE mailbox_id = ? AND folder_id = ? AND flags & 8 <> 0""", row -> row.longValue(1), folder.mailbox().value(), folder.id()));
    }

    private static FolderEntry entry(MailboxId mailbox, Row row) throws SQLException {
        return new FolderEntry(
                new FolderId(mailbox, row.longValue(1)),
                new FolderName(row.text(2)),
                row.optionalText(3).map(name -> SpecialUse.valueOf(name.toUpperCase(Locale.ROOT))),
                row.bool(4),
                row.uidValidity(5),
                row.bool(6),
                new FolderState(row.modseq(7), row.longValue(8), row.bool(9)));
    }

    private static FolderStatus status(MailboxId mailbox, Row row) throws SQLException {
        return new FolderStatus(
                new FolderId(mailbox, row.longValue(1)),
                row.longValue(2),
                row.longValue(3),
                row.longValue(4),
                row.longValue(5),
                row.longValue(6),
                row.longValue(7),
                row.uidValidity(8),
                row.modseq(9));
    }

    /** The mailbox is locked. */
    static void bumpTree(Tx tx, MailboxId mailbox) throws SQLException {
        tx.update("UPDATE mailbox SET tree_modseq = tree_modseq + 1 WHERE mailbox_id = ?", mailbox.value());
    }

    static void lock(Tx tx, MailboxId mailbox) throws SQLException {
        tx.one("SELECT 1 FROM mailbox WHERE mailbox_id = ? FOR NO KEY UPDATE", row -> row.intValue(1), mailbox.value());
    }

    /** After the mailbox, in the order of all who lock folders. */
    private static void lock(Tx tx, MailboxId mailbox, List<FolderId> folders) throws SQLException {
        tx.call("""
                SELECT FROM folder WHERE mailbox_id = ? AND folder_id = ANY (?)
                 ORDER BY folder_id FOR NO KEY UPDATE""", mailbox.value(), folders.stream().mapToLong(FolderId::id).toArray());
    }

    private static Optional<FolderId> existing(Tx tx, MailboxId mailbox, FolderName name) throws SQLException {
        return tx.first(
                "SELECT folder_id FROM folder WHERE mailbox_id = ? AND name = ? AND deleted_at IS NULL",
                row -> new FolderId(mailbox, row.longValue(1)),
                mailbox.value(),
                name.value());
    }

    private record Named(FolderId id, FolderName name) {}

    private static List<Named> below(Tx tx, MailboxId mailbox, FolderName name) throws SQLException {
        return tx.list(
                """
                SELECT folder_id, name FROM folder
                 WHERE mailbox_id = ? AND deleted_at IS NULL AND starts_with(name, ?)""",
                row -> new Named(new FolderId(mailbox, row.longValue(1)), new FolderName(row.text(2))),
                mailbox.value(),
                name.value() + FolderName.SEPARATOR);
    }

    private static boolean isTaken(Tx tx, MailboxId mailbox, SpecialUse use) throws SQLException {
        return tx.one("""
                SELECT EXISTS (SELECT FROM folder
                                WHERE mailbox_id = ? AND special_use = ? AND deleted_at IS NULL)""", row -> row.bool(1), mailbox.value(), stored(use));
    }

    private static long count(Tx tx, MailboxId mailbox) throws SQLException {
        return tx.one(
                "SELECT count(*) FROM folder WHERE mailbox_id = ? AND deleted_at IS NULL",
                row -> row.longValue(1),
                mailbox.value());
    }

    /** The folders above {@code name} that do not exist, the uppermost first. */
    private static List<FolderName> missingAbove(Tx tx, MailboxId mailbox, FolderName name) throws SQLException {
        var missing = new ArrayList<FolderName>();
        for (var above = name.parent(); above.isPresent(); above = above.get().parent()) {
            if (existing(tx, mailbox, above.get()).isPresent()) {
                break;
            }
            missing.addFirst(above.get());
        }
        return missing;
    }

    /** Ids and UIDVALIDITYs come from counters of the mailbox, which is locked: neither is ever used twice. */
    private static FolderEntry insert(Tx tx, MailboxId mailbox, FolderName name, Optional<SpecialUse> use)
            throws SQLException {
        record Next(FolderId id, UidValidity validity) {}
        var next = tx.one(
                """
                UPDATE mailbox SET folder_id_next = folder_id_next + 1, uid_validity_next = uid_validity_next + 1,
                                   tree_modseq = tree_modseq + 1
                 WHERE mailbox_id = ?
                RETURNING old.folder_id_next, old.uid_validity_next""", row -> new Next(new FolderId(mailbox, row.longValue(1)), row.uidValidity(2)), mailbox.value());
        tx.update("""
                INSERT INTO folder (mailbox_id, folder_id, name, special_use, uid_validity)
                VALUES (?, ?, ?, ?, ?)""", mailbox.value(), next.id.id(), name.value(), use.map(FolderTree::stored), next.validity.value());
        tx.update("INSERT INTO mailbox_usage (mailbox_id) VALUES (?) ON CONFLICT DO NOTHING", mailbox.value());
        if (name.parent().isPresent()) {
            inheritAcl(tx, next.id, name.parent().get());
        }
        boolean subscribed = tx.one(
                "SELECT EXISTS (SELECT FROM subscription WHERE mailbox_id = ? AND name = ?)",
                row -> row.bool(1),
                mailbox.value(),
                name.value());
        return new FolderEntry(next.id, name, use, subscribed, next.validity, false, FolderState.NEW);
    }

    /** A new folder is shared as the one above it is (RFC 4314 §4, CREATE). */
    private static void inheritAcl(Tx tx, FolderId folder, FolderName parent) throws SQLException {
        tx.update("""
                INSERT INTO folder_acl (mailbox_id, folder_id, account_id, grantee, negative, rights)
                SELECT a.mailbox_id, ?, a.account_id, a.grantee, a.negative, a.rights
                  FROM folder_acl a JOIN folder p USING (mailbox_id, folder_id)
                 WHERE p.mailbox_id = ? AND p.name = ? AND p.deleted_at IS NULL""", folder.id(), folder.mailbox().value(), parent.value());
    }

    private static String stored(SpecialUse use) {
        return use.name().toLowerCase(Locale.ROOT);
    }
}
