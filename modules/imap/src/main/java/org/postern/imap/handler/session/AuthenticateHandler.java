package org.postern.imap.handler.session;

import java.io.IOException;
import org.postern.accounts.sasl.Sasl;
import org.postern.accounts.sasl.SaslStep;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Authenticate;
import org.postern.imap.command.Command.Authenticate.InitialResponse;
import org.postern.imap.reply.Reply;

/** AUTHENTICATE (RFC 3501 §6.2.2, RFC 4959 §3). */
public final class AuthenticateHandler implements Handler<Authenticate> {
    private final Sasl sasl;
    private final Admission admission;

    public AuthenticateHandler(Sasl sasl, Admission admission) {
        this.sasl = sasl;
        this.admission = admission;
    }

    @Override
    public Reply handle(Authenticate authenticate, ImapSession session) throws IOException {
        var initial = authenticate.initial().map(InitialResponse::base64);
        var first =
                sasl.begin(authenticate.mechanism(), initial, session.dialogue().saslClient());
        return first.isPresent() ? play(first.get(), session) : Reply.no("Unknown mechanism");
    }

    private Reply play(SaslStep step, ImapSession session) throws IOException {
        return switch (step) {
            case SaslStep.Ask ask -> play(ask.answer(session.dialogue().ask(ask.challenge())), session);
            case SaslStep.Decided(var outcome) -> admission.reply(outcome, session);
            case SaslStep.Cancelled _ -> Reply.bad("AUTHENTICATE cancelled");
            // Damaged or acting for somebody else: a stranger hears the same as with a wrong secret.
            case SaslStep.Malformed _ -> admission.failed(session);
        };
    }
}
