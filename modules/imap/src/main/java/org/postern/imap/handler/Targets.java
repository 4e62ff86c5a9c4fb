package org.postern.imap.handler;

import java.util.List;
import java.util.Optional;
import org.postern.imap.ImapRefusals;
import org.postern.imap.ImapSession;
import org.postern.imap.command.NumberSet;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Tagged;
import org.postern.imap.view.Selection;
import org.postern.mailstore.NoSuchFolder;
import org.postern.mailstore.NotStored;
import org.postern.mailstore.OverQuota;
import org.postern.mailstore.TooManyKeywords;
import org.postern.mailstore.UidsExhausted;
import org.postern.mailstore.sharing.OtherUsers;
import org.postern.model.FolderName;
import org.postern.model.Refusal;

/** What APPEND, COPY, MOVE and STORE say alike when a folder does not take messages. */
public final class Targets {
    private Targets() {}

    public static Reply refused(Refusal refusal, ImapSession session) {
        return new Reply.Whole(List.of(), ImapRefusals.no(refusal, session.help()));
    }

    /** RFC 9586 §3.2. */
    public static Reply uidRequired() {
        return new Reply.Whole(
                List.of(),
                new Tagged(Tagged.Status.BAD, Optional.of(Code.Plain.UIDREQUIRED), "Only UIDs, as you have enabled"));
    }

    /** What a folder that takes no message says, whatever was to be put there. */
    public static Reply notStored(NotStored why, ImapSession session) {
        return switch (why) {
            case NoSuchFolder _ -> missing();
            case OverQuota(var resource, var used, var max) ->
                refused(new Refusal.MailboxFull(resource, used, max), session);
            case TooManyKeywords(var max) -> tooManyKeywords(max);
            case UidsExhausted _ ->
                Reply.no(Code.Plain.LIMIT, "The folder has used up its UIDs: move its messages to a new one");
        };
    }

    public static Reply missing() {
        return Reply.no(Code.Plain.TRYCREATE, "No such folder");
    }

    /** As {@link #unknown} where the client could not create it either. */
    public static Reply missing(FolderName name) {
        return OtherUsers.covers(name) ? unknown() : missing();
    }

    /** Not there, or the client may not know that it is: no word of difference (RFC 4314 §6). */
    public static Reply.Whole unknown() {
        return Reply.no(Code.Plain.NONEXISTENT, "No such folder");
    }

    /** There, and the client may know it (RFC 5530 §3). */
    public static Reply.Whole forbidden() {
        return Reply.no(Code.Plain.NOPERM, "You have no right to do that in this folder");
    }

    public static Reply sourceGone() {
        return Reply.no(Code.Plain.NONEXISTENT, "The selected folder was deleted");
    }

    public static Reply tooManyKeywords(int max) {
        return Reply.no(Code.Plain.LIMIT, "A message or its folder would have more than " + max + " keywords");
    }

    /** No COPYUID: a uid-set is never empty. For UIDs this is no error (RFC 3501 §6.4.8); for numbers it is news. */
    public static Reply nothingMatched(NumberSet asked, Selection selection, String command) {
        return asked.kind() == NumberSet.Kind.UID || selection.isEmpty()
                ? Reply.ok(command + " completed")
                : Reply.no(Code.Plain.EXPUNGEISSUED, "These messages are gone");
    }
}
