package org.postern.imap.handler.session;

import java.io.IOException;
import java.util.Optional;
import org.postern.accounts.LoginAttempt;
import org.postern.accounts.LoginOutcome;
import org.postern.accounts.LoginOutcome.LoggedIn;
import org.postern.accounts.LoginOutcome.Refused;
import org.postern.accounts.Logins;
import org.postern.imap.ImapRefusals;
import org.postern.imap.ImapSession;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.model.Protocol;
import org.postern.model.Refusal;

/** What every way to log in ends with: asks who it is, and lets in or refuses. */
public final class Admission {
    private final Logins logins;

    public Admission(Logins logins) {
        this.logins = logins;
    }

    /** @param user and {@code secret} as the client wrote them; neither is logged here */
    Reply logIn(String user, String secret, ImapSession session) throws IOException {
        var connection = session.connection();
        var attempt = new LoginAttempt(user, secret, Protocol.IMAP, connection.client(), connection.id());
        return reply(logins.logIn(attempt), session);
    }

    /** Lets in, or refuses, as it was decided. */
    Reply reply(LoginOutcome outcome, ImapSession session) throws IOException {
        return switch (outcome) {
            case LoggedIn(var access) -> {
                session.admit(access);
                // The capabilities come along, so that the client need not ask (RFC 3501 §6.2.3).
                yield Reply.ok(new Code.Capability(session.capabilities()), "Logged in");
            }
            case Refused(var refusal, var delay, var close) -> {
                session.connection().pause(delay);
                yield refused(refusal, close, session);
            }
        };
    }

    /** What was sent cannot be a name and a secret. */
    Reply failed(ImapSession session) {
        return refused(new Refusal.AuthFailed(), false, session);
    }

    private Reply refused(Refusal refusal, boolean close, ImapSession session) {
        var no = ImapRefusals.no(refusal, session.help());
        return close
                ? new Reply.Farewell(new Reply.Bye(Optional.empty(), "Too many failures"), Optional.of(no))
                : Reply.no(no.code().orElseThrow(), no.text());
    }
}
