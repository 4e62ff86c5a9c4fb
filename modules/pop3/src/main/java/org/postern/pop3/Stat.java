package org.postern.pop3;

import java.util.Optional;
import org.apache.james.protocols.api.Response;

/** STAT: how many messages, how many octets, without the marked ones (RFC 1939 §5). */
final class Stat implements Pop3Command {
    @Override
    public String verb() {
        return "STAT";
    }

    @Override
    public Pop3State state() {
        return Pop3State.TRANSACTION;
    }

    @Override
    public Response answer(Pop3Session session, Optional<String> argument) {
        var maildrop = session.maildrop();
        return Pop3Reply.ok(maildrop.count() + " " + maildrop.size());
    }
}
