package org.postern.smtp;

import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.handler.ConnectHandler;
import org.apache.james.protocols.api.handler.DisconnectHandler;

/** The greeting, with the session's id for people to quote (RFC 5321 §3.1), and the end of what a session holds. */
final class Greeter implements ConnectHandler<SubmissionSession>, DisconnectHandler<SubmissionSession> {
    @Override
    public Response onConnect(SubmissionSession session) {
        return Reply.plain(
                220,
                session.getConfiguration().getHelloName() + " ESMTP Postern ready, session " + session.getSessionID());
    }

    @Override
    public void onDisconnect(SubmissionSession session) {
        session.release();
    }
}
