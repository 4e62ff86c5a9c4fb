package org.postern.mailstore;

import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.postern.database.Call;
import org.postern.database.Database;
import org.postern.database.Multirange;
import org.postern.database.Row;
import org.postern.database.Tx;
import org.postern.model.FlagChange;
import org.postern.model.Flags;
import org.postern.model.FolderId;
import org.postern.model.FolderName;
import org.postern.model.Keyword;
import org.postern.model.MailboxId;
import org.postern.model.Modseq;
import org.postern.model.Right;
import org.postern.model.Rights;
import org.postern.model.StorageLimit;
import org.postern.model.StorageLimit.Resource;
import org.postern.model.UidSet;
import org.postern.model.UidValidity;

/**
 * Changes of the messages of folders; each is one short transaction, and watchers hear of it after the commit.
 *
 * <p>The work is done in PL/pgSQL functions, one round trip each: a function can lock in one statement and decide in the next.
 */
public final class FolderStore {
    /** Contents over this size are written, in their own transaction, before a folder is locked. */
    public static final int LARGE_BYTES = 256 * 1024;
    /** The most different keywords that one folder may ever have had. */
    public static final int MAX_FOLDER_KEYWORDS = 250;

    private final Database database;
    private final FolderFeed feed;
    private final ContentWriter writer;
    private final Appends appends;
    private final Deliveries deliveries;
    private final Transfers transfers;

    public FolderStore(Database database, FolderFeed feed) {
        this.database = database;
        this.feed = feed;
        this.writer = new ContentWriter(database);
        this.appends = new Appends(database);
        this.deliveries = new Deliveries(writer, feed);
        this.transfers = new Transfers(database, feed);
    }

    /**
     * APPEND: all messages are stored, or none (RFC 9051 §6.3.12, RFC 3502).
     *
     * @throws IOException when the messages' bytes cannot be read
     */
    public AppendOutcome append(MailboxId mailbox, FolderName folder, List<NewMessage> messages, StorageLimit limit)
            throws IOException {
        if (messages.isEmpty()) {
            throw new IllegalArgumentException("nothing to append");
        }
        var columns = MessageColumns.written(mailbox, messages, writer);
        var answer = messages.size() == 1
                ? appends.append(new Parcel(mailbox, folder, messages.getFirst(), limit), columns)
                : appends.append(mailbox, folder, columns, limit);
        return answer.outcome() == AppendAnswer.STORED ? appended(mailbox, columns, answer) : answer.notStored(limit);
    }

    private AppendOutcome appended(MailboxId mailbox, MessageColumns columns, AppendAnswer answer) {
        var folder = new FolderId(mailbox, answer.folder());
        var modseq = new Modseq(answer.modseq());
        int count = columns.sizes.length;
        if (columns.haveKeywords()) {
            feed.publish(folder, modseq);
        } else {
            var rows = IntStream.range(0, count)
                    .mapToObj(i -> columns.row(i, answer.firstUid() + i, answer.modseq(), answer.content(i)))
                    .toList();
            feed.publish(new FolderNews.Added(folder, modseq, rows));
        }
        var uids = UidSet.range(answer.firstUid(), answer.firstUid() + count - 1);
        return new AppendOutcome.Appended(folder, new UidValidity(answer.uidValidity()), uids, modseq);
    }

    /**
     * REPLACE: appends one message and expunges another in one transaction (RFC 8508 §3.4).
     *
     * @param old of one UID
     * @throws IOException when the message's bytes cannot be read
     */
    public ReplaceOutcome replace(
            FolderId source, UidSet old, FolderName target, NewMessage replacement, StorageLimit limit)
            throws IOException {
        var columns = MessageColumns.written(source.mailbox(), List.of(replacement), writer);
        // Retried, as a transfer is.
        var answer = database.transact(tx -> tx.one(
                "SELECT replace_message(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                row -> new AppendAnswer(row.longs(1)),
                columns.parameters(List.of(
                        source.mailbox().value(),
                        source.id(),
                        old.min(),
                        target.value(),
                        limit.bytes(),
                        limit.max(Resource.MESSAGES),
                        MAX_FOLDER_KEYWORDS))));
        return switch (answer.outcome()) {
            case AppendAnswer.STORED -> replaced(source, old, answer);
            case AppendAnswer.SOURCE_GONE -> new FolderGone();
            case AppendAnswer.NOTHING_TO_REPLACE -> new NothingMatched();
            default -> answer.notStored(limit);
        };
    }

