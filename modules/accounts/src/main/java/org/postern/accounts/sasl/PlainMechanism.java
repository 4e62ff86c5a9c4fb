package org.postern.accounts.sasl;

import org.postern.accounts.Logins;
import org.postern.accounts.Proof;

/** PLAIN (RFC 4616): the secret itself. */
final class PlainMechanism implements Mechanism {
    private final Logins logins;

    PlainMechanism(Logins logins) {
        this.logins = logins;
    }

    @Override
    public String name() {
        return "PLAIN";
    }

    @Override
    public boolean isOfferedTo(SaslClient client) {
        return true;
    }

    @Override
    public boolean takesInitialResponse() {
        return true;
    }

    @Override
    public SaslStep begin(SaslClient client) {
        return SaslStep.ask(
                "",
                response -> PlainCredentials.parse(response)
                        .<SaslStep>map(said -> new SaslStep.Decided(
                                logins.logIn(client.attempt(said.user(), new Proof.Secret(said.secret())))))
                        .orElseGet(SaslStep.Malformed::new));
    }
}
