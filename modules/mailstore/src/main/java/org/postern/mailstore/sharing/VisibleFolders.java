package org.postern.mailstore.sharing;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.mailstore.FolderEntry;
import org.postern.mailstore.FolderState;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.OwnedName;
import org.postern.mailstore.sharing.Sought.Forbidden;
import org.postern.mailstore.sharing.Sought.Found;
import org.postern.mailstore.sharing.Sought.Missing;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.Right;
import org.postern.model.Rights;

/**
 * What a mailbox sees: its own folders by their names, and those that others of its account share with it, under
 * {@link OtherUsers}. Asks the database each time, so that a change of rights is felt at once, on every node.
 */
public final class VisibleFolders {
    /** Of {@code v}, the viewer. Rights are the sum of what is given, less the sum of what is taken (RFC 4314 §2). */
    private static final String SHARED = """
            SELECT f.mailbox_id, f.folder_id, f.name, f.uid_validity, s.name IS NOT NULL AS subscribed, o.address,
                   coalesce(bit_or(a.rights) FILTER (WHERE NOT a.negative), 0)
                       & ~coalesce(bit_or(a.rights) FILTER (WHERE a.negative), 0) AS rights,
                   f.highest_modseq, f.uid_next, f.recent_from < f.uid_next AS has_recent
              FROM mailbox v
              JOIN folder_acl a ON a.account_id = v.account_id AND a.grantee IN (0, v.mailbox_id)
                               AND a.mailbox_id <> v.mailbox_id
              JOIN mailbox o ON o.mailbox_id = a.mailbox_id AND o.account_id = v.account_id AND o.status = 'active'
              JOIN folder f ON f.mailbox_id = a.mailbox_id AND f.folder_id = a.folder_id AND f.deleted_at IS NULL
              LEFT JOIN subscription s ON s.mailbox_id = v.mailbox_id AND s.name = ? || o.address || '/' || f.name
             WHERE v.mailbox_id = ? %s
             GROUP BY f.mailbox_id, f.folder_id, o.mailbox_id, s.name""";

    private static final String ALL_SHARED = SHARED.formatted("");
    private static final String SHARED_BY_NAME = SHARED.formatted("AND lower(o.address) = lower(?) AND f.name = ?");
    private static final String SHARED_BY_ID = SHARED.formatted("AND f.mailbox_id = ? AND f.folder_id = ?");

    private final Database database;
    private final FolderTree tree;

    public VisibleFolders(Database database, FolderTree tree) {
        this.database = database;
        this.tree = tree;
    }

    /** All that LIST may show, the viewer's own first. */
    public List<VisibleFolder> list(MailboxId viewer) {
        var visible = new ArrayList<VisibleFolder>();
        tree.list(viewer).forEach(entry -> visible.add(VisibleFolder.own(entry)));
        var shared =
                database.once(tx -> tx.list(ALL_SHARED, VisibleFolders::shared, OtherUsers.prefix(), viewer.value()));
        shared.stream()
                .flatMap(Optional::stream)
                .filter(folder -> folder.may(Right.LOOKUP))
                .forEach(visible::add);
        return visible;
    }

    /** Empty where no folder can have the name that the viewer would see it by, or where it has no right to it. */
    private static Optional<VisibleFolder> shared(Row row) throws SQLException {
        var name = new FolderName(row.text(3));
        var rights = new Rights(row.intValue(7));
        var entry = new FolderEntry(
                new FolderId(new MailboxId(row.longValue(1)), row.longValue(2)),
                name,
                Optional.empty(),
                row.bool(5),
                row.uidValidity(4),
                false,
                new FolderState(row.modseq(8), row.longValue(9), row.bool(10)));
        return OtherUsers.shown(FolderAcls.address(row, 6), name)
                .filter(_ -> !rights.isEmpty())
                .map(shown -> new VisibleFolder(shown, entry, rights));
    }

    /** The folder of that name, for something that needs all of these rights. */
    public Sought<VisibleFolder> seek(MailboxId viewer, FolderName shown, Right... needed) {
        var found = shared(viewer, shown).or(() -> tree.find(viewer, shown).map(VisibleFolder::own));
        return found.isEmpty()
                ? new Missing<>()
                : allowed(found.get(), found.get().rights(), Rights.of(needed));
    }

    private Optional<VisibleFolder> shared(MailboxId viewer, FolderName shown) {
        return OtherUsers.place(shown)
                .flatMap(place -> database.once(tx -> tx.first(
                        SHARED_BY_NAME,
                        VisibleFolders::shared,
                        OtherUsers.prefix(),
                        viewer.value(),
                        place.owner().toString(),
                        place.folder().value())))
                .flatMap(folder -> folder);
    }

    private static <T> Sought<T> allowed(T found, Rights rights, Rights needed) {
        if (needed.without(rights).isEmpty()) {
            return new Found<>(found);
        }
        return rights.has(Right.LOOKUP) ? new Forbidden<>() : new Missing<>();
    }

    /** Whose folder it is and what that calls it; the viewer's own are not looked up, and may not be there. */
    public Sought<OwnedName> name(MailboxId viewer, FolderName shown, Right needed) {
        var shared = shared(viewer, shown);
        if (shared.isPresent()) {
            return allowed(shared.get().ownedName(), shared.get().rights(), Rights.of(needed));
        }
        return OtherUsers.covers(shown) && tree.find(viewer, shown).isEmpty()
                ? new Missing<>()
                : new Found<>(new OwnedName(viewer, shown, Rights.ALL));
    }

    /**
     * Where a new folder of that name would be. Under {@link OtherUsers} the nearest folder above it decides; where there is
     * none that the viewer knows of, it is forbidden, whether or not there is such an owner (RFC 4314 §4, CREATE).
     */
    public Sought<OwnedName> newName(MailboxId viewer, FolderName shown) {
        if (!OtherUsers.covers(shown)) {
            return new Found<>(new OwnedName(viewer, shown, Rights.ALL));
        }
        var below = shown;
        for (var above = shown.parent(); above.isPresent(); above = above.get().parent()) {
            var shared = shared(viewer, above.get());
            if (shared.isPresent()) {
                return below(shared.get(), below, shown);
            }
            below = above.get();
        }
        return new Forbidden<>();
    }

    /** @param next the level right below the folder on the way to the new one: were it there, it would be the nearest */
    private Sought<OwnedName> below(VisibleFolder folder, FolderName next, FolderName shown) {
        boolean nearest = next.equals(shown)
                || tree.find(folder.owner(), ownersName(next)).isEmpty();
        return nearest && folder.may(Right.CREATE)
                ? new Found<>(new OwnedName(folder.owner(), ownersName(shown), folder.rights()))
                : new Forbidden<>();
    }

    private static FolderName ownersName(FolderName shown) {
        return OtherUsers.place(shown).orElseThrow().folder();
    }

    /** What the viewer may do in a folder now: nothing where it is not shared any more, deleted, or its owner paused. */
    public Rights rights(MailboxId viewer, FolderId folder) {
        if (folder.mailbox().equals(viewer)) {
            return Rights.ALL;
        }
        return database.once(tx -> tx.first(
                        SHARED_BY_ID,
                        VisibleFolders::shared,
                        OtherUsers.prefix(),
                        viewer.value(),
                        folder.mailbox().value(),
                        folder.id()))
                .flatMap(found -> found)
                .map(VisibleFolder::rights)
                .orElse(Rights.NONE);
    }
}
