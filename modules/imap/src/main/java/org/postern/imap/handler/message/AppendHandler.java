package org.postern.imap.handler.message;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.postern.imap.CommandMeters;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Append;
import org.postern.imap.grammar.Unparsable;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.AppendOutcome;
import org.postern.mailstore.AppendOutcome.Appended;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.NewMessage;
import org.postern.mailstore.NoSuchFolder;
import org.postern.mailstore.OverQuota;
import org.postern.mailstore.TooManyKeywords;
import org.postern.mailstore.UidsExhausted;
import org.postern.mime.SpoolSettings;
import org.postern.model.Refusal;

/**
 * APPEND of one message or several, all or none (RFC 3501 §6.3.11, RFC 3502); refused before the client is invited to send,
 * where that is known (RFC 4315 §3).
 */
public final class AppendHandler implements Handler<Append> {
    private final FolderTree folders;
    private final FolderStore messages;
    private final SpoolSettings spools;
    private final InstantSource clock;
    private final CommandMeters meters;

    public AppendHandler(
            FolderTree folders, FolderStore messages, SpoolSettings spools, InstantSource clock, CommandMeters meters) {
        this.folders = folders;
        this.messages = messages;
        this.spools = spools;
        this.clock = clock;
        this.meters = meters;
    }

    @Override
    public Reply handle(Append append, ImapSession session) throws IOException, Unparsable {
        var access = session.access();
        try (var arrivals = new Arrivals(session, spools)) {
            var early = arrivals.refusalOf(append.first());
            if (early.isPresent()) {
                return early.get();
            }
            if (folders.find(access.mailbox(), append.folder()).isEmpty()) {
                return Targets.missing();
            }
            var refusal = arrivals.readAll(append.first(), true, clock);
            if (refusal.isPresent()) {
                return refusal.get();
            }
            var storage = access.plan().storage();
            var outcome = messages.append(access.mailbox(), append.folder(), arrivals.messages(), storage);
            return answer(outcome, arrivals.messages(), session);
        }
    }

    private Reply answer(AppendOutcome outcome, List<NewMessage> stored, ImapSession session) {
        return switch (outcome) {
            case Appended appended -> {
                stored.forEach(message -> meters.appended(message.bytes().size()));
                yield Reply.ok(new Code.AppendUid(appended.uidValidity(), appended.uids()), "APPEND completed");
            }
            case NoSuchFolder _ -> Targets.missing();
            case OverQuota(var resource, var used, var max) ->
                Targets.refused(new Refusal.MailboxFull(resource, used, max), session);
            case TooManyKeywords(var max) -> Targets.tooManyKeywords(max);
            case UidsExhausted _ -> Targets.exhausted();
        };
    }
}
