package org.postern.imap.handler.message;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.postern.imap.Feature;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Replace;
import org.postern.imap.command.NumberSet;
import org.postern.imap.grammar.Unparsable;
import org.postern.imap.handler.OwnerStorage;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Tagged;
import org.postern.imap.reply.Untagged;
import org.postern.imap.view.Expunges;
import org.postern.imap.view.Selection;
import org.postern.mailstore.FolderGone;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.NewMessage;
import org.postern.mailstore.NotStored;
import org.postern.mailstore.NothingMatched;
import org.postern.mailstore.ReplaceOutcome.Replaced;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.model.Right;

/** REPLACE, UID REPLACE: a draft's next version takes the place of the one before, in one change (RFC 8508 §3). */
public final class ReplaceHandler implements Handler<Replace> {
    private final FolderStore messages;
    private final OwnerStorage storage;
    private final Intake intake;

    public ReplaceHandler(FolderStore messages, OwnerStorage storage, Intake intake) {
        this.messages = messages;
        this.storage = storage;
        this.intake = intake;
    }

    @Override
    public Reply handle(Replace replace, ImapSession session) throws IOException, Unparsable {
        var view = session.selected();
        if (view.isReadOnly()) {
            return Reply.no("The folder is selected read-only");
        }
        if (!view.may(Right.MARK_DELETED) || !view.may(Right.EXPUNGE)) {
            return Targets.forbidden();
        }
        var old = view.resolve(replace.message()).filter(selection -> selection.size() == 1);
        if (old.isEmpty()) {
            return replace.message().kind() == NumberSet.Kind.UID
                    ? Reply.no(Code.Plain.NONEXISTENT, "No such message")
                    : Reply.bad("No such message");
        }
        return intake.receive(
                replace.replacement(),
                replace.target(),
                false,
                session,
                (arrived, target) -> stored(replace, old.get(), arrived, target, session));
    }

    /** APPENDUID comes untagged and first, so that the client knows the new message before it loses the old (§3.4). */
    private Reply stored(
            Replace replace, Selection old, List<NewMessage> arrived, VisibleFolder target, ImapSession session)
            throws IOException {
        var view = session.selected();
        if (!target.owner().equals(view.folder().mailbox())) {
            return Reply.no(Code.Plain.CANNOT, "A message is replaced within its mailbox");
        }
        var limit = storage.of(target.owner(), session.access());
        return switch (messages.replace(
                view.folder(), old.uids(), target.entry().name(), arrived.getFirst(), limit)) {
            case Replaced(var validity, var uid) -> {
                intake.stored(arrived);
                session.notifications().created(target.entry().id(), uid);
                var untagged = new ArrayList<Untagged>();
                untagged.add(new Untagged.Note(Tagged.ok(new Code.AppendUid(validity, uid), "Replaced")));
                untagged.addAll(view.refresh(Expunges.MAY, replace.message().kind() == NumberSet.Kind.UID));
                yield new Reply.Whole(
                        untagged,
                        session.features().has(Feature.CONDSTORE)
                                ? Tagged.ok(new Code.HighestModseq(view.knownTo()), "REPLACE completed")
                                : Tagged.ok("REPLACE completed"));
            }
            case NothingMatched _ -> Reply.no(Code.Plain.EXPUNGEISSUED, "This message is gone");
            case FolderGone _ -> Targets.sourceGone();
            case NotStored why -> Targets.notStored(why, session);
        };
    }
}
