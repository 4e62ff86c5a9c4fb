package org.postern.pop3;

import java.util.Optional;
import org.apache.james.protocols.api.Response;

/**
 * UTF8: the client can read headers in UTF-8, and may log in with a name that has such letters (RFC 6856 §2.1, §2.2). There is no
 * way to it but over TLS, so none to STLS behind it.
 */
// Deviates from RFC 6856 §4: who does not say UTF8 gets messages with UTF-8 headers as they are too, neither refused
// nor
// made over. Refused, they would be lost to apps that never heard of UTF8, which show such headers well; made over (RFC
// 6857, 6858), their size, their signatures and what was downloaded before would be of another message.
final class Utf8 implements Pop3Command {
    @Override
    public String verb() {
        return "UTF8";
    }

    @Override
    public Pop3State state() {
        return Pop3State.AUTHORIZATION;
    }

    @Override
    public Response answer(Pop3Session session, Optional<String> argument) {
        return argument.isPresent() ? Pop3Reply.err("UTF8 takes no argument") : Pop3Reply.ok("UTF-8 is welcome");
    }
}
