package org.postern.accounts.sasl;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postern.accounts.Logins;
import org.postern.accounts.Proof;

/**
 * CRAM-MD5 (RFC 2195): the secret's HMAC-MD5 of a challenge. For clients set so, where a listener and a token both have it
 * switched on.
 */
final class CramMd5Mechanism implements Mechanism {
    /** {@code user SP digest}; the user may hold spaces. */
    private static final Pattern RESPONSE = Pattern.compile("(.+) ([0-9a-f]{32})", Pattern.DOTALL);

    private final Logins logins;
    private final Nonces nonces;

    CramMd5Mechanism(Logins logins, Nonces nonces) {
        this.logins = logins;
        this.nonces = nonces;
    }

    @Override
    public String name() {
        return "CRAM-MD5";
    }

    @Override
    public boolean isOfferedTo(SaslClient client) {
        return client.cramMd5();
    }

    @Override
    public boolean takesInitialResponse() {
        return false;
    }

    @Override
    public SaslStep begin(SaslClient client) {
        var challenge = '<' + nonces.next() + "@postern>"; // A msg-id, unlike every other (RFC 2195 §2).
        return SaslStep.ask(
                challenge,
                response -> Utf8.decode(response)
                        .flatMap(said -> decide(said, challenge, client))
                        .orElseGet(SaslStep.Malformed::new));
    }

    private Optional<SaslStep> decide(String said, String challenge, SaslClient client) {
        var parts = RESPONSE.matcher(said);
        if (!parts.matches()) {
            return Optional.empty();
        }
        var proof =
                new Proof.CramMd5(challenge.getBytes(US_ASCII), HexFormat.of().parseHex(parts.group(2)));
        return Optional.of(new SaslStep.Decided(logins.logIn(client.attempt(parts.group(1), proof))));
    }
}
