package org.postern.imap.handler.folder;

import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.SetMetadata;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.metadata.Annotation;
import org.postern.mailstore.metadata.Metadata;
import org.postern.mailstore.metadata.MetadataOutcome.NoFolder;
import org.postern.mailstore.metadata.MetadataOutcome.Set;
import org.postern.mailstore.metadata.MetadataOutcome.TooMany;
import org.postern.mailstore.metadata.MetadataOutcome.TooMuch;

/** SETMETADATA: all entries or none; what all users of the server would see, none of them may change (RFC 5464 §4.3, §3.3). */
public final class SetMetadataHandler implements Handler<SetMetadata> {
    private final Metadata metadata;

    public SetMetadataHandler(Metadata metadata) {
        this.metadata = metadata;
    }

    @Override
    public Reply handle(SetMetadata set, ImapSession session) {
        boolean ofServer = set.folder().isEmpty();
        if (ofServer
                && !set.changes().stream().allMatch(change -> change.entry().isPrivate())) {
            return Reply.no(Code.Plain.NOPERM, "Only the operator sets shared entries of the server");
        }
        var mailbox = session.access().mailbox();
        session.notifications()
                .caused(set.changes().stream().map(Annotation::entry).toList());
        return switch (metadata.set(mailbox, set.folder(), mailbox, set.changes())) {
            case Set _ -> Reply.ok("SETMETADATA completed");
            case NoFolder _ -> Reply.no(Code.Plain.NONEXISTENT, "No such folder");
            case TooMany(var max) -> Reply.no(new Code.MetadataTooMany(), "A folder has at most " + max + " entries");
            case TooMuch(var max) ->
                Reply.no(Code.Plain.OVERQUOTA, "The entries of a mailbox have at most " + max + " bytes");
        };
    }
}
