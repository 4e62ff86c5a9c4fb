package org.postern.pop3;

import java.util.Optional;
import org.apache.james.protocols.api.Response;
import org.postern.mailstore.Pop3View;

/** QUIT: the UPDATE state, the only place where marked messages are removed, all of them or none (RFC 1939 §6). */
final class Quit implements Pop3Command {
    private final Pop3View view;

    Quit(Pop3View view) {
        this.view = view;
    }

    @Override
    public String verb() {
        return "QUIT";
    }

    @Override
    public Pop3State state() {
        return Pop3State.ANY;
    }

    @Override
    public Response answer(Pop3Session session, Optional<String> argument) {
        if (!session.isLoggedIn()) {
            return Pop3Reply.ok("Goodbye").andClose();
        }
        var maildrop = session.maildrop();
        var marked = maildrop.marked();
        if (!marked.isEmpty()) {
            view.remove(maildrop.folder(), marked);
        }
        session.end(); // Before the reply: the client's next login finds its slot free.
        return Pop3Reply.ok("Goodbye, " + marked.size() + " messages removed").andClose();
    }
}
