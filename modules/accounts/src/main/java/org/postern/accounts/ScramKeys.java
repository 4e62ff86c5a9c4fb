package org.postern.accounts;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** What a server keeps of a secret for SCRAM-SHA-256: RFC 5802 §3, RFC 7677. The arrays are not to be changed. */
@SuppressWarnings("ArrayRecordComponent") // Carried between a row and one computation, never compared.
record ScramKeys(byte[] storedKey, byte[] serverKey) {
    private static final int KEY_BITS = 256;

    /** Of no secret. */
    static final ScramKeys NOBODYS = new ScramKeys(new byte[KEY_BITS / 8], new byte[KEY_BITS / 8]);

    /** @param password printable ASCII, so that SASLprep (RFC 4013) leaves it alone */
    static ScramKeys of(String password, byte[] salt) {
        var salted = salted(password, salt);
        var clientKey = Hmac.sha256(salted, ascii("Client Key"));
        return new ScramKeys(sha256(clientKey), Hmac.sha256(salted, ascii("Server Key")));
    }

    /** Whether the proof comes from the secret of these keys. Takes the same time whether it does or not. */
    boolean answeredBy(Proof.Scram proof) {
        var signature = Hmac.sha256(storedKey, proof.authMessage());
        var clientKey = new byte[signature.length];
        boolean sized = proof.clientProof().length == signature.length;
        for (int i = 0; i < clientKey.length; i++) {
            clientKey[i] = (byte) (signature[i] ^ (sized ? proof.clientProof()[i] : 0));
        }
        return MessageDigest.isEqual(sha256(clientKey), storedKey) && sized;
    }

    /** The ServerSignature: only who has these keys can make it. */
    byte[] sign(Proof.Scram proof) {
        return Hmac.sha256(serverKey, proof.authMessage());
    }

    private static byte[] salted(String password, byte[] salt) {
        try {
            var spec = new PBEKeySpec(password.toCharArray(), salt, Proof.Scram.ITERATIONS, KEY_BITS);
            return SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                    .generateSecret(spec)
                    .getEncoded();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has PBKDF2WithHmacSHA256", e);
        }
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
