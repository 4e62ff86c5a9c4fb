package org.postern.pop3;

import java.util.List;
import java.util.Optional;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.StartTlsResponse;

/** STLS: TLS on this connection, before anything secret is said (RFC 2595 §4). */
final class Stls implements Pop3Command {
    static final String VERB = "STLS";

    @Override
    public String verb() {
        return VERB;
    }

    @Override
    public Pop3State state() {
        return Pop3State.AUTHORIZATION;
    }

    @Override
    public Response answer(Pop3Session session, Optional<String> argument) {
        if (session.isTLSStarted()) {
            return Pop3Reply.err("TLS is on already");
        }
        if (argument.isPresent()) {
            return Pop3Reply.err("STLS takes no argument");
        }
        return new BeginTls(Pop3Reply.ok("Begin TLS"));
    }

    /** The reply after which the transport does the handshake. */
    private record BeginTls(Pop3Reply reply) implements StartTlsResponse {
        @Override
        public String getRetCode() {
            return reply.getRetCode();
        }

        @Override
        public List<CharSequence> getLines() {
            return reply.getLines();
        }

        @Override
        public boolean isEndSession() {
            return false;
        }
    }
}
