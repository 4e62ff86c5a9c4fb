package org.postern.pop3;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.james.protocols.api.Response;
import org.postern.accounts.PlainCredentials;
import org.postern.line.LineTransport;

/** AUTH: SASL PLAIN, with or without an initial response (RFC 5034 §4, RFC 4616). */
final class Auth implements Pop3Command {
    private static final String CANCEL = "*";

    private final Login login;
    private final Pop3Limits limits;

    Auth(Login login, Pop3Limits limits) {
        this.login = login;
        this.limits = limits;
    }

    @Override
    public String verb() {
        return "AUTH";
    }

    @Override
    public Pop3State state() {
        return Pop3State.AUTHORIZATION;
    }

    @Override
    public Response answer(Pop3Session session, Optional<String> argument) {
        if (argument.isEmpty()) {
            return Pop3Reply.err("AUTH takes a mechanism: PLAIN");
        }
        var words = argument.get().split(" ", 2);
        if (!words[0].equalsIgnoreCase("PLAIN")) {
            return Pop3Reply.err("Mechanism not known; CAPA lists them");
        }
        var response = words.length == 2 ? words[1] : ask(session);
        if (response.equals(CANCEL)) {
            return Pop3Reply.err("AUTH cancelled");
        }
        return PlainCredentials.parseBase64(response)
                .map(plain -> login.logIn(session, plain.user(), plain.secret()))
                .orElseGet(() -> Pop3Reply.err("AUTH PLAIN takes base64 of NUL, address, NUL, token"));
    }

    private String ask(Pop3Session session) {
        var line = session.transport()
                .ask(new Challenge(), session, limits.saslLine(), limits.line().idleBeforeLogin());
        return new String(LineTransport.withoutLineEnd(line), StandardCharsets.US_ASCII);
    }

    /** The empty challenge: {@code "+ "} (RFC 5034 §4). */
    private record Challenge() implements Response {
        @Override
        public String getRetCode() {
            return "+";
        }

        @Override
        public List<CharSequence> getLines() {
            return List.of("+ ");
        }

        @Override
        public boolean isEndSession() {
            return false;
        }
    }
}
