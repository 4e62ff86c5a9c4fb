package org.postern.pop3;

import java.util.Optional;
import org.apache.james.protocols.api.Response;

/** RSET: takes every mark back (RFC 1939 §5). */
final class Rset implements Pop3Command {
    @Override
    public String verb() {
        return "RSET";
    }

    @Override
    public Pop3State state() {
        return Pop3State.TRANSACTION;
    }

    @Override
    public Response answer(Pop3Session session, Optional<String> argument) {
        session.maildrop().unmarkAll();
        return Pop3Reply.ok(session.maildrop().count() + " messages");
    }
}
