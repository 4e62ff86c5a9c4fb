package org.postern.imap.handler.session;

import java.util.List;
import java.util.stream.Collectors;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Untagged;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** ID: our name, without a version that would help an attacker; the client's goes to the log (RFC 2971 §3.1). */
public final class IdHandler implements Handler<Command.Id> {
    private static final Logger LOG = LoggerFactory.getLogger(IdHandler.class);

    @Override
    public Reply handle(Command.Id id, ImapSession session) {
        if (LOG.isDebugEnabled()) {
            var client = id.fields().stream()
                    .map(field -> field.name() + '=' + field.value())
                    .collect(Collectors.joining(", "));
            LOG.atDebug().addKeyValue("session", session.connection().id()).log("client: {}", client);
        }
        return Reply.ok(List.of(new Untagged.Id("Postern")), "ID completed");
    }
}
