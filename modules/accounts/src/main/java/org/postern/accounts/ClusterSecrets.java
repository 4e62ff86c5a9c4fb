package org.postern.accounts;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Locale;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import org.postern.database.Database;
import org.postern.model.Address;

/** Keys that every node shares, made at the first start. They never leave this class. */
public final class ClusterSecrets {
    private static final int BYTES = 32;
    private static final int SALT_BYTES = 16;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final byte[] scramSalt;
    private final byte[] loginFailure;
    private final SecretKeySpec seal;
    private final SecureRandom random;

    private ClusterSecrets(byte[] scramSalt, byte[] loginFailure, byte[] seal, SecureRandom random) {
        this.scramSalt = scramSalt;
        this.loginFailure = loginFailure;
        this.seal = new SecretKeySpec(seal, "AES");
        this.random = random;
    }

    /** Reads the keys, and makes those that are missing: several nodes may do so at once. */
    public static ClusterSecrets load(Database database, SecureRandom random) {
        return new ClusterSecrets(
                load(database, random, "scram-salt"),
                load(database, random, "login-failure"),
                load(database, random, "seal"),
                random);
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

    /**
     * Bytes that only this cluster can read again, and only as what they were (AES-256-GCM).
     *
     * @param about what they belong to
     */
    public byte[] seal(byte[] plain, String about) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        var sealed = cipher(Cipher.ENCRYPT_MODE, nonce, about, plain, 0);
        var whole = Arrays.copyOf(nonce, nonce.length + sealed.length);
        System.arraycopy(sealed, 0, whole, nonce.length, sealed.length);
        return whole;
    }

    /**
     * What {@link #seal} was given.
     *
     * @throws IllegalStateException when it was sealed by another cluster, or about something else
     */
    public byte[] open(byte[] sealed, String about) {
        return cipher(Cipher.DECRYPT_MODE, Arrays.copyOf(sealed, NONCE_BYTES), about, sealed, NONCE_BYTES);
    }

    private byte[] cipher(int mode, byte[] nonce, String about, byte[] bytes, int from) {
        try {
            var cipher = Cipher.getInstance("AES/GCM/NoPadding");
            cipher.init(mode, seal, new GCMParameterSpec(TAG_BITS, nonce));
            cipher.updateAAD(utf8(about));
            return cipher.doFinal(bytes, from, bytes.length - from);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("a seal does not open: " + about, e);
        }
    }

    private static String folded(Address address) {
        return address.foldedLocalPart() + '@' + address.domain();
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
