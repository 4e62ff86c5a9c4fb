package org.postern.imap;

import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Tagged;
import org.postern.model.HelpLine;
import org.postern.model.Refusal;

/** Refusals in IMAP's words: the code of each is decided here and nowhere else (RFC 5530 §3). */
public final class ImapRefusals {
    private ImapRefusals() {}

    /**
     * What a client hears when the whole connection is refused or ended: {@code * BYE [code] text}, with its CRLF; nothing
     * when it spoke in clear to a TLS port, for it would not wait for words of IMAP there.
     */
    public static byte[] closing(Refusal refusal, HelpLine help) {
        if (refusal instanceof Refusal.ClearTextOnTlsPort) {
            return new byte[0];
        }
        var bye = byeOf(refusal, help);
        var code = bye.code().map(c -> '[' + ((Code.Plain) c).name() + "] ").orElse("");
        return ("* BYE " + code + bye.text() + "\r\n").getBytes(StandardCharsets.US_ASCII);
    }

    static Reply.Bye byeOf(Refusal refusal, HelpLine help) {
        boolean silentCode = refusal instanceof Refusal.IdleTooLong;
        return new Reply.Bye(silentCode ? Optional.empty() : Optional.of(code(refusal)), refusal.text(help));
    }

    /** The tagged NO of a command. */
    public static Tagged no(Refusal refusal, HelpLine help) {
        return Tagged.no(code(refusal), refusal.text(help));
    }

    private static Code.Plain code(Refusal refusal) {
        return switch (refusal) {
            case Refusal.AuthFailed _, Refusal.SlowDown _ -> Code.Plain.AUTHENTICATIONFAILED;
            case Refusal.ScopeMissing _,
                    Refusal.SendingNotInPlan _,
                    Refusal.SendingLocked _,
                    Refusal.NotYourAddress _ -> Code.Plain.AUTHORIZATIONFAILED;
            case Refusal.TlsRequired _ -> Code.Plain.PRIVACYREQUIRED;
            case Refusal.CapReached _,
                    Refusal.QuotaReached _,
                    Refusal.NewRecipientsReached _,
                    Refusal.TooManyNewRecipients _,
                    Refusal.TooManyRecipients _ -> Code.Plain.LIMIT;
            case Refusal.MailboxFull _ -> Code.Plain.OVERQUOTA;
            case Refusal.MessageTooBig _ -> Code.Plain.TOOBIG;
            case Refusal.NoSuchRecipient _, Refusal.MailboxPaused _ -> Code.Plain.NONEXISTENT;
            case Refusal.MaildropInUse _,
                    Refusal.CheckedTooOften _,
                    Refusal.Unavailable _,
                    Refusal.ClearTextOnTlsPort _,
                    Refusal.ShuttingDown _,
                    Refusal.Replaced _,
                    Refusal.AccessEnded _,
                    Refusal.IdleTooLong _,
                    Refusal.TooManyConnections _ -> Code.Plain.UNAVAILABLE;
        };
    }
}
