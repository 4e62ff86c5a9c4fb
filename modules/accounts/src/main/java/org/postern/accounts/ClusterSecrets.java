package org.postern.accounts;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
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
     * The SCRAM salt of who a client says it is (RFC 5802 §5.1): one for all tokens of a mailbox, and one for whatever
     * else is typed, so that it tells a stranger nothing. An alias has one of its own, which no token fits: with the
     * mailbox's it would tell whose alias it is.
     */
    public byte[] scramSalt(String user) {
        return Address.parse(user).map(this::scramSalt).orElseGet(() -> salt(user.toLowerCase(Locale.ROOT)));
    }

    /** @param address a mailbox's own, in any case */
    byte[] scramSalt(Address address) {
        return salt(folded(address));
    }

    private byte[] salt(String folded) {
        return Arrays.copyOf(Hmac.sha256(scramSalt, utf8(folded)), SALT_BYTES);
    }

    /** By what a wrong secret is known again; it may be somebody's password, so it is never kept itself. */
    byte[] failureMark(String address, Proof wrong) {
        return Hmac.sha256(loginFailure, utf8(address), new byte[1], utf8(wrong.mark()));
    }

    private static String folded(Address address) {
        return address.foldedLocalPart() + '@' + address.domain();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
