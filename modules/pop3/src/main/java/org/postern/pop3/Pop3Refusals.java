package org.postern.pop3;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.postern.model.HelpLine;
import org.postern.model.Refusal;
import org.postern.pop3.Pop3Reply.Code;

/** From a refusal to POP3's form of it: the one place that picks response codes. */
public final class Pop3Refusals {
    private final HelpLine help;

    public Pop3Refusals(HelpLine help) {
        this.help = help;
    }

    /**
     * The bytes of a refusal outside of any command: of one that comes instead of a greeting; none for a session that has
     * begun, which POP3 just ends (RFC 1939 §3).
     */
    public byte[] closing(Refusal refusal) {
        return switch (refusal) {
            case Refusal.TooManyConnections _, Refusal.Unavailable _, Refusal.SlowDown _, Refusal.CapReached _ ->
                (reply(refusal).getLines().getFirst() + "\r\n").getBytes(StandardCharsets.US_ASCII);
            case Refusal.AuthFailed _,
                    Refusal.ScopeMissing _,
                    Refusal.TlsRequired _,
                    Refusal.MaildropInUse _,
                    Refusal.CheckedTooOften _,
                    Refusal.MailboxFull _,
                    Refusal.MessageTooBig _,
                    Refusal.SendingNotInPlan _,
                    Refusal.QuotaReached _,
                    Refusal.NewRecipientsReached _,
                    Refusal.TooManyNewRecipients _,
                    Refusal.TooManyRecipients _,
                    Refusal.SendingLocked _,
                    Refusal.NotYourAddress _,
                    Refusal.NoSuchRecipient _,
                    Refusal.MailboxPaused _,
                    Refusal.ClearTextOnTlsPort _,
                    Refusal.ShuttingDown _,
                    Refusal.Replaced _,
                    Refusal.AccessEnded _,
                    Refusal.IdleTooLong _ -> new byte[0];
        };
    }

    Pop3Reply reply(Refusal refusal) {
        var text = refusal.text(help);
        return codeOf(refusal).map(code -> Pop3Reply.err(code, text)).orElseGet(() -> Pop3Reply.err(text));
    }

    private static Optional<Code> codeOf(Refusal refusal) {
        return switch (refusal) {
            case Refusal.AuthFailed r -> Optional.of(Code.AUTH);
            case Refusal.ScopeMissing r -> Optional.of(Code.AUTH);
            case Refusal.TlsRequired r -> Optional.of(Code.AUTH);
            case Refusal.MaildropInUse r -> Optional.of(Code.IN_USE);
            case Refusal.CheckedTooOften r -> Optional.of(Code.LOGIN_DELAY);
            case Refusal.SlowDown r -> Optional.of(Code.SYS_TEMP);
            case Refusal.CapReached r -> Optional.of(Code.SYS_TEMP);
            case Refusal.Unavailable r -> Optional.of(Code.SYS_TEMP);
            case Refusal.ShuttingDown r -> Optional.of(Code.SYS_TEMP);
            case Refusal.TooManyConnections r -> Optional.of(Code.SYS_TEMP);
            case Refusal.MailboxFull r -> Optional.empty();
            case Refusal.MessageTooBig r -> Optional.empty();
            case Refusal.SendingNotInPlan r -> Optional.empty();
            case Refusal.QuotaReached r -> Optional.empty();
            case Refusal.TooManyRecipients r -> Optional.empty();
            case Refusal.SendingLocked r -> Optional.empty();
            case Refusal.NotYourAddress r -> Optional.empty();
            case Refusal.NoSuchRecipient r -> Optional.empty();
            case Refusal.MailboxPaused r -> Optional.empty();
            case Refusal.ClearTextOnTlsPort r -> Optional.empty();
            case Refusal.NewRecipientsReached r -> Optional.empty();
            case Refusal.TooManyNewRecipients r -> Optional.empty();
            case Refusal.Replaced r -> Optional.empty();
            case Refusal.AccessEnded r -> Optional.empty();
            case Refusal.IdleTooLong r -> Optional.empty();
        };
    }
}
