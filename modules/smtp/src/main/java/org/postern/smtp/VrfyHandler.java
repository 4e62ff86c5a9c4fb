package org.postern.smtp;

import java.util.List;
import org.apache.james.protocols.api.Response;
import org.postern.line.Command;

/** VRFY (RFC 5321 §3.5.3, §7.3): says nothing about who is here. */
public final class VrfyHandler implements Handler<SmtpSession> {
    @Override
    public List<String> verbs() {
        return List.of("VRFY");
    }

    @Override
    public Response handle(SmtpSession session, Command command) {
        if (!session.isLoggedIn()) {
            return Reply.of(530, "5.7.0", "Authentication required");
        }
        return command.argument().isEmpty()
                ? Reply.of(501, "5.5.4", "VRFY wants an address")
                : Reply.of(252, "2.5.2", "Cannot verify; send the message and see");
    }
}
