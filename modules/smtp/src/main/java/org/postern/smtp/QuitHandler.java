package org.postern.smtp;

import java.util.List;
import org.apache.james.protocols.api.Response;
import org.postern.line.Command;

/** QUIT (RFC 5321 §4.1.1.10). */
public final class QuitHandler implements Handler<SmtpSession> {
    @Override
    public List<String> verbs() {
        return List.of("QUIT");
    }

    @Override
    public Response handle(SmtpSession session, Command command) {
        if (command.argument().isPresent()) {
            return Reply.of(501, "5.5.4", "QUIT takes no argument");
        }
        session.release(); // Before the reply: who has read it may come back at once and find the slot free.
        return Reply.last(221, "2.0.0", "Goodbye");
    }
}
