package org.postern.pop3;

import java.util.Optional;
import org.apache.james.protocols.api.Response;

/** NOOP (RFC 1939 §5). */
final class Noop implements Pop3Command {
    @Override
    public String verb() {
        return "NOOP";
    }

    @Override
    public Pop3State state() {
        return Pop3State.TRANSACTION;
    }

    @Override
    public Response answer(Pop3Session session, Optional<String> argument) {
        return Pop3Reply.ok("");
    }
}
