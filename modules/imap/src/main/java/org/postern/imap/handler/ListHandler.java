package org.postern.imap.handler;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.postern.imap.Handler;
import org.postern.imap.ImapLimits;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.ListFolders;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Untagged;
import org.postern.imap.reply.Untagged.Attribute;
import org.postern.mailstore.FolderEntry;
import org.postern.mailstore.FolderTree;
import org.postern.model.FolderName;

/** LIST (RFC 3501 §6.3.8), with CHILDREN (RFC 3348) and SPECIAL-USE (RFC 6154 §2). */
public final class ListHandler implements Handler<ListFolders> {
    private final FolderTree folders;
    private final ImapLimits limits;

    public ListHandler(FolderTree folders, ImapLimits limits) {
        this.folders = folders;
        this.limits = limits;
    }

    @Override
    public Reply handle(ListFolders list, ImapSession session) {
        if (list.pattern().isEmpty()) {
            // Asks for the separator and the root of the reference.
            var root = new Untagged.Folder(false, "", List.of(Attribute.NOSELECT), Optional.empty());
            return Reply.ok(List.of(root), "LIST completed");
        }
        var pattern = FolderPattern.of(list.reference(), list.pattern(), limits);
        if (pattern.isEmpty()) {
            return Reply.no(Code.Plain.LIMIT, "Pattern too long");
        }
        var all = folders.list(session.access().mailbox());
        var parents = parents(all);
        var answers = new ArrayList<Untagged>();
        for (var folder : all) {
            if (pattern.get().matches(folder.name())) {
                var children = parents.contains(folder.name()) ? Attribute.HAS_CHILDREN : Attribute.HAS_NO_CHILDREN;
                answers.add(new Untagged.Folder(false, folder.name().value(), List.of(children), folder.use()));
            }
        }
        return Reply.ok(answers, "LIST completed");
    }

    private static Set<FolderName> parents(List<FolderEntry> folders) {
        var parents = new HashSet<FolderName>();
        for (var folder : folders) {
            folder.name().parent().ifPresent(parents::add);
        }
        return parents;
    }
}
