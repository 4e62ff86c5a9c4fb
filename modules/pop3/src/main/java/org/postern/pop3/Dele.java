package org.postern.pop3;

import java.util.Optional;
import org.apache.james.protocols.api.Response;

/** DELE: marks a message; only QUIT removes it (RFC 1939 §5). */
final class Dele implements Pop3Command {
    @Override
    public String verb() {
        return "DELE";
    }

    @Override
    public Pop3State state() {
        return Pop3State.TRANSACTION;
    }

    @Override
    public Response answer(Pop3Session session, Optional<String> argument) {
        var number = MessageNumber.of(session.maildrop(), argument);
        number.ifPresent(session.maildrop()::mark);
        return number.map(n -> Pop3Reply.ok("Message " + n + " deleted"))
                .orElseGet(() -> Pop3Reply.err(MessageNumber.NO_SUCH_MESSAGE));
    }
}
