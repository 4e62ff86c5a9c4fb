package org.postern.smtp;

import java.util.List;
import org.apache.james.protocols.api.Response;
import org.postern.line.Command;
import org.postern.model.HelpLine;

/** HELP (RFC 5321 §4.1.1.8). */
final class HelpHandler implements Handler {
    private final HelpLine help;

    HelpHandler(HelpLine help) {
        this.help = help;
    }

    @Override
    public List<String> verbs() {
        return List.of("HELP");
    }

    @Override
    public Response handle(SubmissionSession session, Command command) {
        return Reply.of(214, "2.0.0", help.after("Log in with your full email address and a client token, then send."));
    }
}
