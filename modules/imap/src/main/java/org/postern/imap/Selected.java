package org.postern.imap;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.database.DatabaseUnavailable;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Responses;
import org.postern.imap.reply.Tagged;
import org.postern.imap.reply.Untagged;
import org.postern.imap.view.Expunges;
import org.postern.imap.view.FolderView;

/** The folder that a session has selected, if it has, and how the news of it reach the client. Session's thread only. */
final class Selected {
    private final Responses to;
    private final SessionLog log;
    private @Nullable FolderView view;

    Selected(Responses to, SessionLog log) {
        this.to = to;
        this.log = log;
    }

    Optional<FolderView> view() {
        return Optional.ofNullable(view);
    }

    void select(FolderView selected) {
        unselect();
        view = selected;
    }

    void unselect() {
        if (view != null) {
            view.close();
            view = null;
        }
    }

    /** Whether somebody else has deleted it; while the database is away nobody knows, and the next command will tell. */
    boolean isGone() {
        try {
            return view != null && view.isGone();
        } catch (DatabaseUnavailable e) {
            log.unavailable(e, "news");
            return false;
        }
    }

    /** Behind a command or within IDLE: what is done is done, and an away database only delays the news. */
    void tellNewsIfPossible(Expunges expunges, boolean withUid) throws IOException {
        try {
            tellNews(expunges, withUid);
        } catch (DatabaseUnavailable e) {
            log.unavailable(e, "news");
        }
    }

    /**
     * Tells the client what is new, as far as it may hear of it.
     *
     * @throws org.postern.database.DatabaseUnavailable when the database is needed and away
     */
    void tellNews(Expunges expunges, boolean withUid) throws IOException {
        if (view != null) {
            for (var response : view.refresh(expunges, withUid)) {
                to.send(response);
            }
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
