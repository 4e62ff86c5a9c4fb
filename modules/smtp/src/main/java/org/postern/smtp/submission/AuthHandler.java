package org.postern.smtp.submission;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.core.esmtp.EhloExtension;
import org.postern.accounts.LoginOutcome;
import org.postern.accounts.sasl.Sasl;
import org.postern.accounts.sasl.SaslStep;
import org.postern.line.Command;
import org.postern.line.LineTransport;
import org.postern.net.LineTooLong;
import org.postern.smtp.Handler;
import org.postern.smtp.Reply;

/** AUTH (RFC 4954 §4): only under TLS, once, outside of a transaction. */
final class AuthHandler implements Handler<SubmissionSession>, EhloExtension {
    private static final Response MALFORMED = Reply.of(501, "5.5.2", "That is not base64 of what the mechanism wants");
    private static final Response CANCELLED = Reply.of(501, "5.7.0", "Authentication cancelled");
    private static final Response LINE_TOO_LONG = Reply.of(500, "5.5.6", "Authentication exchange line is too long");
    private static final Response UNKNOWN_MECHANISM = Reply.of(504, "5.5.4", "Unknown mechanism; EHLO lists them");

    private final Sasl sasl;
    private final SubmissionLimits limits;

    AuthHandler(Sasl sasl, SubmissionLimits limits) {
        this.sasl = sasl;
        this.limits = limits;
    }

    @Override
    public List<String> verbs() {
        return List.of("AUTH");
    }

    @Override
    public Response handle(SubmissionSession session, Command command) {
        if (session.clientName().isEmpty()) {
            return Reply.of(503, "5.5.1", "Send EHLO first");
        }
        if (session.isLoggedIn()) {
            return Reply.of(503, "5.5.1", "Already authenticated");
        }
        if (session.transaction().isPresent()) {
            return Reply.of(503, "5.5.1", "No AUTH inside a mail transaction");
        }
        var words = command.argument().orElse("").split(" ", 2);
        if (words[0].isEmpty()) {
            return Reply.of(501, "5.5.4", "AUTH wants a mechanism");
        }
        var initial = words.length == 2 ? Optional.of(words[1]) : Optional.<String>empty();
        if (initial.isPresent() && initial.get().length() > limits.authLine()) {
            return LINE_TOO_LONG;
        }
        return sasl.begin(words[0], initial, session.saslClient())
                .map(first -> new Exchange(session).play(first))
                .orElse(UNKNOWN_MECHANISM);
    }

    /** RFC 4954 §4: announced only where it works, which is under TLS. */
    @Override
    public List<String> getImplementedEsmtpFeatures(SMTPSession session) {
        return session.isTLSStarted() && session instanceof SubmissionSession submission
                ? List.of("AUTH " + String.join(" ", sasl.offeredTo(submission.saslClient())))
                : List.of();
    }

    /** What the client answered: its line, or the reply that ends the exchange. */
    private sealed interface Answer {
        record Line(String text) implements Answer {}

        record Over(Response reply) implements Answer {}
    }

    /** One SASL exchange, a straight-line dialogue. */
    private final class Exchange {
        private final SubmissionSession session;

        Exchange(SubmissionSession session) {
            this.session = session;
        }

        Response play(SaslStep step) {
            return switch (step) {
                case SaslStep.Ask asking ->
                    switch (ask(asking.challenge())) {
                        case Answer.Over(var reply) -> reply;
                        case Answer.Line(var text) -> play(asking.answer(text));
                    };
                case SaslStep.Decided(var outcome) -> reply(outcome);
                case SaslStep.Cancelled _ -> CANCELLED;
                case SaslStep.Malformed _ -> MALFORMED;
            };
        }

        private Answer ask(String challenge) {
            byte[] line;
            try {
                line = session.transport()
                        .ask(
                                Reply.plain(334, challenge),
                                session,
                                limits.authLine() + 2,
                                limits.lines().idleBeforeLogin());
            } catch (UncheckedIOException e) {
                if (e.getCause() instanceof LineTooLong) {
                    return new Answer.Over(skipRest());
                }
                throw e;
            }
            return new Answer.Line(new String(LineTransport.withoutLineEnd(line), ISO_8859_1));
        }

        private Response skipRest() {
            try {
                session.transport().connection().in().skipLine(limits.lines().skippedLine());
                return LINE_TOO_LONG;
            } catch (LineTooLong endless) {
                return session.newTooManyCommandsResponse();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private Response reply(LoginOutcome outcome) {
            return switch (outcome) {
                case LoginOutcome.LoggedIn(var access) -> {
                    session.admit(access);
                    session.noted("logged-in").log("logged in");
                    yield Reply.of(235, "2.7.0", "Authentication successful");
                }
                case LoginOutcome.Refused(var refusal, var delay, var close) -> {
                    session.transport().pause(delay);
                    yield close ? session.refusedAtLast(refusal) : session.refused(refusal);
                }
            };
        }
    }
}
