package org.postern.imap.search;

import java.util.ArrayList;
import org.postern.imap.command.NumberSet;
import org.postern.imap.command.SearchKey;
import org.postern.imap.view.FolderView;
import org.postern.model.UidSet;

/** A key whose sequence numbers, and {@code $}, mean what they meant when it was written (RFC 5267 §4.3). */
final class FixedNumbers {
    private FixedNumbers() {}

    static SearchKey of(SearchKey key, FolderView view) {
        return switch (key) {
            case SearchKey.Numbers(var set) ->
                set.kind() == NumberSet.Kind.SEQUENCE || set.isSaved()
                        ? uids(view.matching(set).uids())
                        : key;
            case SearchKey.And(var keys) ->
                new SearchKey.And(keys.stream().map(inner -> of(inner, view)).toList());
            case SearchKey.Or(var one, var other) -> new SearchKey.Or(of(one, view), of(other, view));
            case SearchKey.Not(var inner) -> new SearchKey.Not(of(inner, view));
            case SearchKey.All _,
                    SearchKey.Body _,
                    SearchKey.ChangedFrom _,
                    SearchKey.Flag _,
                    SearchKey.Fuzzy _,
                    SearchKey.HasEmailId _,
                    SearchKey.HasKeyword _,
                    SearchKey.Header _,
                    SearchKey.Internal _,
                    SearchKey.Larger _,
                    SearchKey.Recent _,
                    SearchKey.Saved _,
                    SearchKey.Sent _,
                    SearchKey.Smaller _,
                    SearchKey.Text _,
                    SearchKey.Within _ -> key;
        };
    }

    private static SearchKey uids(UidSet uids) {
        if (uids.isEmpty()) {
            return new SearchKey.Not(new SearchKey.All()); // A set without ranges would be $.
        }
        var ranges = new ArrayList<NumberSet.Range>();
        for (int i = 0; i < uids.rangeCount(); i++) {
            ranges.add(new NumberSet.Range(uids.first(i), uids.last(i)));
        }
        return new SearchKey.Numbers(new NumberSet(ranges, NumberSet.Kind.UID));
    }
}
