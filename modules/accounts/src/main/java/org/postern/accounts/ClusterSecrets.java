package org.postern.accounts;

import java.security.SecureRandom;
import org.postern.database.Database;

/** Keys that every node shares, made at the first start. */
public final class ClusterSecrets {
    public static ClusterSecrets load(Database database, SecureRandom random) {
        throw new UnsupportedOperationException();
    }
}
