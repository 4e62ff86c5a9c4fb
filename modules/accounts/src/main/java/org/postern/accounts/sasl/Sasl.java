package org.postern.accounts.sasl;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.postern.accounts.ClusterSecrets;
import org.postern.accounts.Logins;

/** The mechanisms that clients may choose from, the best first. */
public final class Sasl {
    /** An initial response that is there and empty (RFC 4954 §4, RFC 4959 §3, RFC 5034 §4). */
    private static final String EMPTY = "=";

    private final List<Mechanism> mechanisms;

    public Sasl(Logins logins, ClusterSecrets secrets, SecureRandom random) {
        var nonces = new Nonces(random);
        this.mechanisms = List.of(
                ScramMechanism.plus(logins, secrets, nonces),
                ScramMechanism.bare(logins, secrets, nonces),
                new PlainMechanism(logins),
                new LoginMechanism(logins),
                new CramMd5Mechanism(logins, nonces));
    }

    /** The names of what this client may choose from. It is under TLS. */
    public List<String> offeredTo(SaslClient client) {
        var names = new ArrayList<String>(mechanisms.size());
        for (var mechanism : mechanisms) { // Of every greeting: no stream.
            if (mechanism.isOfferedTo(client)) {
                names.add(mechanism.name());
            }
        }
        return names;
    }

    /**
     * Begins an exchange with a client under TLS.
     *
     * @param mechanism as the client names it
     * @param initial the initial response, in base64 or {@code =}, if one came along
     * @return empty when there is no such mechanism for this client
     */
    public Optional<SaslStep> begin(String mechanism, Optional<String> initial, SaslClient client) {
        return mechanisms.stream()
                .filter(each -> each.name().equals(mechanism.toUpperCase(Locale.ROOT)) && each.isOfferedTo(client))
                .findFirst()
                .map(chosen -> begin(chosen, initial, client));
    }

    private static SaslStep begin(Mechanism mechanism, Optional<String> initial, SaslClient client) {
        if (initial.isEmpty()) {
            return mechanism.begin(client);
        }
        var response = initial.get().equals(EMPTY) ? "" : initial.get();
        return mechanism.takesInitialResponse() && mechanism.begin(client) instanceof SaslStep.Ask first
                ? first.answer(response)
                : new SaslStep.Malformed();
    }
}
