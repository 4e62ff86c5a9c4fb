package org.postern.smtp;

import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.handler.ConnectHandler;
import org.apache.james.protocols.api.handler.DisconnectHandler;

/** The greeting, with the session's id for people to quote (RFC 5321 §3.1), and the end of what a session holds. */
public final class Greeter implements ConnectHandler<SmtpSession>, DisconnectHandler<SmtpSession> {
    private final String protocol;

    /** @param protocol what we speak: {@code ESMTP} */
    public Greeter(String protocol) {
        this.protocol = protocol;
    }

    @Override
    public Response onConnect(SmtpSession session) {
        return Reply.plain(
                220,
                session.getConfiguration().getHelloName() + " " + protocol + " Postern ready, session "
                        + session.getSessionID());
    }

    @Override
    public void onDisconnect(SmtpSession session) {
        session.release();
    }
}
