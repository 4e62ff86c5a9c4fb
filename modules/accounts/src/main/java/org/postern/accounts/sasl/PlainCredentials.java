package org.postern.accounts.sasl;

import java.util.Optional;

/**
 * What a PLAIN response says (RFC 4616 §2).
 *
 * @param user the authentication identity as typed
 * @param secret as typed: never logged
 */
record PlainCredentials(String user, String secret) {
    /**
     * The response {@code authorize NUL user NUL secret}. Acting for somebody else is not offered: an authorization
     * identity must be empty or the user's own.
     *
     * @return empty when it is not UTF-8, not three parts, or names somebody else
     */
    static Optional<PlainCredentials> parse(byte[] response) {
        return Utf8.decode(response).flatMap(PlainCredentials::parse);
    }

    private static Optional<PlainCredentials> parse(String text) {
        var parts = text.split("\0", -1);
        if (parts.length != 3 || parts[1].isEmpty() || parts[2].isEmpty()) {
            return Optional.empty();
        }
        return actsForItself(parts[0], parts[1])
                ? Optional.of(new PlainCredentials(parts[1], parts[2]))
                : Optional.empty();
    }

    /** @param authorize whom the client wants to act for */
    static boolean actsForItself(String authorize, String user) {
        return authorize.isEmpty() || authorize.strip().equalsIgnoreCase(user.strip());
    }

    /** Never shows the secret. */
    @Override
    public String toString() {
        return "credentials of PLAIN";
    }
}
