package org.postern.imap;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.postern.accounts.sasl.SaslClient;
import org.postern.imap.reply.ResponseEncoder;
import org.postern.model.Protocol;
import org.postern.net.Connection;

/** What a command says to its client, and hears, outside its grammar: SASL exchanges, IDLE and its DONE. */
public final class Dialogue {
    private final Connection connection;
    private final ResponseEncoder encoder;
    private final ImapLimits limits;

    Dialogue(Connection connection, ResponseEncoder encoder, ImapLimits limits) {
        this.connection = connection;
        this.encoder = encoder;
        this.limits = limits;
    }

    /** Sends a continuation and returns the client's next line, without its end. */
    public String ask(String prompt) throws IOException {
        encoder.continueReq(prompt);
        connection.out().flush();
        return nextLine();
    }

    /** Sends a continuation and does not wait. */
    public void invite(String prompt) throws IOException {
        encoder.continueReq(prompt);
    }

    public String nextLine() throws IOException {
        return new String(
                new ConnectionSource(connection, encoder).line(limits.lineBytes()), StandardCharsets.ISO_8859_1);
    }

    /** The client as SASL sees it before it says who it is. */
    public SaslClient saslClient() {
        return new SaslClient(
                Protocol.IMAP,
                connection.client(),
                connection.id(),
                connection.channelBinding(),
                connection.listener().cramMd5());
    }
}
