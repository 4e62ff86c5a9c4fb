package org.postern.accounts.sasl;

import java.util.Optional;
import org.postern.accounts.LoginAttempt;
import org.postern.accounts.Proof;
import org.postern.model.ClientAddress;
import org.postern.model.Protocol;

/**
 * Who wants to log in, before it says who it is.
 *
 * @param serverEndPoint the connection's channel binding of that type (RFC 5929 §4), if its certificate has one
 * @param cramMd5 whether CRAM-MD5 is switched on where the client came in
 */
public record SaslClient(
        Protocol protocol, ClientAddress address, String sessionId, Optional<byte[]> serverEndPoint, boolean cramMd5) {
    LoginAttempt attempt(String user, Proof proof) {
        return new LoginAttempt(user, proof, protocol, address, sessionId);
    }
}
