package org.postern.imap.handler.message;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.postern.imap.CommandMeters;
import org.postern.imap.ImapSession;
import org.postern.imap.command.AppendMessage;
import org.postern.imap.grammar.Unparsable;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.NewMessage;
import org.postern.mime.SpoolSettings;
import org.postern.model.FolderName;

/** How APPEND and REPLACE take messages in: refused before the client is invited to send, where that is known (RFC 4315 §3). */
public final class Intake {
    private final FolderTree folders;
    private final UrlParts urls;
    private final SpoolSettings spools;
    private final InstantSource clock;
    private final CommandMeters meters;

    /** Stores what has arrived; the messages are gone when it returns. */
    @FunctionalInterface
    interface Storing {
        Reply store(List<NewMessage> arrived) throws IOException;
    }

    public Intake(FolderTree folders, UrlParts urls, SpoolSettings spools, InstantSource clock, CommandMeters meters) {
        this.folders = folders;
        this.urls = urls;
        this.spools = spools;
        this.clock = clock;
        this.meters = meters;
    }

    /** @param many whether more messages may follow the first */
    Reply receive(AppendMessage first, FolderName target, boolean many, ImapSession session, Storing storing)
            throws IOException, Unparsable {
        try (var arrivals = new Arrivals(session, spools, urls, clock)) {
            var early = arrivals.refusalOf(first);
            if (early.isPresent()) {
                return early.get();
            }
            if (folders.find(session.access().mailbox(), target).isEmpty()) {
                return Targets.missing();
            }
            var refusal = arrivals.readAll(first, many);
            return refusal.isPresent() ? refusal.get() : storing.store(arrivals.messages());
        }
    }

    void stored(List<NewMessage> messages) {
        messages.forEach(message -> meters.appended(message.bytes().size()));
    }
}
