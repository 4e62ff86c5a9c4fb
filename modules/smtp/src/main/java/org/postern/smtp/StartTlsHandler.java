package org.postern.smtp;

import java.util.List;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.SMTPStartTlsResponse;
import org.apache.james.protocols.smtp.core.esmtp.EhloExtension;
import org.postern.line.Command;

/** STARTTLS (RFC 3207 §4). */
public final class StartTlsHandler implements Handler<SmtpSession>, EhloExtension {
    @Override
    public List<String> verbs() {
        return List.of("STARTTLS");
    }

    @Override
    public Response handle(SmtpSession session, Command command) {
        if (command.argument().isPresent()) {
            return Reply.of(501, "5.5.4", "STARTTLS takes no argument");
        }
        if (session.isTLSStarted()) {
            return Reply.of(503, "5.5.1", "TLS is already on");
        }
        return new SMTPStartTlsResponse("220", "2.0.0 Ready to start TLS");
    }

    @Override
    public List<String> getImplementedEsmtpFeatures(SMTPSession session) {
        return session.isTLSStarted() ? List.of() : List.of("STARTTLS");
    }
}
