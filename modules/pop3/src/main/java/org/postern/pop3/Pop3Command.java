package org.postern.pop3;

import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.apache.james.protocols.api.Request;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.handler.CommandHandler;
import org.postern.line.Command;

/** One command of POP3 in James' chain; handlers keep nothing, the session keeps it all. */
interface Pop3Command extends CommandHandler<Pop3Session> {
    String verb();

    /** In which state the command is known (RFC 1939 §3). */
    Pop3State state();

    /** @param argument what follows the verb, without the space between; not empty text */
    Response answer(Pop3Session session, Optional<String> argument);

    @Override
    default Response onCommand(Pop3Session session, Request request) {
        var argument = ((Command) request).argument().map(String::strip).filter(text -> !text.isEmpty());
        return answer(session, argument);
    }

    @Override
    default Collection<String> getImplCommands() {
        return List.of(verb());
    }
}
