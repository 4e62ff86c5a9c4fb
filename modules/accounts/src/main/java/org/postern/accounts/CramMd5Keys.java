package org.postern.accounts;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;

/**
 * What a server keeps of a secret for CRAM-MD5 (RFC 2195 §2): MD5's states behind the inner and the outer pad of HMAC
 * (RFC 2104 §4). They answer challenges as the secret does, so they exist only for tokens that are made for it.
 *
 * @param states the inner one, then the outer one; not to be changed
 */
@SuppressWarnings("ArrayRecordComponent") // Carried between a row and one computation, never compared.
record CramMd5Keys(byte[] states) {
    /** Of no secret. */
    static final CramMd5Keys NOBODYS = new CramMd5Keys(new byte[2 * Md5.STATE]);

    private static final byte INNER = 0x36;
    private static final byte OUTER = 0x5C;

    /** @param password printable ASCII, at most {@value Md5#BLOCK} characters */
    static CramMd5Keys of(String password) {
        var key = password.getBytes(StandardCharsets.US_ASCII);
        if (key.length > Md5.BLOCK) {
            throw new IllegalArgumentException("a secret has at most " + Md5.BLOCK + " characters");
        }
        var states = Arrays.copyOf(Md5.stateAfter(padded(key, INNER)), 2 * Md5.STATE);
        System.arraycopy(Md5.stateAfter(padded(key, OUTER)), 0, states, Md5.STATE, Md5.STATE);
        return new CramMd5Keys(states);
    }

    /** Whether the proof comes from the secret of these keys. Takes the same time whether it does or not. */
    boolean answeredBy(Proof.CramMd5 proof) {
        var inner = Arrays.copyOf(states, Md5.STATE);
        var outer = Arrays.copyOfRange(states, Md5.STATE, 2 * Md5.STATE);
        var expected = Md5.digest(outer, Md5.digest(inner, proof.challenge()));
        return MessageDigest.isEqual(expected, proof.digest());
    }

    private static byte[] padded(byte[] key, byte pad) {
        var block = Arrays.copyOf(key, Md5.BLOCK);
        for (int i = 0; i < block.length; i++) {
            block[i] ^= pad;
        }
        return block;
    }
}
