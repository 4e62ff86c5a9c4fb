package org.postern.imap.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.LongPredicate;
import java.util.stream.LongStream;
import org.postern.imap.Progress;
import org.postern.imap.command.FetchItem;
import org.postern.imap.command.NumberSet;
import org.postern.imap.command.SearchKey;
import org.postern.imap.reply.SearchData;
import org.postern.imap.reply.Untagged;
import org.postern.imap.view.FolderView;
import org.postern.mailstore.FolderSnapshot;
import org.postern.model.UidSet;

/**
 * A search whose client hears how its result changes (RFC 5267 §4.3). Only messages that are new or have changed are looked at
 * again.
 */
public final class UpdatedSearch {
    /** Looks among some messages, by their index. */
    @FunctionalInterface
    public interface Looking {
        int[] look(SearchKey key, FolderView view, BitSet candidates, Progress progress) throws IOException;
    }

    /** Puts messages, by their index, into the order of the result. */
    @FunctionalInterface
    public interface Ordering {
        int[] order(int[] indexes, FolderView view, Progress progress) throws IOException;
    }

    private final String tag;
    private final SearchKey key;
    private final NumberSet.Kind kind;
    private final Set<FetchItem> fetched;
    private final Looking looking;
    /** Of SORT; a SEARCH is in the order of the folder. */
    private final Optional<Ordering> ordering;

    /** The UIDs of the result, in its order. */
    private long[] members;
    /** What the folder was like then. */
    private FolderSnapshot seen;

    /**
     * @param kind how its client counts messages
     * @param fetched of new messages that it finds, these come along (RFC 5465 §7)
     * @param found its result now
     */
    public UpdatedSearch(
            String tag,
            SearchKey key,
            NumberSet.Kind kind,
            Set<FetchItem> fetched,
            Looking looking,
            Optional<Ordering> ordering,
            int[] found,
            FolderView view) {
        this.tag = tag;
        this.key = FixedNumbers.of(key, view);
        this.kind = kind;
        this.fetched = fetched;
        this.looking = looking;
        this.ordering = ordering;
        this.seen = view.told();
        this.members = Arrays.stream(found).mapToLong(seen::uid).toArray();
    }

    String tag() {
        return tag;
    }

    Set<FetchItem> fetched() {
        return fetched;
    }

    /** Of messages about to be told as expunged: their numbers are still those of {@code told} (§4.3.4). */
    Optional<Untagged> expunged(FolderSnapshot told, UidSet gone) {
        var runs = remove(gone::contains, told);
        return runs.isEmpty() ? Optional.empty() : Optional.of(response(List.of(new SearchData.RemoveFrom(runs))));
    }

    /**
     * What has changed up to what the client has been told of the folder by now.
     *
     * @param arrived told the new messages among the result, before the response
     */
    Optional<Untagged> update(FolderView view, Progress progress, Arrived arrived) throws IOException {
        var told = view.told();
        if (told == seen) {
            return Optional.empty();
        }
        var difference = told.differenceFrom(seen);
        var again = difference.added().union(difference.changed());
        var candidates = new BitSet();
        again.forEach(uid -> candidates.set(told.indexOf(uid)));
        var matching = uids(looking.look(key, view, candidates, progress), told);
        var data = new ArrayList<SearchData>();
        var removed = remove(uid -> again.contains(uid) && !matching.contains(uid), told);
        if (!removed.isEmpty()) {
            data.add(new SearchData.RemoveFrom(removed));
        }
        var added = matching.without(UidSet.of(members));
        if (!added.isEmpty()) {
            data.add(new SearchData.AddTo(add(added, view, progress)));
        }
        seen = told;
        var fresh = added.intersection(difference.added());
        if (!fresh.isEmpty() && !fetched.isEmpty()) {
            arrived.fetch(fresh, fetched);
        }
        return data.isEmpty() ? Optional.empty() : Optional.of(response(data));
    }

    /** Fetches messages for the client. */
    @FunctionalInterface
    public interface Arrived {
        void fetch(UidSet uids, Set<FetchItem> items) throws IOException;
    }

    private static UidSet uids(int[] indexes, FolderSnapshot told) {
        return UidSet.of(Arrays.stream(indexes).mapToLong(told::uid).toArray());
    }

    private Untagged response(List<SearchData> data) {
        return new Untagged.ExtendedSearch(tag, Optional.empty(), kind == NumberSet.Kind.UID, data);
    }

    /** From the last run to the first, so that no position shifts before it is told. */
    private List<SearchData.Run> remove(LongPredicate leaving, FolderSnapshot told) {
        var runs = runs(members, leaving, told);
        members = LongStream.of(members).filter(leaving.negate()).toArray();
        return runs.reversed();
    }

    /** From the first run to the last, each at its place in the new result. */
    private List<SearchData.Run> add(UidSet added, FolderView view, Progress progress) throws IOException {
        var told = view.told();
        var all = UidSet.of(members).union(added).stream()
                .mapToInt(told::indexOf)
                .filter(index -> index >= 0)
                .toArray();
        var ordered = ordering.isPresent() ? ordering.get().order(all, view, progress) : all;
        members = Arrays.stream(ordered).mapToLong(told::uid).toArray();
        return runs(members, added::contains, told);
    }

    /** Neighbours of a result, with the position of the first; without positions they are all one run. */
    private List<SearchData.Run> runs(long[] result, LongPredicate such, FolderSnapshot told) {
        var runs = new ArrayList<SearchData.Run>();
        var run = new ArrayList<Long>();
        int from = 0;
        for (int i = 0; i < result.length; i++) {
            if (such.test(result[i])) {
                from = run.isEmpty() ? i + 1 : from;
                run.add(kind == NumberSet.Kind.UID ? result[i] : told.indexOf(result[i]) + 1L);
            } else if (!run.isEmpty() && ordering.isPresent()) {
                runs.add(new SearchData.Run(from, run));
                run = new ArrayList<>();
            }
        }
        if (!run.isEmpty()) {
            runs.add(new SearchData.Run(ordering.isPresent() ? from : 0, run));
        }
        return runs;
    }
}
