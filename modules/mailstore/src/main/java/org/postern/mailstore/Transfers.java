package org.postern.mailstore;

import java.sql.SQLException;
import org.postern.database.Database;
import org.postern.database.Multirange;
import org.postern.database.Row;
import org.postern.model.FolderId;
import org.postern.model.Modseq;
import org.postern.model.Right;
import org.postern.model.StorageLimit;
import org.postern.model.StorageLimit.Resource;
import org.postern.model.UidSet;
import org.postern.model.UidValidity;

/** COPY and MOVE, within a mailbox and from one to another (see {@link FolderStore}). */
final class Transfers {
    private final Database database;
    private final FolderFeed feed;
    private final ContentCopies contents;

    Transfers(Database database, FolderFeed feed) {
        this.database = database;
        this.feed = feed;
        this.contents = new ContentCopies(database);
    }

    CopyOutcome copy(FolderId source, UidSet uids, OwnedName target, StorageLimit limit) {
        var answer = transfer(source, uids, target, false, limit);
        return switch (answer.outcome) {
            case "done" -> {
                var folder = new FolderId(target.owner(), answer.target);
                feed.publish(folder, answer.targetModseq());
                yield new CopyOutcome.Copied(
                        folder, answer.uidValidity(), answer.from, answer.to(), answer.targetModseq());
            }
            case "nothing" -> new NothingMatched();
            case "gone" -> new FolderGone();
            default -> answer.notStored(limit);
        };
    }

    MoveOutcome move(FolderId source, UidSet uids, OwnedName target, StorageLimit limit) {
        var answer = transfer(source, uids, target, true, limit);
        return switch (answer.outcome) {
            case "done" -> {
                var folder = new FolderId(target.owner(), answer.target);
                var modseq = new Modseq(answer.sourceModseq);
                feed.publish(new FolderNews.Removed(source, modseq, answer.from));
                feed.publish(folder, answer.targetModseq());
                yield new MoveOutcome.Moved(folder, answer.uidValidity(), answer.from, answer.to(), modseq);
            }
            case "nothing" -> new NothingMatched();
            case "gone" -> new FolderGone();
            default -> answer.notStored(limit);
        };
    }

    private record Answer(
            String outcome,
            long target,
            long validity,
            UidSet from,
            long firstUid,
            long sourceModseq,
            long targetModseqValue,
            long used) {
        static Answer read(Row row) throws SQLException {
            return new Answer(
                    row.text(1),
                    row.optionalLong(2).orElse(0),
                    row.optionalLong(3).orElse(0),
                    row.isNull(4) ? UidSet.empty() : row.uidSet(4),
                    row.optionalLong(5).orElse(0),
                    row.optionalLong(6).orElse(0),
                    row.optionalLong(7).orElse(0),
                    row.optionalLong(8).orElse(0));
        }

        /** Before anything is copied: there is no room for it. */
        static Answer overQuota(long used) {
            return new Answer("bytes", 0, 0, UidSet.empty(), 0, 0, 0, used);
        }

        UidValidity uidValidity() {
            return new UidValidity(validity);
        }

        UidSet to() {
            return UidSet.range(firstUid, firstUid + from.size() - 1);
        }

        Modseq targetModseq() {
            return new Modseq(targetModseqValue);
        }

        NotStored notStored(StorageLimit limit) {
            return switch (outcome) {
                case "none" -> new NoSuchFolder();
                case "bytes" -> OverQuota.of(Resource.BYTES, used, limit);
                case "messages" -> OverQuota.of(Resource.MESSAGES, used, limit);
                case "keywords" -> new TooManyKeywords(FolderStore.MAX_FOLDER_KEYWORDS);
                case "uids" -> new UidsExhausted();
                default -> throw new IllegalStateException("unknown outcome of a transfer: " + outcome);
            };
        }
    }

    private Answer transfer(FolderId source, UidSet uids, OwnedName target, boolean move, StorageLimit limit) {
        var copies = ContentCopies.NONE;
        if (!source.mailbox().equals(target.owner())) {
            var originals = contents.of(source, uids);
            long used = contents.used(target.owner());
            if (used + originals.bytes() > limit.bytes()) {
                return Answer.overQuota(used);
            }
            copies = contents.copy(originals, target.owner());
        }
        return transfer(source, uids, target, copies, move, limit);
    }

    private Answer transfer(
            FolderId source,
            UidSet uids,
            OwnedName target,
            ContentCopies.Copies copies,
            boolean move,
            StorageLimit limit) {
        // Retried: a RENAME of the target between the two looks can make it take the locks out of order.
        return database.transact(tx -> tx.one(
                "SELECT * FROM carry_messages(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                Answer::read,
                source.mailbox().value(),
                source.id(),
                Multirange.of(uids),
                target.owner().value(),
                target.name().value(),
                copies.originals(),
                copies.copied(),
                target.rights().systemFlags(),
                target.rights().has(Right.WRITE),
                move,
                limit.bytes(),
                limit.max(Resource.MESSAGES),
                FolderStore.MAX_FOLDER_KEYWORDS));
    }
}
