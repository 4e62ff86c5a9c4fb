package org.postern.accounts;

/** Decides every login. */
public final class Logins {
    /** Never throws for a database that is away: that is a refusal too. */
    public LoginOutcome logIn(LoginAttempt attempt) {
        throw new UnsupportedOperationException();
    }
}
