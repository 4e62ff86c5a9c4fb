package org.postern.pop3;

import java.util.Optional;
import org.apache.james.protocols.api.Response;

/** USER: always welcome, so that nobody learns which mailboxes exist (RFC 1939 §7). */
final class User implements Pop3Command {
    @Override
    public String verb() {
        return "USER";
    }

    @Override
    public Pop3State state() {
        return Pop3State.AUTHORIZATION;
    }

    @Override
    public Response answer(Pop3Session session, Optional<String> argument) {
        if (argument.isEmpty()) {
            return Pop3Reply.err("USER takes your full email address");
        }
        session.user(argument.get());
        return Pop3Reply.ok("Send your client token");
    }
}
