package org.postern.imap.handler.message;

import java.io.IOException;
import org.postern.imap.Feature;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Fetch;
import org.postern.imap.command.FetchItem.Plain;
import org.postern.imap.command.NumberSet;
import org.postern.imap.fetch.FetchPlan;
import org.postern.imap.fetch.Fetcher;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Responses;
import org.postern.imap.view.Changes;
import org.postern.imap.view.FolderView;
import org.postern.mailstore.Contents;
import org.postern.mailstore.FolderStore;
import org.postern.model.Modseq;

/** FETCH, UID FETCH: answers stream out as they are read (RFC 3501 §6.4.5); CHANGEDSINCE, VANISHED (RFC 7162 §3.1.4, §3.2.6). */
public final class FetchHandler implements Handler<Fetch> {
    private final FolderStore messages;
    private final Contents contents;
    private final Changes changes;

    public FetchHandler(FolderStore messages, Contents contents) {
        this.messages = messages;
        this.contents = contents;
        this.changes = new Changes(messages);
    }

    @Override
    public Reply handle(Fetch fetch, ImapSession session) {
        var view = session.selected();
        var features = session.features();
        var since = fetch.modifiers().changedSince();
        if (fetch.modifiers().vanished() && !features.has(Feature.QRESYNC)) {
            return Reply.bad("VANISHED needs ENABLE QRESYNC");
        }
        var asked = view.resolve(fetch.messages());
        if (asked.isEmpty()) {
            return Reply.bad("No such message");
        }
        if (since.isPresent() || fetch.items().contains(Plain.MODSEQ)) {
            features.enable(Feature.CONDSTORE); // RFC 7162 §3.1.
        }
        boolean byUid = fetch.messages().kind() == NumberSet.Kind.UID;
        var plan = FetchPlan.of(fetch.items(), byUid, !features.has(Feature.UIDONLY), since.isPresent());
        // The page first, and of that what has changed (RFC 9394 §3.4).
        var paged = fetch.modifiers().page().map(asked.get()::page).orElse(asked.get());
        var selection = since.map(paged::changedSince).orElse(paged);
        return new Reply.Streamed(to -> {
            if (fetch.modifiers().vanished()) {
                tellVanished(fetch.messages(), since.orElseThrow(), view, to);
            }
            return new Fetcher(view, features, messages, contents, plan).fetch(selection, to);
        });
    }

    private void tellVanished(NumberSet asked, Modseq since, FolderView view, Responses to) throws IOException {
        long largest = view.told().uidNext() - 1;
        if (largest > 0) {
            for (var response : changes.vanished(view, since, asked.numbers(largest))) {
                to.send(response);
            }
        }
    }
}
