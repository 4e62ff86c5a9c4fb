package org.postern.smtp;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.core.esmtp.EhloExtension;
import org.postern.accounts.LoginAttempt;
import org.postern.accounts.LoginOutcome;
import org.postern.accounts.Logins;
import org.postern.accounts.PlainCredentials;
import org.postern.line.Command;
import org.postern.line.LineTransport;
import org.postern.model.Protocol;
import org.postern.net.LineTooLong;

/** AUTH PLAIN, AUTH LOGIN (RFC 4954 §4): only under TLS, once, outside of a transaction. */
final class AuthHandler implements Handler, EhloExtension {
    private static final Response NOT_BASE64 = Reply.of(501, "5.5.2", "That is not base64 of what the mechanism wants");
    private static final Response CANCELLED = Reply.of(501, "5.7.0", "Authentication cancelled");
    private static final Response LINE_TOO_LONG = Reply.of(500, "5.5.6", "Authentication exchange line is too long");
    private static final Response UNKNOWN_MECHANISM =
            Reply.of(504, "5.5.4", "Unknown mechanism; there are PLAIN and LOGIN");
    private static final Response ASK_PLAIN = Reply.plain(334, "");
    private static final Response ASK_USER = Reply.plain(334, "VXNlcm5hbWU6"); // "Username:"
    private static final Response ASK_SECRET = Reply.plain(334, "UGFzc3dvcmQ6"); // "Password:"

    private final Logins logins;
    private final SubmissionLimits limits;

    AuthHandler(Logins logins, SubmissionLimits limits) {
        this.logins = logins;
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
        var initial = words.length == 2 ? Optional.of(words[1]) : Optional.<String>empty();
        var exchange = new Exchange(session);
        return switch (words[0].toUpperCase(Locale.ROOT)) {
            case "PLAIN" -> exchange.plain(initial);
            case "LOGIN" -> exchange.login(initial);
            case "" -> Reply.of(501, "5.5.4", "AUTH wants a mechanism");
            default -> UNKNOWN_MECHANISM;
        };
    }

    /** RFC 4954 §4: announced only where it works, which is under TLS. */
    @Override
    public List<String> getImplementedEsmtpFeatures(SMTPSession session) {
        return session.isTLSStarted() ? List.of("AUTH PLAIN LOGIN") : List.of();
    }

    /** What the client answered: its base64 text, or the reply that ends the exchange. */
    private sealed interface Answer {
        record Text(String base64) implements Answer {}

        record Over(Response reply) implements Answer {}
    }

    /** One SASL exchange, a straight-line dialogue. */
    private final class Exchange {
        private final SubmissionSession session;

        Exchange(SubmissionSession session) {
            this.session = session;
        }

        Response plain(Optional<String> initial) {
            return switch (answer(initial, ASK_PLAIN)) {
                case Answer.Over(var reply) -> reply;
                case Answer.Text(var base64) ->
                    PlainCredentials.parseBase64(base64)
                            .map(credentials -> logIn(credentials.user(), credentials.secret()))
                            .orElse(NOT_BASE64);
            };
        }

        Response login(Optional<String> initial) {
            return switch (answer(initial, ASK_USER)) {
                case Answer.Over(var reply) -> reply;
                case Answer.Text(var user) ->
                    switch (answer(Optional.empty(), ASK_SECRET)) {
                        case Answer.Over(var reply) -> reply;
                        case Answer.Text(var secret) -> logIn(text(user), text(secret));
                    };
            };
        }

        private Response logIn(Optional<String> user, Optional<String> secret) {
            return user.isEmpty() || secret.isEmpty() ? NOT_BASE64 : logIn(user.get(), secret.get());
        }

        /** A lone {@code =} is an empty initial response (RFC 4954 §4). */
        private Answer answer(Optional<String> initial, Response challenge) {
            var text = initial.map(response -> response.equals("=") ? "" : response)
                    .<Answer>map(Answer.Text::new)
                    .orElseGet(() -> ask(challenge));
            return text instanceof Answer.Text(var base64) && base64.length() > limits.authLine()
                    ? new Answer.Over(LINE_TOO_LONG)
                    : text;
        }

        private Answer ask(Response challenge) {
            byte[] line;
            try {
                line = session.transport()
                        .ask(
                                challenge,
                                session,
                                limits.authLine() + 2,
                                limits.lines().idleBeforeLogin());
            } catch (UncheckedIOException e) {
                if (e.getCause() instanceof LineTooLong) {
                    return new Answer.Over(skipRest());
                }
                throw e;
            }
            var text = new String(LineTransport.withoutLineEnd(line), ISO_8859_1);
            return text.equals("*") ? new Answer.Over(CANCELLED) : new Answer.Text(text);
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

        private Response logIn(String user, String secret) {
            var connection = session.transport().connection();
            var attempt = new LoginAttempt(user, secret, Protocol.SMTP, connection.client(), session.getSessionID());
            return switch (logins.logIn(attempt)) {
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

    private static Optional<String> text(String base64) {
        try {
            var bytes = Base64.getDecoder().decode(base64);
            return Optional.of(UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty(); // Says only that it is no base64 of UTF-8, which is our answer too.
        }
    }
}
