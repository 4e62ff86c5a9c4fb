package org.postern.mailstore.metadata;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.mailstore.FolderFeed;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;

/**
 * The annotations of folders and of mailboxes (RFC 5464). Private ones are kept for each viewer: the mailbox whose client
 * asks, be the folder its own or another's.
 */
public final class Metadata {
    /** The longest value; RFC 5464 §4.1 demands 1,024 at least. */
    public static final int MAX_VALUE_BYTES = 32 << 10;
    /** The most entries of one folder, or of the mailbox itself, that one viewer sees; §4.1 demands 10 at least. */
    public static final int MAX_ENTRIES = 100;
    /** The most bytes of all names and values of one mailbox, for they count against no quota. */
    public static final int MAX_BYTES = 1 << 20;
    /** How many removed entries of one folder are remembered for those who watch it. */
    static final int MAX_REMOVED = 100;

    private static final int SET = 0;
    private static final int NO_FOLDER = 1;
    private static final int TOO_MANY = 2;
    private static final int TOO_MUCH = 3;

    private final Database database;
    private final FolderFeed feed;

    public Metadata(Database database, FolderFeed feed) {
        this.database = database;
        this.feed = feed;
    }

    /**
     * An entry that was set or removed.
     *
     * @param folder empty for the mailbox itself
     * @param at the mailbox's {@code tree_modseq} then
     */
    public record Change(Optional<FolderId> folder, MetadataEntry entry, long at) {}

    /** Up to where {@link #changedSince} has nothing to say now. */
    public long latest(MailboxId mailbox) {
        return database.once(tx -> tx.one(
                "SELECT tree_modseq FROM mailbox WHERE mailbox_id = ?", row -> row.longValue(1), mailbox.value()));
    }

    /** What this viewer can see of entries that changed since; of those removed long ago, not all. */
    public List<Change> changedSince(MailboxId mailbox, MailboxId viewer, long since) {
        return database.once(tx -> tx.list(
                """
                SELECT folder_id, entry, changed FROM folder_metadata
                 WHERE mailbox_id = ? AND viewer IN (0, ?) AND changed > ? ORDER BY folder_id, entry COLLATE "C\"""",
                row -> new Change(
                        row.longValue(1) == 0 ? Optional.empty() : Optional.of(new FolderId(mailbox, row.longValue(1))),
                        new MetadataEntry(row.text(2)),
                        row.longValue(3)),
                mailbox.value(),
                viewer.value(),
                since));
    }

    /** What is noted about one folder, by name. */
    public List<Annotation> ofFolder(FolderId folder, MailboxId viewer) {
        return read(folder.mailbox(), folder.id(), viewer);
    }

    /** What is noted about the mailbox itself: what clients see as the server's (§3.2.1.1). */
    public List<Annotation> ofMailbox(MailboxId mailbox) {
        return read(mailbox, 0, mailbox);
    }

    private List<Annotation> read(MailboxId mailbox, long folder, MailboxId viewer) {
        return database.once(tx -> tx.list("""
                SELECT entry, value FROM folder_metadata
                 WHERE mailbox_id = ? AND folder_id = ? AND viewer IN (0, ?) AND value IS NOT NULL
                 ORDER BY entry COLLATE "C\"""", Metadata::annotation, mailbox.value(), folder, viewer.value()));
    }

    /** These entries of all folders of a mailbox in one round trip (RFC 9590); folders without any are left out. */
    public Map<FolderId, List<Annotation>> ofFolders(
            MailboxId mailbox, MailboxId viewer, Collection<MetadataEntry> entries) {
        record Found(FolderId folder, Annotation annotation) {}
        var found = database.once(tx -> tx.list(
                """
                SELECT entry, value, folder_id FROM folder_metadata
                 WHERE mailbox_id = ? AND folder_id > 0 AND viewer IN (0, ?) AND value IS NOT NULL AND entry = ANY (?)""",
                row -> new Found(new FolderId(mailbox, row.longValue(3)), annotation(row)),
                mailbox.value(),
                viewer.value(),
                entries.stream().map(MetadataEntry::name).toArray(String[]::new)));
        var byFolder = new HashMap<FolderId, List<Annotation>>();
        found.forEach(one ->
                byFolder.computeIfAbsent(one.folder, _ -> new ArrayList<>()).add(one.annotation));
        return byFolder;
    }

    private static Annotation annotation(Row row) throws SQLException {
        return new Annotation(
                new MetadataEntry(row.text(1)), row.optionalBytes(2).map(Metadata::text));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }

    /**
     * Sets, replaces and removes entries.
     *
     * @param folder empty for the mailbox itself
     * @param changes at most one for each entry; without value it is removed
     */
    public MetadataOutcome set(
            MailboxId mailbox, Optional<FolderName> folder, MailboxId viewer, List<Annotation> changes) {
        var viewers = changes.stream()
                .mapToLong(change -> change.entry().isPrivate() ? viewer.value() : 0)
                .toArray();
        var values = changes.stream()
                .map(change -> change.value().orElse("").getBytes(StandardCharsets.ISO_8859_1))
                .toArray(byte[][]::new);
        var removed = new boolean[changes.size()];
        for (int i = 0; i < removed.length; i++) {
            removed[i] = changes.get(i).value().isEmpty();
        }
        int outcome = database.once(tx -> tx.one(
                "SELECT set_metadata(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row -> row.intValue(1),
                mailbox.value(),
                folder.map(FolderName::value).orElse(""),
                viewer.value(),
                viewers,
                changes.stream().map(change -> change.entry().name()).toArray(String[]::new),
                values,
                removed,
                MAX_ENTRIES,
                MAX_BYTES,
                MAX_REMOVED));
        return switch (outcome) {
            case SET -> {
                feed.publishTree(mailbox);
                yield new MetadataOutcome.Set();
            }
            case NO_FOLDER -> new MetadataOutcome.NoFolder();
            case TOO_MANY -> new MetadataOutcome.TooMany(MAX_ENTRIES);
            case TOO_MUCH -> new MetadataOutcome.TooMuch(MAX_BYTES);
            default -> throw new IllegalStateException("unknown answer to a change of metadata: " + outcome);
        };
    }
}
