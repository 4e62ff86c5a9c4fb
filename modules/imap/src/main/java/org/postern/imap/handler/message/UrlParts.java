package org.postern.imap.handler.message;

import java.io.IOException;
import java.util.Optional;
import org.postern.imap.ImapSession;
import org.postern.imap.command.MessageUrl;
import org.postern.imap.fetch.MessageParts;
import org.postern.imap.grammar.UrlGrammar;
import org.postern.imap.reply.FetchValue.Octets;
import org.postern.mailstore.sharing.Sought.Found;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.mailstore.sharing.VisibleFolders;
import org.postern.model.FolderName;
import org.postern.model.Right;

/** What IMAP URLs name among the folders that the session may read (RFC 4469 §3). */
public final class UrlParts {
    private final UrlGrammar grammar;
    private final VisibleFolders visible;
    private final MessageParts parts;

    public UrlParts(UrlGrammar grammar, VisibleFolders visible, MessageParts parts) {
        this.grammar = grammar;
        this.visible = visible;
        this.parts = parts;
    }

    /** Empty where it is no URL, or names nothing that is there. */
    Optional<Octets> octets(String url, ImapSession session) throws IOException {
        var named = grammar.parse(url);
        var folder = named.flatMap(message -> folder(message, session));
        return folder.isEmpty()
                ? Optional.empty()
                : parts.octets(
                        folder.get().id(),
                        named.get().uid(),
                        named.get().section(),
                        named.get().partial());
    }

    private Optional<VisibleFolder> folder(MessageUrl url, ImapSession session) {
        Optional<FolderName> name =
                url.folder().or(() -> session.selectedIfAny().map(view -> view.name()));
        return name.flatMap(some -> readable(some, session))
                .filter(entry -> url.validity().map(entry.uidValidity()::equals).orElse(true));
    }

    private Optional<VisibleFolder> readable(FolderName name, ImapSession session) {
        return visible.seek(session.access().mailbox(), name, Right.READ) instanceof Found<VisibleFolder>(var folder)
                ? Optional.of(folder)
                : Optional.empty();
    }
}
