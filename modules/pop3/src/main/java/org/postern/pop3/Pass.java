package org.postern.pop3;

import java.util.Optional;
import org.apache.james.protocols.api.Response;

/** PASS: the client token, which may hold spaces (RFC 1939 §7). */
final class Pass implements Pop3Command {
    private final Login login;

    Pass(Login login) {
        this.login = login;
    }

    @Override
    public String verb() {
        return "PASS";
    }

    @Override
    public Pop3State state() {
        return Pop3State.AUTHORIZATION;
    }

    @Override
    public Response answer(Pop3Session session, Optional<String> argument) {
        var user = session.takeUser();
        if (user.isEmpty()) {
            return Pop3Reply.err("Send USER first");
        }
        return login.logIn(session, user.get(), argument.orElse(""));
    }
}
