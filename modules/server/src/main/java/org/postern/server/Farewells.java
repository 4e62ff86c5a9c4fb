package org.postern.server;

import java.nio.charset.StandardCharsets;
import org.postern.imap.ImapRefusals;
import org.postern.model.HelpLine;
import org.postern.model.Protocol;
import org.postern.model.Refusal;
import org.postern.net.Refusals;
import org.postern.smtp.Replies;

/** What each protocol says outside of any command before the server hangs up. */
final class Farewells implements Refusals {
    private static final byte[] NOTHING = {};

    private final HelpLine help;
    private final Replies smtp;

    Farewells(HelpLine help) {
        this.help = help;
        this.smtp = new Replies(help);
    }

    @Override
    public byte[] encode(Protocol protocol, Refusal refusal) {
        return switch (protocol) {
            case IMAP -> refusal instanceof Refusal.ClearTextOnTlsPort ? NOTHING : ImapRefusals.bye(refusal, help);
            case POP3 -> pop3(refusal);
            case SMTP -> smtp.closing(refusal);
        };
    }

    /** A POP3 server that ends a session on its own says nothing (RFC 1939 §3); only its greeting may be an error. */
    private byte[] pop3(Refusal refusal) {
        return switch (refusal) {
            case Refusal.TooManyConnections _, Refusal.Unavailable _, Refusal.SlowDown _, Refusal.CapReached _ ->
                ("-ERR [SYS/TEMP] " + refusal.text(help) + "\r\n").getBytes(StandardCharsets.US_ASCII);
            case Refusal.AuthFailed _,
                    Refusal.ScopeMissing _,
                    Refusal.TlsRequired _,
                    Refusal.MaildropInUse _,
                    Refusal.CheckedTooOften _,
                    Refusal.MailboxFull _,
                    Refusal.MessageTooBig _,
                    Refusal.SendingNotInPlan _,
                    Refusal.QuotaReached _,
                    Refusal.TooManyRecipients _,
                    Refusal.SendingLocked _,
                    Refusal.NotYourAddress _,
                    Refusal.NoSuchRecipient _,
                    Refusal.ClearTextOnTlsPort _,
                    Refusal.ShuttingDown _,
                    Refusal.AccessEnded _,
                    Refusal.IdleTooLong _ -> NOTHING;
        };
    }
}
