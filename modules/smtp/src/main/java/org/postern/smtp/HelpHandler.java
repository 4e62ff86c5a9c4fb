package org.postern.smtp;

import java.util.List;
import org.apache.james.protocols.api.Response;
import org.postern.line.Command;

/** HELP (RFC 5321 §4.1.1.8). */
public final class HelpHandler implements Handler<SmtpSession> {
    private final String text;

    /** @param text one line of ASCII */
    public HelpHandler(String text) {
        this.text = text;
    }

    @Override
    public List<String> verbs() {
        return List.of("HELP");
    }

    @Override
    public Response handle(SmtpSession session, Command command) {
        return Reply.of(214, "2.0.0", text);
    }
}
