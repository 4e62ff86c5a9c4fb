package org.postern.imap;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.postern.database.DatabaseUnavailable;
import org.postern.imap.command.FetchItem;
import org.postern.imap.command.NumberSet;
import org.postern.imap.fetch.FetchPlan;
import org.postern.imap.fetch.Fetcher;
import org.postern.imap.notify.Notifications;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Responses;
import org.postern.imap.reply.Tagged;
import org.postern.imap.reply.Untagged;
import org.postern.imap.search.UpdatedSearches;
import org.postern.imap.view.Expunges;
import org.postern.imap.view.FolderView;
import org.postern.imap.view.Selection;
import org.postern.model.Right;
import org.postern.model.UidSet;

/** The folder that a session has selected, if it has, and how news reach the client. Session's thread only. */
final class Selected {
    private final Responses to;
    private final Features features;
    private final Backend backend;
    private final Notifications notifications;
    private final UpdatedSearches searches;
    private final Supplier<Progress> quietly;
    private final SessionLog log;
    private @Nullable FolderView view;
    /** Of messages with lower UIDs the client has what it wants to hear along with them; of later ones it may know the number. */
    private long fetchedTo;

    /** @param quietly for work of whose progress nobody hears */
    Selected(
            Responses to,
            Features features,
            Backend backend,
            Notifications notifications,
            UpdatedSearches searches,
            Supplier<Progress> quietly,
            SessionLog log) {
        this.to = to;
        this.features = features;
        this.backend = backend;
        this.notifications = notifications;
        this.searches = searches;
        this.quietly = quietly;
        this.log = log;
    }

    Optional<FolderView> view() {
        return Optional.ofNullable(view);
    }

    void select(FolderView selected) {
        unselect();
        view = selected;
        fetchedTo = view.told().uidNext();
        view.observe(searches::expunged);
        notifications.entered(selected.folder());
    }

    void unselect() {
        if (view != null) {
            notifications.left();
            searches.clear();
            view.close();
            view = null;
        }
    }

    /**
     * Whether the client may read it no longer; asked before each command, so that a change of its rights is felt by the next
     * one (RFC 4314 §5.1.1).
     *
     * @throws org.postern.database.DatabaseUnavailable when the folder is somebody else's and the database away
     */
    boolean isForbidden() throws IOException {
        if (view == null) {
            return false;
        }
        for (var response : view.recheck()) {
            to.send(response);
        }
        return !view.may(Right.READ);
    }

    /** Why {@link #isGone}. */
    String farewell() {
        return view != null && view.may(Right.READ)
                ? "The selected folder was deleted"
                : "You may no longer read the selected folder";
    }

    /** Whether somebody else has deleted it, or taken the right to read it; while the database is away nobody knows, and the next command will tell. */
    boolean isGone() {
        try {
            return view != null && (view.isGone() || !view.may(Right.READ));
        } catch (DatabaseUnavailable e) {
            log.unavailable(e, "news");
            return false;
        }
    }

    /** Behind a command or within IDLE: what is done is done, and an away database only delays the news. */
    void tellNewsIfPossible(Expunges expunges, boolean withUid) throws IOException {
        try {
            tellNews(expunges, withUid);
            for (var response : notifications.news()) {
                to.send(response);
            }
        } catch (DatabaseUnavailable e) {
            log.unavailable(e, "news");
        }
    }

    /** IDLE: everything, as long as the client may read it. @return whether it {@link #isGone} */
    boolean tellNewsInIdle() throws IOException {
        if (!isForbiddenIfKnown()) {
            tellNewsIfPossible(Expunges.MAY, false);
        }
        return isGone();
    }

    /** As {@link #isForbidden}; while the database is away nobody knows. */
    private boolean isForbiddenIfKnown() throws IOException {
        try {
            return isForbidden();
        } catch (DatabaseUnavailable e) {
            log.unavailable(e, "news");
            return false;
        }
    }

    /**
     * While no command runs: what the client has asked to hear even then (RFC 5465 §3.1).
     *
     * @return whether it hears that the folder {@link #isGone}
     */
    boolean tellNewsAtOnce() throws IOException {
        if (!notifications.isListening()) {
            return false;
        }
        if (!isForbiddenIfKnown()) {
            tellNewsIfPossible(notifications.ofSelected().delaysExpunges() ? Expunges.HELD : Expunges.MAY, true);
        }
        return isGone();
    }

    /**
     * Tells the client what is new in the selected folder, as far as it may and wants to hear of it.
     *
     * @throws org.postern.database.DatabaseUnavailable when the database is needed and away
     */
    void tellNews(Expunges expunges, boolean withUid) throws IOException {
        var events = notifications.ofSelected();
        if (view == null) {
            return;
        }
        if (!events.messages()) {
            tellSearches(view);
            return;
        }
        view.tellsFlags(events.flags());
        for (var response : view.refresh(expunges, withUid || events.atOnce())) {
            to.send(response);
        }
        tellSearches(view);
        long next = view.told().uidNext();
        if (!events.fetched().isEmpty() && next > fetchedTo) {
            fetch(view, notifications.byOthers(UidSet.range(fetchedTo, next - 1)), events.fetched());
        }
        fetchedTo = next;
    }

    /** How the results of searches have changed (RFC 5267 §4.3). */
    private void tellSearches(FolderView from) throws IOException {
        searches.tell(from, quietly.get(), (uids, items) -> fetch(from, uids, items), to);
    }

    /** What comes along of new messages (RFC 5465 §5.2, §7). */
    private void fetch(FolderView from, UidSet fresh, Set<FetchItem> items) throws IOException {
        var ranges = new ArrayList<NumberSet.Range>();
        for (int i = 0; i < fresh.rangeCount(); i++) {
            ranges.add(new NumberSet.Range(fresh.first(i), fresh.last(i)));
        }
        var selection = ranges.isEmpty()
                ? Optional.<Selection>empty()
                : from.resolve(new NumberSet(List.copyOf(ranges), NumberSet.Kind.UID));
        if (selection.isPresent()) {
            var plan = FetchPlan.of(items, false, false, false);
            var _ = new Fetcher(from, features, backend.messages(), backend.contents(), plan)
                    .fetch(selection.get(), to);
        }
    }

    /**
     * A client that has seen modseqs while expunges before them are held back must not take those for its newest: it would
     * never hear of the expunges if the connection broke now (RFC 5162 erratum 1810, RFC 7162 §3.2).
     */
    Tagged cautioned(Tagged tagged) throws IOException {
        if (view == null || !view.isBehind()) {
            return tagged;
        }
        var code = new Code.HighestModseq(view.knownTo());
        if (tagged.code().isEmpty()) {
            return new Tagged(tagged.status(), Optional.of(code), tagged.text());
        }
        to.send(new Untagged.Note(Tagged.ok(code, "Expunges are held back")));
        return tagged;
    }
}
