package org.postern.accounts.sasl;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.function.Function;
import org.postern.accounts.LoginOutcome;

/** How far an exchange has come. What goes over the wire is base64 in all three protocols. */
public sealed interface SaslStep {
    /**
     * The server says something and waits for an answer.
     *
     * @param challenge in base64; may be empty
     * @param next what the bytes of the answer lead to
     */
    record Ask(String challenge, Function<byte[], SaslStep> next) implements SaslStep {
        /** How a client gives up (RFC 3501 §6.2.2, RFC 4954 §4, RFC 5034 §4). */
        private static final String CANCEL = "*";

        /**
         * Takes the client's line; asks the database where that decides.
         *
         * @param line base64, or {@code *}; without its line end
         */
        public SaslStep answer(String line) {
            if (line.equals(CANCEL)) {
                return new Cancelled();
            }
            byte[] bytes;
            try {
                bytes = Base64.getDecoder().decode(line);
            } catch (IllegalArgumentException e) {
                return new Malformed(); // Says only that it is not base64, which is our answer too.
            }
            return next.apply(bytes);
        }
    }

    /** The exchange is over, and the login decided. */
    record Decided(LoginOutcome outcome) implements SaslStep {}

    /** The client has given up. */
    record Cancelled() implements SaslStep {}

    /** What the client said is not what the mechanism wants: nobody was asked whether it is right. */
    record Malformed() implements SaslStep {}

    static SaslStep ask(String challenge, Function<byte[], SaslStep> next) {
        return new Ask(Base64.getEncoder().encodeToString(challenge.getBytes(UTF_8)), next);
    }
}
