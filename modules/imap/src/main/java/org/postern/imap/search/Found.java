package org.postern.imap.search;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.postern.imap.command.NumberSet;
import org.postern.imap.command.ReturnOptions;
import org.postern.imap.command.ReturnOptions.Item;
import org.postern.imap.reply.SearchData;
import org.postern.imap.reply.Untagged;
import org.postern.imap.reply.Untagged.ExtendedSearch.Origin;
import org.postern.mailstore.FolderSnapshot;
import org.postern.model.Modseq;
import org.postern.model.UidSet;

/** What a search found in the told snapshot, in the order of its result: what is said of it, and what {@code $} keeps. */
public final class Found {
    private final int[] indexes;
    private final FolderSnapshot told;
    private final NumberSet.Kind kind;
    private final Scores scores;

    /** @param kind what the client wants to hear */
    public Found(int[] indexes, FolderSnapshot told, NumberSet.Kind kind, Scores scores) {
        this.indexes = indexes;
        this.told = told;
        this.kind = kind;
        this.scores = scores;
    }

    /** Everything, as numbers of the asked kind. */
    public List<Long> numbers() {
        return numbers(0, indexes.length);
    }

    private List<Long> numbers(int from, int to) {
        return IntStream.range(from, to).mapToObj(this::number).toList();
    }

    private long number(int place) {
        return kind == NumberSet.Kind.UID ? told.uid(indexes[place]) : indexes[place] + 1L;
    }

    /** The SEARCH response, with the highest modseq of what was found where that was asked about (RFC 7162 §3.1.5). */
    public Untagged plain(boolean withModseq) {
        return new Untagged.Search(numbers(), withModseq ? highest(uids(0, indexes.length)) : Optional.empty());
    }

    /** The SORT response, likewise (RFC 7162 §3.1.6). */
    public Untagged sorted(boolean withModseq) {
        return new Untagged.Sort(numbers(), withModseq ? highest(uids(0, indexes.length)) : Optional.empty());
    }

    private Optional<Modseq> highest(UidSet uids) {
        return uids.stream().mapToObj(uid -> told.modseq(told.indexOf(uid))).max(Modseq::compareTo);
    }

    /** The ESEARCH response; none when only SAVE was asked (RFC 4731 §3.1, RFC 5182 §2.1). */
    public Optional<Untagged> response(String tag, ReturnOptions options, boolean withModseq) {
        return response(tag, Optional.empty(), options, withModseq);
    }

    /** @param origin where it was found, if several folders were searched (RFC 7377 §2.1) */
    public Optional<Untagged> response(String tag, Optional<Origin> origin, ReturnOptions options, boolean withModseq) {
        if (options.onlySaves()) {
            return Optional.empty();
        }
        var data = new ArrayList<SearchData>();
        if (indexes.length > 0) {
            if (options.has(Item.MIN)) {
                data.add(new SearchData.Min(number(0)));
            }
            if (options.has(Item.MAX)) {
                data.add(new SearchData.Max(number(indexes.length - 1)));
            }
        }
        if (options.has(Item.COUNT)) {
            data.add(new SearchData.Count(indexes.length));
        }
        if (options.has(Item.ALL) && indexes.length > 0) {
            data.add(new SearchData.All(numbers()));
        }
        options.page().ifPresent(page -> {
            data.add(new SearchData.Partial(page, numbers(page.from(indexes.length), page.to(indexes.length))));
        });
        if (options.has(Item.RELEVANCY)) {
            data.add(new SearchData.Relevancy(scores(options)));
        }
        if (withModseq) {
            highest(saved(options)).ifPresent(modseq -> data.add(new SearchData.HighestModseq(modseq)));
        }
        return Optional.of(new Untagged.ExtendedSearch(tag, origin, kind == NumberSet.Kind.UID, data));
    }

    /** Of the page, where only that is told. */
    private List<Integer> scores(ReturnOptions options) {
        int from = options.page().map(page -> page.from(indexes.length)).orElse(0);
        int to = options.page().map(page -> page.to(indexes.length)).orElse(indexes.length);
        return IntStream.range(from, to)
                .mapToObj(place -> scores.of(indexes[place]))
                .toList();
    }

    /**
     * What SAVE keeps: everything, but only what the client hears of where it asks for MIN, MAX or a page alone (RFC 5182
     * §2.4, RFC 9394 §3.2).
     */
    public UidSet saved(ReturnOptions options) {
        boolean ends = options.has(Item.MIN) || options.has(Item.MAX);
        if (options.has(Item.ALL)
                || options.has(Item.COUNT)
                || (!ends && options.page().isEmpty())) {
            return uids(0, indexes.length);
        }
        var saved = UidSet.empty();
        if (options.has(Item.MIN)) {
            saved = saved.union(uids(0, Math.min(1, indexes.length)));
        }
        if (options.has(Item.MAX)) {
            saved = saved.union(uids(Math.max(0, indexes.length - 1), indexes.length));
        }
        if (options.page().isPresent()) {
            var page = options.page().get();
            saved = saved.union(uids(page.from(indexes.length), page.to(indexes.length)));
        }
        return saved;
    }

    private UidSet uids(int from, int to) {
        return UidSet.of(IntStream.range(from, to)
                .mapToLong(place -> told.uid(indexes[place]))
                .toArray());
    }
}
