package org.postern.mailstore;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.postern.database.Database;
import org.postern.database.GroupCommit;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;
import org.postern.model.StorageLimit.Resource;

/** APPENDs, those of different sessions with one commit ({@link GroupCommit}). */
final class Appends {
    private final Database database;
    private final GroupCommit<Append, AppendAnswer> groups = new GroupCommit<>(new Storing());

    Appends(Database database) {
        this.database = database;
    }

    private record Append(Parcel parcel, MessageColumns columns) implements GroupCommit.Work {
        @Override
        public long bytes() {
            return columns.inlineBytes();
        }

        @Override
        public Set<MailboxId> locks() {
            return Set.of(parcel.mailbox());
        }
    }

    private final class Storing implements GroupCommit.Storing<Append, AppendAnswer> {
        @Override
        public AppendAnswer alone(Append one) {
            var parcel = one.parcel;
            return append(parcel.mailbox(), parcel.folder(), one.columns, parcel.limit());
        }

        @Override
        public List<Optional<AppendAnswer>> together(List<Append> group) {
            var columns =
                    MessageColumns.joined(group.stream().map(one -> one.columns).toList());
            var parcels = group.stream().map(one -> one.parcel).toList();
            var numbers = IntStream.rangeClosed(1, group.size()).toArray();
            var load = new DeliveryLoad(parcels, numbers, columns.contents, columns);
            return database.once(tx -> tx.value(load.deliverUnhindered())).stream()
                    // What is in its way, or that it waits for who holds the folder, is its own matter.
                    .map(answer -> Optional.of(answer).filter(one -> one.outcome() != AppendAnswer.BUSY))
                    .toList();
        }
    }

    /** @param columns of the parcel's message */
    AppendAnswer append(Parcel parcel, MessageColumns columns) {
        return MessageColumns.comeAlong(columns.contents)
                ? groups.store(new Append(parcel, columns))
                : append(parcel.mailbox(), parcel.folder(), columns, parcel.limit());
    }

    /** Stores all messages, or none, and waits for whoever holds the folder. */
    AppendAnswer append(MailboxId mailbox, FolderName folder, MessageColumns columns, StorageLimit limit) {
        return database.once(tx -> tx.one(
                "SELECT append_to_folder(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row -> new AppendAnswer(row.longs(1)),
                columns.parameters(List.of(
                        mailbox.value(),
                        folder.value(),
                        limit.bytes(),
                        limit.max(Resource.MESSAGES),
                        FolderStore.MAX_FOLDER_KEYWORDS))));
    }
}
