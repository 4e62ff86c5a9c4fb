package org.postern.server;

import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.postern.accounts.MailboxInfo;
import org.postern.accounts.Mailboxes;
import org.postern.accounts.Outcome;
import org.postern.accounts.Problem;
import org.postern.mailstore.FolderEntry;
import org.postern.mailstore.sharing.AclChange;
import org.postern.mailstore.sharing.AclEntry;
import org.postern.mailstore.sharing.AclOutcome;
import org.postern.mailstore.sharing.Grantee;
import org.postern.mailstore.sharing.OtherUsers;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.model.Address;
import org.postern.model.FolderName;

/**
 * Who may do what in a folder, as administrators see and change it: by the rules of SETACL and GETACL, and felt as these are
 * (RFC 4314 §3). Mailboxes are named by their own address or an alias.
 */
public final class SharedFolders {
    private final Mailboxes mailboxes;
    private final Supplier<Folders> folders;

    SharedFolders(Mailboxes mailboxes, Supplier<Folders> folders) {
        this.mailboxes = mailboxes;
        this.folders = folders;
    }

    /**
     * A folder, shared or not.
     *
     * @param shownAs what others call it; empty where no folder can have that name, so that nobody sees it
     * @param entries without the owner, who may do everything
     */
    public record Shared(Address owner, FolderName folder, Optional<FolderName> shownAs, List<AclEntry> entries) {}

    /**
     * Of one mailbox.
     *
     * @param shares its folders that others have rights to, by name
     * @param sees folders of others, by the names that the mailbox has for them
     */
    public record Overview(Address mailbox, List<Shared> shares, List<VisibleFolder> sees) {}

    public Outcome<Overview> overview(Address mailbox) {
        return mailboxes.show(mailbox).map(info -> {
            var shares = folders.get().acls().ofAll(info.id()).entrySet().stream()
                    .map(folder -> shared(info, folder.getKey(), folder.getValue()))
                    .toList();
            var sees = folders.get().visible().list(info.id()).stream()
                    .filter(folder -> !folder.owner().equals(info.id()))
                    .toList();
            return new Overview(info.address(), shares, sees);
        });
    }

    public Outcome<Shared> show(Address owner, FolderName folder) {
        return mailboxes.show(owner).then(mailbox -> find(mailbox, folder).map(entry -> shared(mailbox, entry)));
    }

    /** @param negative whether the rights are those that are taken from somebody, whoever gives them */
    public Outcome<Shared> change(Address owner, FolderName folder, Whom whom, boolean negative, AclChange change) {
        return mailboxes
                .show(owner)
                .then(mailbox -> find(mailbox, folder)
                        .then(entry -> grantee(mailbox, whom)
                                .then(grantee -> change(mailbox, entry, grantee, negative, change))));
    }

    private Outcome<FolderEntry> find(MailboxInfo owner, FolderName folder) {
        return folders.get()
                .tree()
                .find(owner.id(), folder)
                .map(Outcome::done)
                .orElseGet(() -> Outcome.failed(noSuchFolder(owner, folder)));
    }

    private static Problem noSuchFolder(MailboxInfo owner, FolderName folder) {
        return new Problem.Invalid("mailbox " + owner.address() + " has no folder " + folder);
    }

    private Shared shared(MailboxInfo owner, FolderEntry folder) {
        return shared(owner, folder.name(), folders.get().acls().of(folder.id()));
    }

    private static Shared shared(MailboxInfo owner, FolderName folder, List<AclEntry> entries) {
        return new Shared(owner.address(), folder, OtherUsers.shown(owner.address(), folder), entries);
    }

    private Outcome<Grantee> grantee(MailboxInfo owner, Whom whom) {
        return whom.address().isEmpty()
                ? Outcome.done(new Grantee.Anyone())
                : mailboxes.show(whom.address().get()).then(mailbox -> member(owner, mailbox));
    }

    private static Outcome<Grantee> member(MailboxInfo owner, MailboxInfo mailbox) {
        if (!mailbox.account().equals(owner.account())) {
            return Outcome.failed(new Problem.OtherAccount("mailbox " + mailbox.address()));
        }
        return mailbox.id().equals(owner.id())
                ? Outcome.failed(new Problem.Invalid("the owner of a folder may always do everything in it"))
                : Outcome.done(new Grantee.Member(mailbox.id(), mailbox.address()));
    }

    private Outcome<Shared> change(
            MailboxInfo owner, FolderEntry folder, Grantee grantee, boolean negative, AclChange change) {
        return switch (folders.get().acls().change(folder.id(), grantee, negative, change)) {
            case AclOutcome.Changed _ -> Outcome.done(shared(owner, folder));
            case AclOutcome.NoFolder _ -> Outcome.failed(noSuchFolder(owner, folder.name()));
            case AclOutcome.TooManyEntries(var max) ->
                Outcome.failed(new Problem.TooMany("entries of folder " + folder.name(), max));
        };
    }
}
