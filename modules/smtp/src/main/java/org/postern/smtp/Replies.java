package org.postern.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.apache.james.protocols.api.Response;
import org.postern.model.AtLimit;
import org.postern.model.HelpLine;
import org.postern.model.Refusal;

/** The SMTP form of every refusal: one decision, one place. */
public final class Replies {
    private final HelpLine help;

    public Replies(HelpLine help) {
        this.help = help;
    }

    private record Code(int code, String enhanced) {}

    /** The reply to a command that is refused. */
    public Response to(Refusal refusal) {
        var code = codeOf(refusal);
        return Reply.of(code.code(), code.enhanced(), refusal.text(help));
    }

    /** The same, as the last words before the connection is closed. */
    public Response lastTo(Refusal refusal) {
        var code = codeOf(refusal);
        return Reply.last(code.code(), code.enhanced(), refusal.text(help));
    }

    /** What is said outside of any command before hanging up: a drain, idleness, a port that is full. With its line end. */
    public byte[] closing(Refusal reason) {
        var code = closingCodeOf(reason);
        return (code.code() + " " + code.enhanced() + ' ' + reason.text(help) + "\r\n").getBytes(UTF_8);
    }

    private static Code codeOf(Refusal refusal) {
        return switch (refusal) {
            case Refusal.AuthFailed r -> new Code(535, "5.7.8");
            case Refusal.ScopeMissing r -> new Code(535, "5.7.8");
            case Refusal.TlsRequired r -> new Code(530, "5.7.0");
            case Refusal.SlowDown r -> new Code(421, "4.7.0");
            case Refusal.CapReached r -> new Code(454, "4.7.0");
            case Refusal.MaildropInUse r -> new Code(454, "4.7.0"); // POP3's alone, but a code for every case.
            case Refusal.CheckedTooOften r -> new Code(454, "4.7.0"); // Likewise.
            case Refusal.Unavailable r -> new Code(451, "4.3.0");
            case Refusal.MailboxFull r -> new Code(452, "4.2.2");
            case Refusal.MessageTooBig r -> new Code(552, "5.3.4");
            case Refusal.SendingNotInPlan r -> new Code(550, "5.7.1");
            case Refusal.QuotaReached r -> codeOf(r.quota().atLimit());
            case Refusal.NewRecipientsReached r -> codeOf(r.limit().atLimit());
            case Refusal.TooManyNewRecipients r -> new Code(550, "5.5.3");
            case Refusal.TooManyRecipients r -> new Code(452, "4.5.3");
            case Refusal.SendingLocked r -> new Code(550, "5.7.1");
            case Refusal.NotYourAddress r -> new Code(553, "5.7.1");
            case Refusal.NoSuchRecipient r -> new Code(550, "5.1.1");
            case Refusal.MailboxPaused r -> new Code(550, "5.2.1");
            case Refusal.ClearTextOnTlsPort r -> new Code(554, "5.7.0");
            case Refusal.ShuttingDown r -> new Code(421, "4.3.2");
            case Refusal.Replaced r -> new Code(421, "4.3.2");
            case Refusal.AccessEnded r -> new Code(421, "4.3.2");
            case Refusal.IdleTooLong r -> new Code(421, "4.4.2");
            case Refusal.TooManyConnections r -> new Code(421, "4.3.2");
        };
    }

    /** A sending limit that time will clear. */
    private static Code codeOf(AtLimit atLimit) {
        return switch (atLimit) {
            case DEFER -> new Code(451, "4.7.1");
            case REFUSE -> new Code(550, "5.7.1");
        };
    }

    /** A connection that is closed hears 421 (RFC 5321 §3.8), but for the port that is spoken to in clear. */
    private static Code closingCodeOf(Refusal reason) {
        var code = codeOf(reason);
        if (code.code() == 421 || reason instanceof Refusal.ClearTextOnTlsPort) {
            return code;
        }
        return new Code(421, code.enhanced().startsWith("4") ? code.enhanced() : "4.3.2");
    }
}
