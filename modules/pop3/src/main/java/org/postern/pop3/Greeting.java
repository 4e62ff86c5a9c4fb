package org.postern.pop3;

import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.handler.ConnectHandler;
import org.apache.james.protocols.api.handler.DisconnectHandler;

/** The first words, with the session id that a user can quote, and the last act (RFC 1939 §4). */
final class Greeting implements ConnectHandler<Pop3Session>, DisconnectHandler<Pop3Session> {
    /** No timestamp in angle brackets: that would offer APOP (RFC 1939 §7). */
    @Override
    public Response onConnect(Pop3Session session) {
        return Pop3Reply.ok("Postern POP3 ready, session " + session.getSessionID());
    }

    @Override
    public void onDisconnect(Pop3Session session) {
        session.end();
    }
}
