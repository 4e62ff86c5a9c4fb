package org.postern.mailstore;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.postern.database.Call;
import org.postern.database.Row;
import org.postern.database.Tx;
import org.postern.mailstore.DeliverOutcome.Fate;
import org.postern.model.FolderId;
import org.postern.model.Modseq;
import org.postern.model.StorageLimit.Resource;
import org.postern.model.SystemFlag;
import org.postern.model.Uid;

/** One message into many mailboxes, in a transaction of the caller's (see {@link FolderStore#deliver}). */
final class Deliveries {
    private final ContentWriter writer;
    private final FolderFeed feed;

    Deliveries(ContentWriter writer, FolderFeed feed) {
        this.writer = writer;
        this.feed = feed;
    }

    PreparedParcels prepare(List<Parcel> parcels) throws IOException {
        var contents = new long[parcels.size()];
        var digests = new ArrayList<Optional<byte[]>>();
        for (int i = 0; i < contents.length; i++) {
            var parcel = parcels.get(i);
            if (parcel.message().bytes().size() > FolderStore.LARGE_BYTES) {
                contents[i] = writer.write(parcel.mailbox(), parcel.message());
            }
            digests.add(isOwnCopy(parcel) ? SentCopies.digest(parcel.message()) : Optional.empty());
        }
        return new PreparedParcels(parcels, contents, digests);
    }

    /** What its owner has sent, and so has read: its mail app may append it again. */
    private static boolean isOwnCopy(Parcel parcel) {
        return !parcel.folder().isInbox() && parcel.message().flags().has(SystemFlag.SEEN);
    }

    DeliverOutcome deliver(Tx tx, PreparedParcels prepared) throws SQLException, IOException {
        if (prepared.parcels().isEmpty()) {
            return new DeliverOutcome(List.of(), () -> {});
        }
        var load = Load.of(prepared);
        var answers = load.deliver(tx);
        note(tx, prepared, answers);
        return outcome(load, answers);
    }

    Call<DeliverOutcome> deliverOrUndo(PreparedParcels prepared) throws IOException {
        if (prepared.haveOwnCopies()) {
            throw new IllegalArgumentException("copies of sent mail are noted with a second statement");
        }
        var load = Load.of(prepared);
        return new Call<>("deliver_or_fail", Load::answers, load.parameters()).map(answers -> outcome(load, answers));
    }

    /**
     * Parcels as a statement takes them.
     *
     * @param numberOf the message of each parcel, from 1
     * @param contents of each parcel, 0 where it comes along
     */
    @SuppressWarnings("ArrayRecordComponent") // Carried to one statement, never compared.
    record Load(List<Parcel> parcels, int[] numberOf, long[] contents, MessageColumns columns) {
        /** Recipients most often share one message: its bytes go to the database once. */
        private static Load of(PreparedParcels prepared) throws IOException {
            var parcels = prepared.parcels();
            var messages = new ArrayList<NewMessage>();
            var numbers = new IdentityHashMap<NewMessage, Integer>();
            var numberOf = new int[parcels.size()];
            var contents = new long[parcels.size()];
            for (int i = 0; i < numberOf.length; i++) {
                numberOf[i] = numbers.computeIfAbsent(parcels.get(i).message(), added -> {
                    messages.add(added);
                    return messages.size();
                });
                contents[i] = prepared.content(i);
            }
            return new Load(parcels, numberOf, contents, MessageColumns.of(messages));
        }

        /** @return what becomes of each parcel, in their order */
        List<AppendAnswer> deliver(Tx tx) throws SQLException {
            return tx.list(
                    "SELECT answer FROM deliver_to_folders(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ORDER BY parcel",
                    row -> new AppendAnswer(row.longs(1)),
                    parameters());
        }

        /** Of {@code deliver_or_fail}: where all are stored, each has one content. */
        private static List<AppendAnswer> answers(Row row, int column) throws SQLException {
            var numbers = row.longs(column);
            var answers = new ArrayList<AppendAnswer>();
            for (int from = 0; from < numbers.length; from += AppendAnswer.OF_ONE) {
                answers.add(new AppendAnswer(Arrays.copyOfRange(numbers, from, from + AppendAnswer.OF_ONE)));
            }
            return answers;
        }

        private Object[] parameters() {
            return new Object[] {
                parcels.stream().mapToLong(parcel -> parcel.mailbox().value()).toArray(),
                parcels.stream().map(parcel -> parcel.folder().value()).toArray(String[]::new),
                maxima(parcels, Resource.BYTES),
                maxima(parcels, Resource.MESSAGES),
                numberOf,
                contents,
                FolderStore.MAX_FOLDER_KEYWORDS,
                columns.sizes,
                columns.headers,
                columns.envelopes,
                columns.structures,
                columns.previews,
                columns.bodies,
                columns.dates,
                columns.flags,
                columns.keywords
            };
        }
    }

    private static void note(Tx tx, PreparedParcels prepared, List<AppendAnswer> answers) throws SQLException {
        for (int i = 0; i < answers.size(); i++) {
            var answer = answers.get(i);
            var digest = prepared.digest(i);
            if (digest.isPresent() && answer.outcome() == AppendAnswer.STORED) {
                var folder = new FolderId(prepared.parcels().get(i).mailbox(), answer.folder());
                SentCopies.note(tx, folder, new Uid(answer.firstUid()), digest.get());
            }
        }
    }

    private DeliverOutcome outcome(Load load, List<AppendAnswer> answers) {
        var fates = new ArrayList<Fate>();
        var news = new ArrayList<FolderNews>();
        var columns = load.columns();
        for (int i = 0; i < answers.size(); i++) {
            var parcel = load.parcels().get(i);
            var answer = answers.get(i);
            fates.add(fate(parcel, answer));
            if (answer.outcome() == AppendAnswer.STORED) {
                var row = columns.row(load.numberOf()[i] - 1, answer.firstUid(), answer.modseq(), answer.content(0));
                news.add(new FolderNews.Added(
                        new FolderId(parcel.mailbox(), answer.folder()), new Modseq(answer.modseq()), List.of(row)));
            }
        }
        boolean plain = !columns.haveKeywords();
        return new DeliverOutcome(
                fates,
                () -> news.forEach(some -> {
                    if (plain) {
                        feed.publish(some);
                    } else {
                        feed.publish(some.folder(), some.modseq());
                    }
                }));
    }

    private static long[] maxima(List<Parcel> parcels, Resource resource) {
        return parcels.stream()
                .mapToLong(parcel -> parcel.limit().max(resource))
                .toArray();
    }

    private static Fate full(Parcel parcel, AppendAnswer answer, Resource resource) {
        return new Fate.Full(resource, answer.used(), parcel.limit().max(resource));
    }

    private static Fate fate(Parcel parcel, AppendAnswer answer) {
        return switch (answer.outcome()) {
            case AppendAnswer.STORED ->
                new Fate.Delivered(
                        new FolderId(parcel.mailbox(), answer.folder()),
                        new Uid(answer.firstUid()),
                        new Modseq(answer.modseq()));
            case AppendAnswer.BUSY -> new Fate.Busy();
            case AppendAnswer.OVER_QUOTA -> full(parcel, answer, Resource.BYTES);
            case AppendAnswer.OVER_MESSAGES -> full(parcel, answer, Resource.MESSAGES);
            // Nobody but the owner can make room for UIDs or keywords: to the sender it is no folder.
            case AppendAnswer.NO_FOLDER, AppendAnswer.UIDS_EXHAUSTED, AppendAnswer.TOO_MANY_KEYWORDS ->
                new Fate.NoFolder();
            default -> throw answer.unknown();
        };
    }
}
