package org.postern.imap.handler.search;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postern.imap.Backend;
import org.postern.imap.Handler;
import org.postern.imap.ImapLimits;
import org.postern.imap.ImapSession;
import org.postern.imap.Progress;
import org.postern.imap.command.Command.MultiSearch;
import org.postern.imap.command.FolderFilter;
import org.postern.imap.command.FolderFilter.Selected;
import org.postern.imap.command.NumberSet;
import org.postern.imap.command.ReturnOptions;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Responses;
import org.postern.imap.reply.Tagged;
import org.postern.imap.reply.Untagged.ExtendedSearch.Origin;
import org.postern.imap.search.Found;
import org.postern.imap.search.Scores;
import org.postern.imap.search.Searcher;
import org.postern.imap.view.FolderView;
import org.postern.imap.view.Place;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.model.FolderId;
import org.postern.model.Right;

/**
 * ESEARCH: one folder after the other, each with a response of its own as it is found, none where nothing is (RFC 7377 §2.1).
 */
public final class MultiSearchHandler implements Handler<MultiSearch> {
    private final Backend backend;
    private final Searcher searcher;
    private final int maxFolders;

    public MultiSearchHandler(Backend backend, Searcher searcher, ImapLimits limits) {
        this.backend = backend;
        this.searcher = searcher;
        this.maxFolders = limits.watchedFolders();
    }

    @Override
    public Reply handle(MultiSearch search, ImapSession session) {
        var refusal = misplaced(search, session).or(() -> SearchRules.refusal(search.program(), false, session));
        if (refusal.isPresent()) {
            return refusal.get();
        }
        var folders = folders(search, session);
        if (folders.size() > maxFolders) {
            return Reply.no(Code.Plain.LIMIT, "At most " + maxFolders + " folders are searched at once");
        }
        var _ = SearchRules.asksModseq(search.program().key().orElseThrow(), session);
        return new Reply.Streamed(to -> {
            var progress = session.progress();
            for (var folder : folders) {
                if (isSelected(folder.id(), session)) {
                    inSelected(search, folder, session, progress, to);
                } else {
                    elsewhere(search, folder, session, progress, to);
                }
            }
            return Tagged.ok("ESEARCH completed");
        });
    }

    private static boolean namesSelected(MultiSearch search) {
        return search.sources().isEmpty() || search.sources().stream().anyMatch(Selected.class::isInstance);
    }

    /** What needs a selected folder, or it alone (§2.2). */
    private static Optional<Reply> misplaced(MultiSearch search, ImapSession session) {
        boolean isSelected = session.selectedIfAny().isPresent();
        boolean updates =
                search.program().options().flatMap(ReturnOptions::update).isPresent();
        if ((namesSelected(search) || updates) && !isSelected) {
            return Optional.of(Reply.bad("No folder is selected"));
        }
        boolean alone = search.sources().stream().allMatch(Selected.class::isInstance);
        return search.program().saves() && !alone
                ? Optional.of(Reply.bad("SAVE is of the selected folder alone (RFC 7377 section 2.2)"))
                : Optional.empty();
    }

    /** Each once, by name; those that may not be read are passed over. */
    private List<VisibleFolder> folders(MultiSearch search, ImapSession session) {
        var folders = new ArrayList<VisibleFolder>();
        for (var folder : backend.visible().list(session.access().mailbox())) {
            boolean named = namesSelected(search) && isSelected(folder.id(), session);
            if (folder.may(Right.READ) && (named || isCovered(folder, search.sources()))) {
                folders.add(folder);
            }
        }
        return folders;
    }

    private static boolean isCovered(VisibleFolder folder, List<FolderFilter> sources) {
        return sources.stream().anyMatch(source -> source.covers(folder.name(), folder.subscribed()));
    }

    private static boolean isSelected(FolderId folder, ImapSession session) {
        return session.selectedIfAny().map(FolderView::folder).equals(Optional.of(folder));
    }

    private void inSelected(
            MultiSearch search, VisibleFolder folder, ImapSession session, Progress progress, Responses to)
            throws IOException {
        var view = session.selected();
        var matching = tell(search, folder, view, session, progress, to);
        var result = new Result(search.program(), matching, Scores.NONE, NumberSet.Kind.UID, Optional.empty());
        if (search.program().saves()) {
            view.save(result.found(session).saved(options(search)));
        }
        var refused = result.refusedUpdates(searcher, session);
        if (refused.isPresent()) {
            to.send(refused.get());
        }
    }

    private void elsewhere(
            MultiSearch search, VisibleFolder folder, ImapSession session, Progress progress, Responses to)
            throws IOException {
        var watch = backend.feed().watch(folder.entry(), () -> {});
        try (var view = FolderView.readOnly(Place.of(folder), watch, session.features(), 0)) {
            if (!view.isGone()) {
                var _ = tell(search, folder, view, session, progress, to);
            }
        }
    }

    private int[] tell(
            MultiSearch search,
            VisibleFolder folder,
            FolderView view,
            ImapSession session,
            Progress progress,
            Responses to)
            throws IOException {
        var key = search.program().key().orElseThrow();
        var matching = searcher.search(key, view, progress);
        if (matching.length > 0) {
            var scores = search.program().ranks() ? searcher.scores(key, matching, view, progress) : Scores.NONE;
            var found = new Found(matching, view.told(), NumberSet.Kind.UID, scores);
            var origin = new Origin(folder.name(), view.told().uidValidity());
            var response =
                    found.response(session.tag(), Optional.of(origin), options(search), Searcher.asksModseq(key));
            if (response.isPresent()) {
                to.send(response.get());
            }
        }
        return matching;
    }

    private static ReturnOptions options(MultiSearch search) {
        return search.program().options().orElse(ReturnOptions.ALL);
    }
}
