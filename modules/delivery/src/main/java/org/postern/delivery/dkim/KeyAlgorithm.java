package org.postern.delivery.dkim;

import java.io.ByteArrayOutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.interfaces.RSAPublicKey;
import java.security.spec.NamedParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.Optional;

/** What may sign: RSA with SHA-256 (RFC 6376 §3.3.1, RFC 8301) and Ed25519 (RFC 8463). SHA-1 may not (RFC 8301 §3.1). */
public enum KeyAlgorithm {
    RSA("rsa", "rsa-sha256", "RSA", "SHA256withRSA"),
    ED25519("ed25519", "ed25519-sha256", "Ed25519", "Ed25519");

    /** RFC 8301 §3.2: what we make, and the least that we believe. */
    private static final int RSA_BITS = 2048;

    private static final int LEAST_RSA_BITS = 1024;

    /** What X.509 puts before an Ed25519 key's 32 bytes (RFC 8410 §4). */
    private static final byte[] ED25519_PREFIX = {0x30, 0x2a, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x03, 0x21, 0};

    private static final int ED25519_BYTES = 32;

    private final String keyType;
    private final String wire;
    private final String keyName;
    private final String signatureName;

    KeyAlgorithm(String keyType, String wire, String keyName, String signatureName) {
        this.keyType = keyType;
        this.wire = wire;
        this.keyName = keyName;
        this.signatureName = signatureName;
    }

    /** The tag {@code k=} of a key record; also what the database stores. */
    public String keyType() {
        return keyType;
    }

    /** The tag {@code a=} of a signature. */
    String wire() {
        return wire;
    }

    static Optional<KeyAlgorithm> ofKeyType(String name) {
        return Arrays.stream(values()).filter(each -> each.keyType.equals(name)).findFirst();
    }

    static Optional<KeyAlgorithm> ofWire(String name) {
        return Arrays.stream(values()).filter(each -> each.wire.equals(name)).findFirst();
    }

    KeyPair generate(SecureRandom random) {
        return Crypto.sure(() -> {
            var generator = KeyPairGenerator.getInstance(keyName);
            switch (this) {
                case RSA -> generator.initialize(RSA_BITS, random);
                case ED25519 -> generator.initialize(NamedParameterSpec.ED25519, random);
            }
            return generator.generateKeyPair();
        });
    }

    /** As a key record's {@code p=} has it: X.509 for RSA, the 32 bytes alone for Ed25519 (RFC 8463 §4). */
    byte[] published(PublicKey key) {
        var encoded = key.getEncoded();
        return switch (this) {
            case RSA -> encoded;
            case ED25519 -> Arrays.copyOfRange(encoded, ED25519_PREFIX.length, encoded.length);
        };
    }

    /** Empty for bytes that are no key of this kind, or one too weak to be believed. */
    Optional<PublicKey> publicKey(byte[] published) {
        try {
            var key = KeyFactory.getInstance(keyName).generatePublic(new X509EncodedKeySpec(x509(published)));
            boolean weak = key instanceof RSAPublicKey rsa && rsa.getModulus().bitLength() < LEAST_RSA_BITS;
            return weak ? Optional.empty() : Optional.of(key);
        } catch (GeneralSecurityException e) {
            return Optional.empty(); // Whatever else is wrong with it, it is nobody's key.
        }
    }

    private byte[] x509(byte[] published) {
        if (this == RSA || published.length != ED25519_BYTES) {
            return published;
        }
        var out = new ByteArrayOutputStream();
        out.writeBytes(ED25519_PREFIX);
        out.writeBytes(published);
        return out.toByteArray();
    }

    PrivateKey privateKey(byte[] pkcs8) {
        return Crypto.sure(() -> KeyFactory.getInstance(keyName).generatePrivate(new PKCS8EncodedKeySpec(pkcs8)));
    }

    byte[] sign(PrivateKey key, byte[] text) {
        return Crypto.sure(() -> {
            var signature = Signature.getInstance(signatureName);
            signature.initSign(key);
            signature.update(signed(text));
            return signature.sign();
        });
    }

    boolean verifies(PublicKey key, byte[] text, byte[] value) {
        try {
            var signature = Signature.getInstance(signatureName);
            signature.initVerify(key);
            signature.update(signed(text));
            return signature.verify(value);
        } catch (GeneralSecurityException e) {
            return false; // A value of another length, most often: it does not verify.
        }
    }

    /** RFC 8463 §3: Ed25519 signs the hash, not the text. */
    private byte[] signed(byte[] text) {
        return this == ED25519 ? Crypto.sha256(text) : text;
    }
}
