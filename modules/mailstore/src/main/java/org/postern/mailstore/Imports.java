package org.postern.mailstore;

import java.io.IOException;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import org.postern.database.Database;
import org.postern.database.Row;
import org.postern.model.Flags;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.Keyword;
import org.postern.model.MailboxId;
import org.postern.model.Modseq;
import org.postern.model.StorageLimit;
import org.postern.model.StorageLimit.Resource;
import org.postern.model.Uid;
import org.postern.model.UidValidity;

/**
 * Messages from other servers, each brought once: that it is here is noted in the transaction that stores it, so an import may be
 * killed at any moment and run again.
 */
public final class Imports {
    /** What {@code import_messages} adds to the outcomes of {@code append_to_folder}. */
    private static final int KNOWN_MEANWHILE = 10;

    private final Database database;
    private final FolderFeed feed;
    private final ContentWriter writer;

    public Imports(Database database, FolderFeed feed) {
        this.database = database;
        this.feed = feed;
        this.writer = new ContentWriter(database);
    }

    /** Those of the messages that were brought before. */
    public Map<ImportKey, ImportedMessage> known(MailboxId mailbox, Collection<ImportKey> keys) {
        record Known(ImportKey key, ImportedMessage message) {}
        var found = new HashMap<ImportKey, ImportedMessage>();
        database.once(tx -> tx.list(
                        """
                        SELECT key, folder_id, uid, flags, keywords FROM imported
                         WHERE mailbox_id = ? AND key = ANY (?)""",
                        row -> new Known(
                                new ImportKey(row.uuid(1)),
                                new ImportedMessage(
                                        new FolderId(mailbox, row.longValue(2)),
                                        row.uid(3),
                                        new Flags(
                                                row.intValue(4),
                                                row.texts(5).stream()
                                                        .map(Keyword::new)
                                                        .toList()))),
                        mailbox.value(),
                        uuids(keys)))
                .forEach(known -> found.put(known.key, known.message));
        return found;
    }

    /**
     * Stores messages in their order, and notes whence they are; all of them, or the first ones up to where the folder takes no
     * more.
     *
     * @param uidValidity of the source's folder, where UIDs are to be kept: they are in a folder that never held a message
     * @throws IOException when the messages' bytes cannot be read
     */
    public ImportOutcome append(
            MailboxId mailbox,
            FolderName folder,
            Optional<UidValidity> uidValidity,
            List<NewImport> messages,
            StorageLimit limit)
            throws IOException {
        var columns = MessageColumns.written(
                mailbox, messages.stream().map(NewImport::message).toList(), writer);
        var keeps = uidValidity.isPresent();
        var answer = database.transact(tx -> tx.one(
                "SELECT * FROM import_messages(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                ImportAnswer::read,
                columns.parameters(
                        List.of(
                                mailbox.value(),
                                folder.value(),
                                limit.bytes(),
                                limit.max(Resource.MESSAGES),
                                FolderStore.MAX_FOLDER_KEYWORDS),
                        uuids(messages.stream().map(NewImport::key).toList()),
                        uidValidity.map(UidValidity::value).orElse(0L),
                        messages.stream()
                                .mapToLong(message -> keeps ? message.uid().orElse(0) : 0)
                                .toArray(),
                        messages.stream()
                                .map(message -> message.uidl().orElse(""))
                                .toArray(String[]::new))));
        if (answer.outcome == KNOWN_MEANWHILE) {
            return new ImportOutcome.KnownMeanwhile();
        }
        if (answer.uids.length > 0) {
            feed.publish(new FolderId(mailbox, answer.folder.orElseThrow()), new Modseq(answer.modseq.orElseThrow()));
        }
        return new ImportOutcome.Imported(
                Arrays.stream(answer.uids).mapToObj(Uid::new).toList(), answer.lostUidls, answer.stopped(limit));
    }

    @SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
    private record ImportAnswer(
            int outcome, long used, OptionalLong folder, OptionalLong modseq, long[] uids, int lostUidls) {
        static ImportAnswer read(Row row) throws SQLException {
            return new ImportAnswer(
                    row.intValue(1),
                    row.longValue(2),
                    row.optionalLong(3),
                    row.optionalLong(4),
                    row.longs(5),
                    row.intValue(6));
        }

        Optional<NotStored> stopped(StorageLimit limit) {
            return outcome == AppendAnswer.STORED
                    ? Optional.empty()
                    : Optional.of(new AppendAnswer(new long[] {outcome, 0, 0, 0, 0, used}).notStored(limit));
        }
    }

    /** Notes the flags that the source has by now. */
    public void saw(MailboxId mailbox, Map<ImportKey, Flags> flags) {
        var all = List.copyOf(flags.entrySet());
        database.once(tx -> tx.update(
                """
                UPDATE imported m SET flags = s.flags, keywords = string_to_array(s.keywords, ' ')
                  FROM unnest(?::uuid[], ?::int[], ?::text[]) AS s (key, flags, keywords)
                 WHERE m.mailbox_id = ? AND m.key = s.key""",
                uuids(all.stream().map(Map.Entry::getKey).toList()),
                all.stream().mapToInt(each -> each.getValue().systemBits()).toArray(),
                all.stream().map(each -> MessageColumns.words(each.getValue())).toArray(String[]::new),
                mailbox.value()));
    }

    /**
     * Forgets whence the mailbox's messages are: an import after this brings everything.
     *
     * @return of how many messages that was known
     */
    public int forget(MailboxId mailbox) {
        return database.once(tx -> tx.update("DELETE FROM imported WHERE mailbox_id = ?", mailbox.value()));
    }

    private static UUID[] uuids(Collection<ImportKey> keys) {
        return keys.stream().map(ImportKey::value).toArray(UUID[]::new);
    }
}
