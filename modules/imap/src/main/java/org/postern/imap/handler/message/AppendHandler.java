package org.postern.imap.handler.message;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
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
import org.postern.mailstore.SentCopies;
import org.postern.mailstore.SentCopies.Filed;
import org.postern.mailstore.SpecialUseNames;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.model.FlagChange;
import org.postern.model.SpecialUse;
import org.postern.model.UidSet;

/**
 * APPEND of one message or several, all or none (RFC 3501 §6.3.11, RFC 3502), catenated or whole (RFC 4469). What the server
 * itself has just filed among the sent mail stays one message.
 */
public final class AppendHandler implements Handler<Append> {
    private static final FlagChange.Mode ADD = FlagChange.Mode.ADD;

    private final FolderStore messages;
    private final SentCopies sentCopies;
    private final OwnerStorage storage;
    private final Intake intake;

    public AppendHandler(FolderStore messages, SentCopies sentCopies, OwnerStorage storage, Intake intake) {
        this.messages = messages;
        this.sentCopies = sentCopies;
        this.storage = storage;
        this.intake = intake;
    }

    @Override
    public Reply handle(Append append, ImapSession session) throws IOException, Unparsable {
        return intake.receive(
                append.first(), append.folder(), true, session, (arrived, target) -> stored(arrived, target, session));
    }

    private Reply stored(List<NewMessage> arrived, VisibleFolder target, ImapSession session) throws IOException {
        if (arrived.size() == 1 && isOfSentMail(target)) {
            var filed = sentCopies.find(target.id(), arrived.getFirst());
            if (filed.isPresent()) {
                return known(filed.get(), arrived.getFirst());
            }
        }
        var limit = storage.of(target.owner(), session.access());
        return switch (messages.append(target.owner(), target.entry().name(), arrived, limit)) {
            case Appended appended -> {
                intake.stored(arrived);
                session.notifications().created(appended.folder(), appended.uids());
                yield Reply.ok(new Code.AppendUid(appended.uidValidity(), appended.uids()), "APPEND completed");
            }
            case NotStored why -> Targets.notStored(why, session);
        };
    }

    private static boolean isOfSentMail(VisibleFolder folder) {
        return folder.entry()
                .use()
                .or(() -> SpecialUseNames.of(folder.entry().name()))
                .equals(Optional.of(SpecialUse.SENT));
    }

    /** The server has filed it already: one message, with the flags of both. */
    private Reply known(Filed filed, NewMessage again) {
        var uid = UidSet.of(filed.uid().value());
        if (!again.flags().isEmpty()) {
            messages.store(filed.folder(), uid, new FlagChange(ADD, again.flags()), Optional.empty());
        }
        return Reply.ok(
                new Code.AppendUid(filed.uidValidity(), uid), "APPEND completed, as the message was there already");
    }
}
