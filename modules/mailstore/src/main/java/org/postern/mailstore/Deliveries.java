package org.postern.mailstore;

import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.database.Call;
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
        return new PreparedParcels(DeliveryLoad.of(List.copyOf(parcels), contents), digests);
    }

    /** What its owner has sent, and so has read: its mail app may append it again. */
    private static boolean isOwnCopy(Parcel parcel) {
        return !parcel.folder().isInbox() && parcel.message().flags().has(SystemFlag.SEEN);
    }

    DeliverOutcome deliver(Tx tx, PreparedParcels prepared) throws SQLException {
        if (prepared.parcels().isEmpty()) {
            return new DeliverOutcome(List.of(), () -> {});
        }
        var answers = prepared.load().deliver(tx);
        note(tx, prepared, answers);
        return outcome(prepared.load(), answers);
    }

    Call<List<DeliverOutcome>> deliverOrUndo(List<PreparedParcels> group) {
        if (!group.stream().allMatch(PreparedParcels::mayGoTogether)) {
            throw new IllegalArgumentException("they take more than one statement");
        }
        var loads = group.stream().map(PreparedParcels::load).toList();
        return DeliveryLoad.joined(loads).deliverOrUndo().map(answers -> outcomes(loads, answers));
    }

    private List<DeliverOutcome> outcomes(List<DeliveryLoad> loads, List<AppendAnswer> answers) {
        var outcomes = new ArrayList<DeliverOutcome>();
        int from = 0;
        for (var load : loads) {
            int to = from + load.parcels().size();
            outcomes.add(outcome(load, answers.subList(from, to)));
            from = to;
        }
        return outcomes;
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

    private DeliverOutcome outcome(DeliveryLoad load, List<AppendAnswer> answers) {
        var fates = new ArrayList<Fate>();
        var news = new ArrayList<FolderNews>();
        for (int i = 0; i < answers.size(); i++) {
            var parcel = load.parcels().get(i);
            var answer = answers.get(i);
            fates.add(fate(parcel, answer));
            if (answer.outcome() == AppendAnswer.STORED) {
                news.add(new FolderNews.Added(
                        new FolderId(parcel.mailbox(), answer.folder()),
                        new Modseq(answer.modseq()),
                        List.of(load.row(i, answer))));
            }
        }
        boolean plain = !load.columns().haveKeywords();
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
