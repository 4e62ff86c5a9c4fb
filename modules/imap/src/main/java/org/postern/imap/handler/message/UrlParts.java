package org.postern.imap.handler.message;

import java.io.IOException;
import java.util.Optional;
import org.postern.imap.ImapSession;
import org.postern.imap.command.MessageUrl;
import org.postern.imap.fetch.MessageParts;
import org.postern.imap.grammar.UrlGrammar;
import org.postern.imap.reply.FetchValue.Octets;
import org.postern.mailstore.FolderEntry;
import org.postern.mailstore.FolderTree;
import org.postern.model.FolderName;

/** What IMAP URLs name in the mailbox of the session (RFC 4469 §3). */
public final class UrlParts {
    private final UrlGrammar grammar;
    private final FolderTree folders;
    private final MessageParts parts;

    public UrlParts(UrlGrammar grammar, FolderTree folders, MessageParts parts) {
        this.grammar = grammar;
        this.folders = folders;
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

    private Optional<FolderEntry> folder(MessageUrl url, ImapSession session) {
        Optional<FolderName> name =
                url.folder().or(() -> session.selectedIfAny().map(view -> view.name()));
        return name.flatMap(some -> folders.find(session.access().mailbox(), some))
                .filter(entry -> url.validity().map(entry.uidValidity()::equals).orElse(true));
    }
}
