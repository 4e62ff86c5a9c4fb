package org.postern.imap.handler;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Fetch;
import org.postern.imap.command.NumberSet;
import org.postern.imap.fetch.FetchPlan;
import org.postern.imap.fetch.Fetcher;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.Contents;
import org.postern.mailstore.FolderStore;

/** FETCH, UID FETCH: answers stream out as they are read (RFC 3501 §6.4.5). */
public final class FetchHandler implements Handler<Fetch> {
    private final FolderStore messages;
    private final Contents contents;

    public FetchHandler(FolderStore messages, Contents contents) {
        this.messages = messages;
        this.contents = contents;
    }

    @Override
    public Reply handle(Fetch fetch, ImapSession session) {
        var view = session.selected();
        var selection = view.resolve(fetch.messages());
        if (selection.isEmpty()) {
            return Reply.bad("No such message");
        }
        boolean byUid = fetch.messages().kind() == NumberSet.Kind.UID;
        var plan = FetchPlan.of(fetch.items(), byUid);
        var wanted = fetch.modifiers().page().map(selection.get()::page).orElse(selection.get());
        return new Reply.Streamed(to -> new Fetcher(view, messages, contents, plan).fetch(wanted, to));
    }
}
