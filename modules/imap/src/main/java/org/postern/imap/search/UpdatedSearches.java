package org.postern.imap.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.imap.ImapLimits;
import org.postern.imap.Progress;
import org.postern.imap.reply.Responses;
import org.postern.imap.reply.Untagged;
import org.postern.imap.view.FolderView;
import org.postern.mailstore.FolderSnapshot;
import org.postern.model.UidSet;

/** The searches of the selected folder whose clients hear of changes, until it is selected no more (RFC 5267 §4.3). */
public final class UpdatedSearches {
    private final int max;
    private final List<UpdatedSearch> searches = new ArrayList<>();

    public UpdatedSearches(ImapLimits limits) {
        this.max = limits.updatedSearches();
    }

    public boolean has(String tag) {
        return searches.stream().anyMatch(search -> search.tag().equals(tag));
    }

    /** @return false when there are as many as there may be */
    public boolean add(UpdatedSearch search) {
        return searches.size() < max && searches.add(search);
    }

    /** @return whether there was one */
    public boolean cancel(String tag) {
        return searches.removeIf(search -> search.tag().equals(tag));
    }

    public void clear() {
        searches.clear();
    }

    /** What comes before the messages are told as expunged. */
    public List<Untagged> expunged(FolderSnapshot told, UidSet gone) {
        return searches.stream()
                .map(search -> search.expunged(told, gone))
                .flatMap(Optional::stream)
                .toList();
    }

    /** What comes behind the flags and numbers that are its reason. */
    public void tell(FolderView view, Progress progress, UpdatedSearch.Arrived arrived, Responses to)
            throws IOException {
        for (var search : searches) {
            var response = search.update(view, progress, arrived);
            if (response.isPresent()) {
                to.send(response.get());
            }
        }
    }
}
