package org.postern.accounts;

import org.postern.model.ClientAddress;
import org.postern.model.Protocol;

/**
 * What a client offered to log in with.
 *
 * @param user as typed: a full address, spaces around it forgiven
 * @param sessionId of the connection; unique while it lives
 */
public record LoginAttempt(String user, Proof proof, Protocol protocol, ClientAddress client, String sessionId) {
    /** @param secret as typed: never logged */
    public LoginAttempt(String user, String secret, Protocol protocol, ClientAddress client, String sessionId) {
        this(user, new Proof.Secret(secret), protocol, client, sessionId);
    }

    /** What may be kept while the connection lives. */
    LoginAttempt withoutSecret() {
        return new LoginAttempt(user, "", protocol, client, sessionId);
    }

    /** Never shows the secret. */
    @Override
    public String toString() {
        return "login of session " + sessionId + " by " + protocol + " from " + client;
    }
}
