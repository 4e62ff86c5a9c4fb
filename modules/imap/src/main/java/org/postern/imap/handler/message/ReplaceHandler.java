package org.postern.imap.handler.message;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import org.postern.imap.CommandMeters;
import org.postern.imap.Feature;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Replace;
import org.postern.imap.command.NumberSet;
import org.postern.imap.grammar.Unparsable;
import org.postern.imap.handler.Targets;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Tagged;
import org.postern.imap.reply.Untagged;
import org.postern.imap.view.Expunges;
import org.postern.imap.view.Selection;
import org.postern.mailstore.FolderGone;
import org.postern.mailstore.FolderStore;
import org.postern.mailstore.FolderTree;
import org.postern.mailstore.NoSuchFolder;
import org.postern.mailstore.NothingMatched;
import org.postern.mailstore.OverQuota;
import org.postern.mailstore.ReplaceOutcome;
import org.postern.mailstore.ReplaceOutcome.Replaced;
import org.postern.mailstore.TooManyKeywords;
import org.postern.mailstore.UidsExhausted;
import org.postern.mime.SpoolSettings;
import org.postern.model.Refusal;

/** REPLACE, UID REPLACE: a draft's next version takes the place of the one before, in one change (RFC 8508 §3). */
public final class ReplaceHandler implements Handler<Replace> {
    private final FolderTree folders;
    private final FolderStore messages;
    private final SpoolSettings spools;
    private final InstantSource clock;
    private final CommandMeters meters;

    public ReplaceHandler(
            FolderTree folders, FolderStore messages, SpoolSettings spools, InstantSource clock, CommandMeters meters) {
        this.folders = folders;
        this.messages = messages;
        this.spools = spools;
        this.clock = clock;
        this.meters = meters;
    }

    @Override
    public Reply handle(Replace replace, ImapSession session) throws IOException, Unparsable {
        var view = session.selected();
        if (view.isReadOnly()) {
            return Reply.no("The folder is selected read-only");
        }
        var old = view.resolve(replace.message()).filter(selection -> selection.size() == 1);
        if (old.isEmpty()) {
            return replace.message().kind() == NumberSet.Kind.UID
                    ? Reply.no(Code.Plain.NONEXISTENT, "No such message")
                    : Reply.bad("No such message");
        }
        try (var arrivals = new Arrivals(session, spools)) {
            var early = arrivals.refusalOf(replace.replacement());
            if (early.isPresent()) {
                return early.get();
            }
            if (folders.find(session.access().mailbox(), replace.target()).isEmpty()) {
                return Targets.missing();
            }
            var refusal = arrivals.readAll(replace.replacement(), false, clock);
            return refusal.isPresent() ? refusal.get() : replaced(replace, old.get(), arrivals, session);
        }
    }

    private Reply replaced(Replace replace, Selection old, Arrivals arrivals, ImapSession session) throws IOException {
        var replacement = arrivals.messages().getFirst();
        var storage = session.access().plan().storage();
        var outcome = messages.replace(session.selected().folder(), old.uids(), replace.target(), replacement, storage);
        if (outcome instanceof Replaced) {
            meters.appended(replacement.bytes().size());
        }
        return answer(outcome, replace.message().kind() == NumberSet.Kind.UID, session);
    }

    /** APPENDUID comes untagged and first, so that the client knows the new message before it loses the old (§3.4). */
    private static Reply answer(ReplaceOutcome outcome, boolean byUid, ImapSession session) {
        return switch (outcome) {
            case Replaced(var validity, var uid) -> {
                var view = session.selected();
                var untagged = new ArrayList<Untagged>();
                untagged.add(new Untagged.Note(Tagged.ok(new Code.AppendUid(validity, uid), "Replaced")));
                untagged.addAll(view.refresh(Expunges.MAY, byUid));
                yield new Reply.Whole(
                        untagged,
                        session.features().has(Feature.CONDSTORE)
                                ? Tagged.ok(new Code.HighestModseq(view.knownTo()), "REPLACE completed")
                                : Tagged.ok("REPLACE completed"));
            }
            case NothingMatched _ -> Reply.no(Code.Plain.EXPUNGEISSUED, "This message is gone");
            case NoSuchFolder _ -> Targets.missing();
            case FolderGone _ -> Targets.sourceGone();
            case OverQuota(var resource, var used, var max) ->
                Targets.refused(new Refusal.MailboxFull(resource, used, max), session);
            case TooManyKeywords(var max) -> Targets.tooManyKeywords(max);
            case UidsExhausted _ -> Targets.exhausted();
        };
    }
}
