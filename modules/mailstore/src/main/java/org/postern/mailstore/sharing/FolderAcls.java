package org.postern.mailstore.sharing;

import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.database.Tx;
import org.postern.mailstore.FolderFeed;
import org.postern.model.Address;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.Rights;

/** The access control lists of folders, by their owners' mailboxes (RFC 4314 §3). */
public final class FolderAcls {
    /** The most entries of one folder, negative ones among them. */
    public static final int MAX_ENTRIES = 1_000;

    /** Without the owner; {@code anyone} first, then by address, what is given before what is taken. */
    private static final String ENTRIES = """
            SELECT a.grantee, m.address, a.negative, a.rights, f.name
              FROM folder_acl a JOIN folder f USING (mailbox_id, folder_id)
              LEFT JOIN mailbox m ON m.mailbox_id = a.grantee AND m.account_id = a.account_id
             WHERE a.mailbox_id = ? AND (a.grantee = 0 OR m.address IS NOT NULL) %s
             ORDER BY f.name COLLATE "C", a.grantee <> 0, m.address COLLATE "C", a.negative""";

    private static final String OF_MAILBOX = ENTRIES.formatted("");
    private static final String OF_FOLDER = ENTRIES.formatted("AND a.folder_id = ?");

    private final Database database;
    private final FolderFeed feed;

    public FolderAcls(Database database, FolderFeed feed) {
        this.database = database;
        this.feed = feed;
    }

    /** The mailbox of that address in the account of {@code owner}; the owner's own too. */
    public Optional<Grantee.Member> member(MailboxId owner, Address address) {
        return database.once(tx -> tx.first(
                """
                SELECT m.mailbox_id, m.address FROM mailbox m JOIN mailbox o USING (account_id)
                 WHERE o.mailbox_id = ? AND lower(m.address) = lower(?)""",
                row -> new Grantee.Member(new MailboxId(row.longValue(1)), address(row, 2)),
                owner.value(),
                address.toString()));
    }

    public Address address(MailboxId mailbox) {
        return database.once(tx ->
                tx.one("SELECT address FROM mailbox WHERE mailbox_id = ?", row -> address(row, 1), mailbox.value()));
    }

    /** Without the owner; {@code anyone} first, then by address, what is given before what is taken. */
    public List<AclEntry> of(FolderId folder) {
        return database.once(
                tx -> tx.list(OF_FOLDER, FolderAcls::entry, folder.mailbox().value(), folder.id()));
    }

    /** As {@link #of}, of all folders that the mailbox shares, by their names. */
    public SortedMap<FolderName, List<AclEntry>> ofAll(MailboxId owner) {
        record Named(FolderName folder, AclEntry entry) {}
        return database
                .once(tx ->
                        tx.list(OF_MAILBOX, row -> new Named(new FolderName(row.text(5)), entry(row)), owner.value()))
                .stream()
                .collect(Collectors.groupingBy(
                        Named::folder, TreeMap::new, Collectors.mapping(Named::entry, Collectors.toList())));
    }

    private static AclEntry entry(Row row) throws SQLException {
        return new AclEntry(grantee(row), row.bool(3), new Rights(row.intValue(4)));
    }

    private static Grantee grantee(Row row) throws SQLException {
        long key = row.longValue(1);
        return key == 0 ? new Grantee.Anyone() : new Grantee.Member(new MailboxId(key), address(row, 2));
    }

    static Address address(Row row, int column) throws SQLException {
        return Address.parse(row.text(column)).orElseThrow();
    }

    /** The mailbox was paused or resumed: whoever sees its folders, or would, looks again. */
    public void turned(MailboxId owner) {
        feed.publishTree(owner);
        database.once(tx -> tx.list("""
                        SELECT DISTINCT m.mailbox_id
                          FROM folder_acl a JOIN mailbox m ON m.account_id = a.account_id
                                                          AND a.grantee IN (0, m.mailbox_id)
                         WHERE a.mailbox_id = ?""", row -> new MailboxId(row.longValue(1)), owner.value()))
                .forEach(feed::publishTree);
    }

    /** Changes the entry of one grantee; felt by everybody at once, be it within IDLE. */
    public AclOutcome change(FolderId folder, Grantee grantee, boolean negative, AclChange change) {
        var outcome = database.transact(tx -> {
            // As a change of the tree: whoever deletes the folder comes before or after.
            var account = tx.one("""
                    UPDATE mailbox SET tree_modseq = tree_modseq + 1 WHERE mailbox_id = ? RETURNING account_id""", row -> row.longValue(1), folder.mailbox().value());
            return isThere(tx, folder)
                    ? change(tx, folder, account, grantee, negative, change)
                    : new AclOutcome.NoFolder();
        });
        if (outcome instanceof AclOutcome.Changed) {
            feed.publishTree(folder.mailbox());
            concerned(folder.mailbox(), grantee).forEach(feed::publishTree);
        }
        return outcome;
    }

    private static boolean isThere(Tx tx, FolderId folder) throws SQLException {
        return tx.one("""
                SELECT EXISTS (SELECT FROM folder
                                WHERE mailbox_id = ? AND folder_id = ? AND deleted_at IS NULL)""", row -> row.bool(1), folder.mailbox().value(), folder.id());
    }

    private static AclOutcome change(
            Tx tx, FolderId folder, long account, Grantee grantee, boolean negative, AclChange change)
            throws SQLException {
        var before = tx.first(
                """
                DELETE FROM folder_acl WHERE mailbox_id = ? AND folder_id = ? AND grantee = ? AND negative = ?
                RETURNING rights""",
                row -> new Rights(row.intValue(1)),
                folder.mailbox().value(),
                folder.id(),
                grantee.key(),
                negative);
        var after = change.applyTo(before.orElse(Rights.NONE));
        if (after.isEmpty()) {
            return new AclOutcome.Changed();
        }
        long others = tx.one(
                "SELECT count(*) FROM folder_acl WHERE mailbox_id = ? AND folder_id = ?",
                row -> row.longValue(1),
                folder.mailbox().value(),
                folder.id());
        if (others >= MAX_ENTRIES) {
            return new AclOutcome.TooManyEntries(MAX_ENTRIES);
        }
        tx.update("""
                INSERT INTO folder_acl (mailbox_id, folder_id, account_id, grantee, negative, rights)
                VALUES (?, ?, ?, ?, ?, ?)""", folder.mailbox().value(), folder.id(), account, grantee.key(), negative, after.bits());
        return new AclOutcome.Changed();
    }

    /** Whose view of the world has changed. */
    private List<MailboxId> concerned(MailboxId owner, Grantee grantee) {
        return switch (grantee) {
            case Grantee.Member(var mailbox, var _) -> List.of(mailbox);
            case Grantee.Anyone() ->
                database.once(tx -> tx.list("""
                        SELECT m.mailbox_id FROM mailbox m JOIN mailbox o USING (account_id)
                         WHERE o.mailbox_id = ? AND m.mailbox_id <> o.mailbox_id""", row -> new MailboxId(row.longValue(1)), owner.value()));
        };
    }
}
