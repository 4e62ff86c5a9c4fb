package org.postern.imap.handler.message;

import java.io.IOException;
import java.util.List;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Append;
import org.postern.imap.grammar.Unparsable;
import org.postern.imap.handler.OwnerStorage;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.AppendOutcome.Appended;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.NewMessage;
import org.postern.mailstore.NotStored;
import org.postern.mailstore.OwnedName;

/** APPEND of one message or several, all or none (RFC 3501 §6.3.11, RFC 3502), catenated or whole (RFC 4469). */
public final class AppendHandler implements Handler<Append> {
    private final FolderStore messages;
    private final OwnerStorage storage;
    private final Intake intake;

    public AppendHandler(FolderStore messages, OwnerStorage storage, Intake intake) {
        this.messages = messages;
        this.storage = storage;
        this.intake = intake;
    }

    @Override
    public Reply handle(Append append, ImapSession session) throws IOException, Unparsable {
        return intake.receive(
                append.first(), append.folder(), true, session, (arrived, target) -> stored(arrived, target, session));
    }

    private Reply stored(List<NewMessage> arrived, OwnedName target, ImapSession session) throws IOException {
        var limit = storage.of(target.owner(), session.access());
        return switch (messages.append(target.owner(), target.name(), arrived, limit)) {
            case Appended appended -> {
                intake.stored(arrived);
                session.notifications().created(appended.folder(), appended.uids());
                yield Reply.ok(new Code.AppendUid(appended.uidValidity(), appended.uids()), "APPEND completed");
            }
            case NotStored why -> Targets.notStored(why, session);
        };
    }
}
