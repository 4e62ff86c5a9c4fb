package org.postern.imap.handler.session;

import java.io.IOException;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Compress;
import org.postern.imap.reply.Code;
import org.postern.imap.reply.Reply;
import org.postern.imap.reply.Tagged;

/** COMPRESS (RFC 4978 §3). */
public final class CompressHandler implements Handler<Compress> {
    @Override
    public Reply handle(Compress compress, ImapSession session) throws IOException {
        var connection = session.connection();
        if (connection.isCompressed()) {
            return Reply.no(Code.Plain.COMPRESSIONACTIVE, "Compression is active already");
        }
        if (connection.in().hasBufferedBytes()) {
            return Reply.bad("Nothing may follow COMPRESS before its answer");
        }
        return new Reply.Compress(Tagged.ok("Compression begins"));
    }
}
