package org.postern.accounts;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** What a server keeps of a secret for SCRAM-SHA-256: RFC 5802 §3, RFC 7677. The arrays are not to be changed. */
@SuppressWarnings("ArrayRecordComponent") // Carried to one INSERT, never compared.
record ScramKeys(byte[] storedKey, byte[] serverKey) {
    /** RFC 7677 §4 asks for 4096 at least; a generated secret of 125 bits gains nothing from more. */
    static final int ITERATIONS = 4096;

    private static final int KEY_BITS = 256;

    /** @param password printable ASCII, so that SASLprep (RFC 4013) leaves it alone */
    static ScramKeys of(String password, byte[] salt) {
        var salted = salted(password, salt);
        var clientKey = Hmac.sha256(salted, ascii("Client Key"));
        return new ScramKeys(sha256(clientKey), Hmac.sha256(salted, ascii("Server Key")));
    }

    private static byte[] salted(String password, byte[] salt) {
        try {
            var spec = new PBEKeySpec(password.toCharArray(), salt, ITERATIONS, KEY_BITS);
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
