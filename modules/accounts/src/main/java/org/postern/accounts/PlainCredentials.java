package org.postern.accounts;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/**
 * What a SASL PLAIN response says (RFC 4616 §2), for IMAP, POP3 and SMTP alike.
 *
 * @param user the authentication identity as typed
 * @param secret as typed: never logged
 */
public record PlainCredentials(String user, String secret) {
    /**
     * The response that {@code authorize NUL user NUL secret} writes in base64. Acting for somebody else is not offered: an
     * authorization identity must be empty or the user's own.
     *
     * @return empty when it is not base64, not UTF-8, not three parts, or names somebody else
     */
    public static Optional<PlainCredentials> parseBase64(String response) {
        byte[] bytes;
        try {
            bytes = Base64.getDecoder().decode(response);
        } catch (IllegalArgumentException e) {
            return Optional.empty(); // Says only that it is not base64, which is our answer too.
        }
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
        } catch (CharacterCodingException e) {
            return Optional.empty(); // Likewise.
        }
        var parts = text.split("\0", -1);
        if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
            return Optional.empty();
        }
        boolean itself = parts[0].isEmpty() || parts[0].strip().equalsIgnoreCase(parts[1].strip());
        return itself ? Optional.of(new PlainCredentials(parts[1], parts[2])) : Optional.empty();
    }

    /** Never shows the secret. */
    @Override
    public String toString() {
        return "credentials of PLAIN";
    }
}
