package org.postern.imap.handler.folder;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.postern.imap.Handler;
import org.postern.imap.ImapLimits;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Lsub;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Untagged;
import org.postern.imap.reply.Untagged.Attribute;
import org.postern.mailstore.Subscriptions;
import org.postern.model.FolderName;

/** LSUB (RFC 3501 §6.3.9): subscribed names, and with {@code %} those above them that have none of their own. */
public final class LsubHandler implements Handler<Lsub> {
    private final Subscriptions subscriptions;
    private final ImapLimits limits;

    public LsubHandler(Subscriptions subscriptions, ImapLimits limits) {
        this.subscriptions = subscriptions;
        this.limits = limits;
    }

    @Override
    public Reply handle(Lsub lsub, ImapSession session) {
        if (lsub.pattern().isEmpty()) {
            var root = new Untagged.Folder(true, "", List.of(Attribute.NOSELECT), Optional.empty(), List.of());
            return Reply.ok(List.of(root), "LSUB completed");
        }
        var pattern = FolderPattern.of(lsub.reference(), lsub.pattern(), limits);
        if (pattern.isEmpty()) {
            return Reply.no(Code.Plain.LIMIT, "Pattern too long");
        }
        var found = new TreeMap<FolderName, List<Attribute>>();
        for (var name : subscriptions.list(session.access().mailbox())) {
            if (pattern.get().matches(name)) {
                found.put(name, List.of());
            } else if (lsub.pattern().endsWith("%")) {
                // "foo/bar" for LSUB "" %: the client learns of foo, and that foo itself is not subscribed.
                for (var up = name.parent(); up.isPresent(); up = up.get().parent()) {
                    if (pattern.get().matches(up.get())) {
                        found.putIfAbsent(up.get(), List.of(Attribute.NOSELECT));
                    }
                }
            }
        }
        var answers = new ArrayList<Untagged>();
        found.forEach((name, attributes) ->
                answers.add(new Untagged.Folder(true, name.value(), attributes, Optional.empty(), List.of())));
        return Reply.ok(answers, "LSUB completed");
    }
}
