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
import org.postern.mailstore.NewMessage;
import org.postern.mailstore.sharing.Sought.Forbidden;
import org.postern.mailstore.sharing.Sought.Found;
import org.postern.mailstore.sharing.Sought.Missing;
import org.postern.mailstore.sharing.VisibleFolder;
import org.postern.mailstore.sharing.VisibleFolders;
import org.postern.mime.bytes.SpoolSettings;
import org.postern.model.FolderName;
import org.postern.model.Right;

/** How APPEND and REPLACE take messages in: refused before the client is invited to send, where that is known (RFC 4315 §3). */
public final class Intake {
    private final VisibleFolders visible;
    private final UrlParts urls;
    private final SpoolSettings spools;
    private final InstantSource clock;
    private final CommandMeters meters;

    /** Stores what has arrived; the messages are gone when it returns. */
    @FunctionalInterface
    interface Storing {
        Reply store(List<NewMessage> arrived, VisibleFolder target) throws IOException;
    }

    public Intake(
            VisibleFolders visible, UrlParts urls, SpoolSettings spools, InstantSource clock, CommandMeters meters) {
        this.visible = visible;
        this.urls = urls;
        this.spools = spools;
        this.clock = clock;
        this.meters = meters;
    }

    /** @param many whether more messages may follow the first */
    Reply receive(AppendMessage first, FolderName target, boolean many, ImapSession session, Storing storing)
            throws IOException, Unparsable {
        var viewer = session.access().mailbox();
        var recent = session.recentTarget().find(viewer, target);
        if (recent.isPresent()) {
            return receive(first, recent.get(), many, session, storing);
        }
        return switch (visible.seek(viewer, target, Right.INSERT)) {
            case Found<VisibleFolder>(var folder) -> {
                session.recentTarget().note(viewer, folder);
                yield receive(first, folder, many, session, storing);
            }
            case Forbidden<VisibleFolder> _ -> Targets.forbidden();
            case Missing<VisibleFolder> _ -> Targets.missing(target);
        };
    }

    private Reply receive(AppendMessage first, VisibleFolder target, boolean many, ImapSession session, Storing storing)
            throws IOException, Unparsable {
        try (var arrivals = new Arrivals(session, target.rights(), spools, urls, clock)) {
            var refusal = arrivals.refusalOf(first);
            if (refusal.isEmpty()) {
                refusal = arrivals.readAll(first, many);
            }
            return refusal.isPresent() ? refusal.get() : storing.store(arrivals.messages(), target);
        }
    }

    void stored(List<NewMessage> messages) {
        messages.forEach(message -> meters.appended(message.bytes().size()));
    }
}
