package org.postern.accounts;

import java.security.SecureRandom;
import java.util.List;
import org.postern.database.Database;
import org.postern.model.Address;

/** Client tokens: made, listed, revoked. */
public final class Tokens {
    public Tokens(Database database, ClusterSecrets secrets, SecureRandom random) {}

    public Outcome<NewToken> create(Address mailbox, TokenRequest request) {
        throw new UnsupportedOperationException();
    }

    /** Newest last; revoked ones too. */
    public Outcome<List<TokenInfo>> list(Address mailbox) {
        throw new UnsupportedOperationException();
    }

    /** @param token its name, without regard to case, or its id; live connections end at once, cluster-wide */
    public Outcome<TokenInfo> revoke(Address mailbox, String token) {
        throw new UnsupportedOperationException();
    }
}
