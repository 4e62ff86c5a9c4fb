package org.postern.server;

import org.postern.imap.ImapRefusals;
import org.postern.model.HelpLine;
import org.postern.model.Protocol;
import org.postern.model.Refusal;
import org.postern.net.Refusals;
import org.postern.pop3.Pop3Refusals;
import org.postern.smtp.Replies;

/** What each protocol says outside of any command before the server hangs up. */
final class Farewells implements Refusals {
    private static final byte[] NOTHING = {};

    private final HelpLine help;
    private final Pop3Refusals pop3;
    private final Replies smtp;

    Farewells(HelpLine help) {
        this.help = help;
        this.pop3 = new Pop3Refusals(help);
        this.smtp = new Replies(help);
    }

    @Override
    public byte[] encode(Protocol protocol, Refusal refusal) {
        return switch (protocol) {
            case IMAP -> refusal instanceof Refusal.ClearTextOnTlsPort ? NOTHING : ImapRefusals.bye(refusal, help);
            case POP3 -> pop3.closing(refusal);
            case SMTP -> smtp.closing(refusal);
        };
    }
}
