package org.postern.imap.handler.session;

import java.util.ArrayList;
import java.util.List;
import org.postern.imap.Feature;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Enable;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Untagged;

/** ENABLE: names that cannot be enabled are passed over (RFC 5161 §3.1). */
public final class EnableHandler implements Handler<Enable> {
    @Override
    public Reply handle(Enable enable, ImapSession session) {
        var enabled = new ArrayList<String>();
        for (var name : enable.capabilities()) {
            Feature.of(name).ifPresent(feature -> {
                session.features().enable(feature);
                enabled.add(feature.wire());
            });
        }
        return Reply.ok(List.of(new Untagged.Enabled(enabled)), "ENABLE completed");
    }
}