    private ReplaceOutcome replaced(FolderId source, UidSet old, AppendAnswer answer) {
        feed.publish(new FolderId(source.mailbox(), answer.folder()), new Modseq(answer.modseq()));
        feed.publish(new FolderNews.Removed(source, new Modseq(answer.expungeModseq()), old));
        return new ReplaceOutcome.Replaced(
                new UidValidity(answer.uidValidity()), UidSet.range(answer.firstUid(), answer.firstUid()));
    }

    /** COPY within the mailbox: all that are there, or none; contents are shared, not copied (RFC 9051 §6.4.7). */
    public CopyOutcome copy(FolderId source, UidSet uids, FolderName target, StorageLimit limit) {
        return copy(source, uids, new OwnedName(source.mailbox(), target, Rights.ALL), limit);
    }

    /**
     * COPY to whatever mailbox: flags that {@code target} gives no right to are left out (RFC 4314 §4).
     *
     * @param limit of the target's owner
     */
    public CopyOutcome copy(FolderId source, UidSet uids, OwnedName target, StorageLimit limit) {
        return transfers.copy(source, uids, target, limit);
    }

    /** MOVE within the mailbox: one transaction (RFC 6851 §3.3). */
    public MoveOutcome move(FolderId source, UidSet uids, FolderName target) {
        return move(source, uids, new OwnedName(source.mailbox(), target, Rights.ALL), StorageLimit.NONE);
    }

    /** MOVE to whatever mailbox, as {@link #copy(FolderId, UidSet, OwnedName, StorageLimit)}. */
    public MoveOutcome move(FolderId source, UidSet uids, OwnedName target, StorageLimit limit) {
        return transfers.move(source, uids, target, limit);
    }

    /** STORE: one statement, however many messages; a message that has those flags already is not touched. */
    public StoreOutcome store(FolderId folder, UidSet uids, FlagChange change, Optional<Modseq> unchangedSince) {
        return store(folder, uids, change, unchangedSince, Rights.ALL);
    }

    /** STORE as far as the rights go: flags that they do not speak of stay as they are (RFC 4314 §4). */
    public StoreOutcome store(
            FolderId folder, UidSet uids, FlagChange change, Optional<Modseq> unchangedSince, Rights rights) {
        var flags = rights.among(change.flags());
        var answers = database.once(tx -> tx.list(
                "SELECT * FROM change_flags(?, ?, ?, ?::\"char\", ?, ?, ?, ?, ?, ?, ?)",
                StoreAnswer::read,
                folder.mailbox().value(),
                folder.id(),
                Multirange.of(uids),
                switch (change.mode()) {
                    case REPLACE -> "r";
                    case ADD -> "a";
                    case REMOVE -> "d";
                },
                flags.systemBits(),
                Flags.ALL_SYSTEM_BITS & ~rights.systemFlags(),
                flags.keywords().stream().map(Keyword::name).toArray(String[]::new),
                !rights.has(Right.WRITE),
                unchangedSince.map(Modseq::value),
                MAX_FOLDER_KEYWORDS,
                Flags.MAX_KEYWORDS));
        var first = answers.getFirst();
        return switch (first.outcome) {
            case "stored" -> stored(folder, answers);
            case "gone" -> new FolderGone();
            case "keywords" -> new TooManyKeywords(first.maxKeywords);
            default -> throw unknown(first.outcome);
        };
    }

    private record StoreAnswer(
            String outcome, Modseq modseq, UidSet modified, Optional<NewFlags> flags, int maxKeywords) {
        static StoreAnswer read(Row row) throws SQLException {
            Optional<NewFlags> flags = row.isNull(6)
                    ? Optional.empty()
                    : Optional.of(new NewFlags(
                            new Flags(
                                    row.intValue(4),
                                    row.texts(5).stream().map(Keyword::new).toList()),
                            row.uidSet(6)));
            return new StoreAnswer(
                    row.text(1), row.modseq(2), row.isNull(3) ? UidSet.empty() : row.uidSet(3), flags, row.intValue(7));
        }
    }

