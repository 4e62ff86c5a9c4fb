package org.postern.accounts;

import org.postern.model.TokenId;

/** A client token just made: the only time that its secret is seen. */
public record NewToken(TokenId id, String name, String secret) {
    /** Never shows the secret. */
    @Override
    public String toString() {
        return "client token " + id;
    }
}
