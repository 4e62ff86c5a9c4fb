package org.postern.imap.handler.acl;

import java.util.Optional;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Identifier;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.sharing.AclChange;
import org.postern.mailstore.sharing.AclOutcome.Changed;
import org.postern.mailstore.sharing.AclOutcome.NoFolder;
import org.postern.mailstore.sharing.AclOutcome.TooManyEntries;
import org.postern.mailstore.sharing.FolderAcls;
import org.postern.mailstore.sharing.Grantee;
import org.postern.mailstore.sharing.Sought.Forbidden;
import org.postern.mailstore.sharing.Sought.Found;
import org.postern.mailstore.sharing.Sought.Missing;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.mailstore.sharing.VisibleFolders;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.Right;

/** What SETACL and DELETEACL do alike; the owner's own rights are not to be changed (RFC 4314 §3.1, §3.2). */
public final class AclChanges {
    private final VisibleFolders visible;
    private final FolderAcls acls;

    public AclChanges(VisibleFolders visible, FolderAcls acls) {
        this.visible = visible;
        this.acls = acls;
    }

    Reply change(FolderName name, Identifier identifier, AclChange change, String command, ImapSession session) {
        return switch (visible.seek(session.access().mailbox(), name, Right.ADMINISTER)) {
            case Found<VisibleFolder>(var folder) -> change(folder, identifier, change, command);
            case Forbidden<VisibleFolder> _ -> Targets.forbidden();
            case Missing<VisibleFolder> _ -> Targets.unknown();
        };
    }

    private Reply change(VisibleFolder folder, Identifier identifier, AclChange change, String command) {
        var grantee = grantee(folder.owner(), identifier, acls);
        if (grantee.isEmpty()) {
            return stranger();
        }
        if (isOwner(grantee.get(), folder.owner())) {
            return Reply.no(Code.Plain.CANNOT, "The owner of a folder may always do everything in it");
        }
        return switch (acls.change(folder.id(), grantee.get(), identifier.negative(), change)) {
            case Changed _ -> Reply.ok(command + " completed");
            case NoFolder _ -> Targets.unknown();
            case TooManyEntries(var max) ->
                Reply.no(Code.Plain.LIMIT, "A folder is shared by at most " + max + " entries");
        };
    }

    static Reply stranger() {
        return Reply.no(Code.Plain.CANNOT, "No mailbox of this account has that address");
    }

    /** Empty where no mailbox of the owner's account has that address. */
    static Optional<Grantee> grantee(MailboxId owner, Identifier identifier, FolderAcls acls) {
        return identifier.address().isEmpty()
                ? Optional.of(new Grantee.Anyone())
                : acls.member(owner, identifier.address().get()).map(member -> member);
    }

    static boolean isOwner(Grantee grantee, MailboxId owner) {
        return grantee instanceof Grantee.Member(var mailbox, var _) && mailbox.equals(owner);
    }
}