    private StoreOutcome stored(FolderId folder, List<StoreAnswer> answers) {
        var first = answers.getFirst();
        var flags = answers.stream().flatMap(answer -> answer.flags.stream()).toList();
        if (!flags.isEmpty()) {
            feed.publish(new FolderNews.Reflagged(folder, first.modseq, flags));
        }
        return new StoreOutcome.Stored(first.modseq, flags, first.modified);
    }

    /** EXPUNGE: removes the messages with {@code \Deleted}, all of them or of those in {@code only}. */
    public ExpungeOutcome expunge(FolderId folder, Optional<UidSet> only) {
        return expunge(folder, only, false);
    }

    /** Removes messages whatever their flags: POP3's DELE (RFC 1939 §6). */
    public ExpungeOutcome remove(FolderId folder, UidSet uids) {
        return expunge(folder, Optional.of(uids), true);
    }

    private record ExpungeAnswer(String outcome, long modseq, UidSet uids) {}

    private ExpungeOutcome expunge(FolderId folder, Optional<UidSet> only, boolean any) {
        var answer = database.once(tx -> tx.one(
                "SELECT * FROM expunge_messages(?, ?, ?::int8multirange, ?)",
                row -> new ExpungeAnswer(
                        row.text(1), row.optionalLong(2).orElse(0), row.isNull(3) ? UidSet.empty() : row.uidSet(3)),
                folder.mailbox().value(),
                folder.id(),
                only.map(Multirange::of),
                any));
        return switch (answer.outcome) {
            case "expunged" -> {
                var modseq = new Modseq(answer.modseq);
                feed.publish(new FolderNews.Removed(folder, modseq, answer.uids));
                yield new ExpungeOutcome.Expunged(modseq, answer.uids);
            }
            case "nothing" -> new ExpungeOutcome.NothingToExpunge();
            case "gone" -> new FolderGone();
            default -> throw unknown(answer.outcome);
        };
    }

    /**
     * Which of {@code among} were expunged after {@code since} and not after {@code until} (RFC 7162 §3.2.5); empty where the
     * change log does not reach back so far.
     */
    public Optional<UidSet> expungedBetween(FolderId folder, Modseq since, Modseq until, UidSet among) {
        record Found(boolean whole, UidSet uids) {}
        // One statement: the floor and the log it speaks of.
        var found = database.once(tx -> tx.first(
                """
                SELECT f.expunge_floor <= ?,
                       (SELECT range_agg(c.uids) * ?::int8multirange FROM folder_change c
                         WHERE c.mailbox_id = f.mailbox_id AND c.folder_id = f.folder_id
                           AND c.kind = 'x' AND c.modseq > ? AND c.modseq <= ?)
                  FROM folder f
                 WHERE f.mailbox_id = ? AND f.folder_id = ?""",
                row -> new Found(row.bool(1), row.isNull(2) ? UidSet.empty() : row.uidSet(2)),
                since.value(),
                Multirange.of(among),
                since.value(),
                until.value(),
                folder.mailbox().value(),
                folder.id()));
        return found.filter(Found::whole).map(Found::uids);
    }

    /**
     * Writes the large contents of parcels, before the transaction that {@linkplain #deliver delivers} them.
     *
     * @throws IOException when the messages' bytes cannot be read
     */
    public PreparedParcels prepare(List<Parcel> parcels) throws IOException {
        return deliveries.prepare(parcels);
    }

    /**
     * Delivers to each folder that can be locked at once, in the caller's transaction, which should end soon after and
     * may take locks of sending usage, but none of folders, afterwards.
     */
    public DeliverOutcome deliver(Tx tx, PreparedParcels parcels) throws SQLException {
        return deliveries.deliver(tx, parcels);
    }

    /**
     * The same of several as a call that delivers to every folder or undoes everything, for it may go with others in one round trip:
     * whoever hears {@link org.postern.database.Undone} learns from {@link #deliver} what becomes of each. Of those
     * that {@linkplain PreparedParcels#mayGoTogether may go together}.
     */
    public Call<List<DeliverOutcome>> deliverOrUndo(List<PreparedParcels> group) {
        return deliveries.deliverOrUndo(group);
    }

    private static IllegalStateException unknown(String outcome) {
        return new IllegalStateException("unknown outcome of a function: " + outcome);
    }
}
