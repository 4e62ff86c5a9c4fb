package org.postern.imap.handler.message;

import java.io.IOException;
import java.util.List;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Append;
import org.postern.imap.grammar.Unparsable;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.AppendOutcome.Appended;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.NewMessage;
import org.postern.mailstore.NotStored;

/** APPEND of one message or several, all or none (RFC 3501 §6.3.11, RFC 3502), catenated or whole (RFC 4469). */
public final class AppendHandler implements Handler<Append> {
    private final FolderStore messages;
    private final Intake intake;

    public AppendHandler(FolderStore messages, Intake intake) {
        this.messages = messages;
        this.intake = intake;
    }

    @Override
    public Reply handle(Append append, ImapSession session) throws IOException, Unparsable {
        return intake.receive(
                append.first(), append.folder(), true, session, arrived -> stored(append, arrived, session));
    }

    private Reply stored(Append append, List<NewMessage> arrived, ImapSession session) throws IOException {
        var access = session.access();
        var storage = access.plan().storage();
        return switch (messages.append(access.mailbox(), append.folder(), arrived, storage)) {
            case Appended appended -> {
                intake.stored(arrived);
                session.notifications().created(appended.folder(), appended.uids());
                yield Reply.ok(new Code.AppendUid(appended.uidValidity(), appended.uids()), "APPEND completed");
            }
            case NotStored why -> Targets.notStored(why, session);
        };
    }
}
