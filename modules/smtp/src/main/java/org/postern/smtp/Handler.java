package org.postern.smtp;

import java.util.Collection;
import java.util.List;
import org.apache.james.protocols.api.Request;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.handler.CommandHandler;
import org.postern.line.Command;

/** One command of our chain. */
public interface Handler<S extends SmtpSession> extends CommandHandler<S> {
    /** The verbs it answers, in capitals. */
    List<String> verbs();

    Response handle(S session, Command command);

    @Override
    default Collection<String> getImplCommands() {
        return verbs();
    }

    @Override
    default Response onCommand(S session, Request request) {
        return handle(session, (Command) request); // The line loop's own type: it makes no others.
    }
}
