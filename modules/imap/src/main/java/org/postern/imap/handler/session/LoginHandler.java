package org.postern.imap.handler.session;

import java.io.IOException;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Login;
import org.postern.imap.reply.Reply;

/** LOGIN (RFC 3501 §6.2.3). */
public final class LoginHandler implements Handler<Login> {
    private final Admission admission;

    public LoginHandler(Admission admission) {
        this.admission = admission;
    }

    @Override
    public Reply handle(Login login, ImapSession session) throws IOException {
        return admission.logIn(login.user(), login.secret(), session);
    }
}
