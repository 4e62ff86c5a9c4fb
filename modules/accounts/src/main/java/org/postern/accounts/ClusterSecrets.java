package org.postern.accounts;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import org.postern.database.Database;
import org.postern.model.Address;

/** Keys that every node shares, made at the first start. They never leave this class. */
public final class ClusterSecrets {
    private static final int BYTES = 32;
    private static final int SALT_BYTES = 16;

    private final byte[] scramSalt;
    private final byte[] loginFailure;

    private ClusterSecrets(byte[] scramSalt, byte[] loginFailure) {
        this.scramSalt = scramSalt;
        this.loginFailure = loginFailure;
    }

    /** Reads the keys, and makes those that are missing: several nodes may do so at once. */
    public static ClusterSecrets load(Database database, SecureRandom random) {
        return new ClusterSecrets(load(database, random, "scram-salt"), load(database, random, "login-failure"));
    }

    private static byte[] load(Database database, SecureRandom random, String name) {
        var fresh = new byte[BYTES];
        random.nextBytes(fresh);
        return database.transact(tx -> {
            tx.update(
                    "INSERT INTO directory.cluster_secret (name, value) VALUES (?, ?) ON CONFLICT DO NOTHING",
                    name,
                    fresh);
            return tx.one("SELECT value FROM directory.cluster_secret WHERE name = ?", row -> row.bytes(1), name);
        });
    }

    /**
     * The SCRAM salt of an address (RFC 5802 §5.1), the same for all tokens of its mailbox, and for an address that
     * nobody has: asking for it tells a stranger nothing.
     *
     * @param address a mailbox's own; as typed when nobody has it
     */
    public byte[] scramSalt(Address address) {
        return Arrays.copyOf(Hmac.sha256(scramSalt, utf8(folded(address))), SALT_BYTES);
    }

    /** By what a wrong secret is known again; it may be somebody's password, so it is never kept itself. */
    byte[] failureMark(String address, TokenSecret secret) {
        return Hmac.sha256(loginFailure, utf8(address), new byte[1], utf8(secret.plain()));
    }

    private static String folded(Address address) {
        return address.foldedLocalPart() + '@' + address.domain();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
