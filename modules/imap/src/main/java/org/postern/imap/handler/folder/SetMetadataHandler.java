package org.postern.imap.handler.folder;

import java.util.Optional;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.SetMetadata;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.OwnedName;
import org.postern.mailstore.metadata.Annotation;
import org.postern.mailstore.metadata.Metadata;
import org.postern.mailstore.metadata.MetadataOutcome.NoFolder;
import org.postern.mailstore.metadata.MetadataOutcome.Set;
import org.postern.mailstore.metadata.MetadataOutcome.TooMany;
import org.postern.mailstore.metadata.MetadataOutcome.TooMuch;
import org.postern.mailstore.sharing.Sought.Forbidden;
import org.postern.mailstore.sharing.Sought.Found;
import org.postern.mailstore.sharing.Sought.Missing;
import org.postern.mailstore.sharing.VisibleFolders;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.Right;

/** SETMETADATA: all entries or none; what all users of the server would see, none of them may change (RFC 5464 §4.3, §3.3). */
public final class SetMetadataHandler implements Handler<SetMetadata> {
    private final VisibleFolders visible;
    private final Metadata metadata;

    public SetMetadataHandler(VisibleFolders visible, Metadata metadata) {
        this.visible = visible;
        this.metadata = metadata;
    }

    @Override
    public Reply handle(SetMetadata set, ImapSession session) {
        var viewer = session.access().mailbox();
        if (set.folder().isEmpty()) {
            return set.changes().stream().allMatch(change -> change.entry().isPrivate())
                    ? changed(set, viewer, Optional.empty(), session)
                    : Reply.no(Code.Plain.NOPERM, "Only the operator sets shared entries of the server");
        }
        return switch (visible.name(viewer, set.folder().get(), Right.LOOKUP)) {
            case Found<OwnedName>(var name) ->
                AnnotationRights.toSet(name.rights(), set.changes())
                        ? changed(set, name.owner(), Optional.of(name.name()), session)
                        : Targets.forbidden();
            case Forbidden<OwnedName> _ -> Targets.forbidden();
            case Missing<OwnedName> _ -> Targets.unknown();
        };
    }

    private Reply changed(SetMetadata set, MailboxId owner, Optional<FolderName> folder, ImapSession session) {
        session.notifications()
                .caused(set.changes().stream().map(Annotation::entry).toList());
        return switch (metadata.set(owner, folder, session.access().mailbox(), set.changes())) {
            case Set _ -> Reply.ok("SETMETADATA completed");
            case NoFolder _ -> Targets.unknown();
            case TooMany(var max) -> Reply.no(new Code.MetadataTooMany(), "A folder has at most " + max + " entries");
            case TooMuch(var max) ->
                Reply.no(Code.Plain.OVERQUOTA, "The entries of a mailbox have at most " + max + " bytes");
        };
    }
}
