package org.postern.accounts.sasl;

import java.util.Optional;
import org.postern.accounts.Logins;
import org.postern.accounts.Proof;

/** LOGIN, never standardised, which Outlook speaks (draft-murchison-sasl-login-00): name and secret, one after the other. */
final class LoginMechanism implements Mechanism {
    private final Logins logins;

    LoginMechanism(Logins logins) {
        this.logins = logins;
    }

    @Override
    public String name() {
        return "LOGIN";
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
                "Username:",
                user -> SaslStep.ask("Password:", secret -> decide(Utf8.decode(user), Utf8.decode(secret), client)));
    }

    private SaslStep decide(Optional<String> user, Optional<String> secret, SaslClient client) {
        return user.isPresent() && secret.isPresent()
                ? new SaslStep.Decided(logins.logIn(client.attempt(user.get(), new Proof.Secret(secret.get()))))
                : new SaslStep.Malformed();
    }
}
