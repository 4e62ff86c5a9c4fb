package org.postern.imap.handler;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;
import org.postern.accounts.PlainCredentials;
import org.postern.imap.Handler;
import org.postern.imap.ImapSession;
import org.postern.imap.command.Command.Authenticate;
import org.postern.imap.reply.Reply;

/** AUTHENTICATE with PLAIN (RFC 4616) and LOGIN (which Outlook speaks) (RFC 3501 §6.2.2, RFC 4959 §3). */
public final class AuthenticateHandler implements Handler<Authenticate> {
    /** How a client gives up (RFC 3501 §6.2.2). */
    private static final String CANCEL = "*";

    private final Admission admission;

    public AuthenticateHandler(Admission admission) {
        this.admission = admission;
    }

    @Override
    public Reply handle(Authenticate authenticate, ImapSession session) throws IOException {
        return switch (authenticate.mechanism()) {
            case "PLAIN" -> plain(first(authenticate, "", session), session);
            case "LOGIN" -> login(first(authenticate, challenge("Username:"), session), session);
            default -> Reply.no("Unknown mechanism");
        };
    }

    /** The initial response, or what the client answers when asked. */
    private static String first(Authenticate authenticate, String challenge, ImapSession session) throws IOException {
        var initial = authenticate.initial();
        return initial.isPresent() ? initial.get().base64() : session.ask(challenge);
    }

    private Reply plain(String response, ImapSession session) throws IOException {
        if (response.equals(CANCEL)) {
            return cancelled();
        }
        // Damaged or acting for somebody else: a stranger hears the same as with a wrong secret.
        var credentials = PlainCredentials.parseBase64(response);
        return credentials.isPresent()
                ? admission.logIn(credentials.get().user(), credentials.get().secret(), session)
                : admission.failed(session);
    }

    private Reply login(String userResponse, ImapSession session) throws IOException {
        if (userResponse.equals(CANCEL)) {
            return cancelled();
        }
        var secretResponse = session.ask(challenge("Password:"));
        if (secretResponse.equals(CANCEL)) {
            return cancelled();
        }
        var user = decoded(userResponse);
        var secret = decoded(secretResponse);
        return user.isPresent() && secret.isPresent()
                ? admission.logIn(user.get(), secret.get(), session)
                : admission.failed(session);
    }

    private static Reply cancelled() {
        return Reply.bad("AUTHENTICATE cancelled");
    }

    private static String challenge(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    private static Optional<String> decoded(String base64) {
        try {
            var bytes = Base64.getDecoder().decode(base64);
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (IllegalArgumentException | CharacterCodingException e) {
            return Optional.empty(); // Not base64, or not UTF-8: the JDK says it so.
        }
    }
}
