package org.postern.imap.handler;

import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import org.postern.imap.CommandMeters;
import org.postern.imap.Handler;
import org.postern.imap.ImapRefusals;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Append;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.mailstore.AppendOutcome;
import org.postern.mailstore.AppendOutcome.Appended;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.NewMessage;
import org.postern.mailstore.NoSuchFolder;
import org.postern.mailstore.OverQuota;
import org.postern.mailstore.StorageLimit;
import org.postern.mailstore.TooManyKeywords;
import org.postern.mailstore.UidsExhausted;
import org.postern.mime.MessageParser;
import org.postern.mime.Spool;
import org.postern.mime.SpoolSettings;
import org.postern.model.Refusal;

/** APPEND: refused before the client is invited to send, where that is known (RFC 3501 §6.3.11, RFC 4315 §3). */
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
    public Reply handle(Append append, ImapSession session) throws IOException {
        var access = session.access();
        var plan = access.plan();
        long max = Math.min(plan.maxMessageBytes(), spools.maxBytes());
        if (append.message().size() > max) {
            return no(new Refusal.MessageTooBig(max), session);
        }
        if (folders.find(access.mailbox(), append.folder()).isEmpty()) {
            return Targets.missing();
        }
        try (var spool = Spool.in(spools.withMaxBytes(max))) {
            var arrival = new Arrival(spool);
            session.lexer().readLiteral(append.message(), arrival);
            if (!session.lexer().atEnd()) {
                return Reply.bad("Too many arguments");
            }
            if (arrival.hasNul()) {
                return Reply.bad("A message has no NUL (RFC 3501 section 9, CHAR8)");
            }
            if (arrival.hasFailed()) {
                return no(new Refusal.Unavailable(), session);
            }
            spool.finish();
            var message = new NewMessage(
                    MessageParser.parse(spool),
                    spool,
                    append.flags(),
                    append.internalDate().orElseGet(clock::instant));
            var storage = new StorageLimit(plan.storageBytes());
            return answer(
                    messages.append(access.mailbox(), append.folder(), List.of(message), storage), spool, session);
        }
    }

    private Reply answer(AppendOutcome outcome, Spool spool, ImapSession session) {
        return switch (outcome) {
            case Appended appended -> {
                meters.appended(spool.size());
                yield Reply.ok(new Code.AppendUid(appended.uidValidity(), appended.uids()), "APPEND completed");
            }
            case NoSuchFolder _ -> Targets.missing();
            case OverQuota(var used, var max) -> no(new Refusal.MailboxFull(used, max), session);
            case TooManyKeywords(var max) -> Targets.tooManyKeywords(max);
            case UidsExhausted _ -> Targets.exhausted();
        };
    }

    private static Reply no(Refusal refusal, ImapSession session) {
        return new Reply.Whole(List.of(), ImapRefusals.no(refusal, session.help()));
    }
}
