package org.postern.pop3;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.apache.james.protocols.api.Response;
import org.postern.accounts.sasl.Sasl;
import org.postern.accounts.sasl.SaslStep;
import org.postern.line.LineTransport;

/** AUTH: SASL, with or without an initial response (RFC 5034 §4). */
final class Auth implements Pop3Command {
    private final Sasl sasl;
    private final Login login;
    private final Pop3Limits limits;

    Auth(Sasl sasl, Login login, Pop3Limits limits) {
        this.sasl = sasl;
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
            return Pop3Reply.err("AUTH takes a mechanism; CAPA lists them");
        }
        var words = argument.get().split(" ", 2);
        var initial = words.length == 2 ? Optional.of(words[1]) : Optional.<String>empty();
        return sasl.begin(words[0], initial, session.saslClient())
                .map(first -> play(first, session))
                .orElseGet(() -> Pop3Reply.err("Mechanism not known; CAPA lists them"));
    }

    private Response play(SaslStep step, Pop3Session session) {
        return switch (step) {
            case SaslStep.Ask ask -> play(ask.answer(ask(ask.challenge(), session)), session);
            case SaslStep.Decided(var outcome) -> login.reply(session, outcome);
            case SaslStep.Cancelled _ -> Pop3Reply.err("AUTH cancelled");
            case SaslStep.Malformed _ -> Pop3Reply.err("That is not what the mechanism wants");
        };
    }

    private String ask(String challenge, Pop3Session session) {
        var line = session.transport()
                .ask(
                        new Challenge(challenge),
                        session,
                        limits.saslLine(),
                        limits.line().idleBeforeLogin());
        return new String(LineTransport.withoutLineEnd(line), StandardCharsets.US_ASCII);
    }

    /** {@code "+ "} and base64, of nothing too (RFC 5034 §4). */
    private record Challenge(String base64) implements Response {
        @Override
        public String getRetCode() {
            return "+";
        }

        @Override
        public List<CharSequence> getLines() {
            return List.of("+ " + base64);
        }

        @Override
        public boolean isEndSession() {
            return false;
        }
    }
}
