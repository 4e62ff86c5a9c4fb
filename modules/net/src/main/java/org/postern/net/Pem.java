package org.postern.net;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/** Certificates and keys in textual form (RFC 7468); keys as PKCS #8, PKCS #1 (RFC 8017 §A.1.2) or SEC 1 (RFC 5915 §3). */
final class Pem {
    /** No certificate file is larger; a wrong path must not fill the heap. */
    private static final long MAX_FILE = 1 << 20;

    private static final String BEGIN = "-----BEGIN ";
    private static final String END = "-----END ";
    private static final String DASHES = "-----";

    private static final byte[] VERSION_0 = {2, 1, 0};
    /** {@code SEQUENCE { rsaEncryption, NULL }} (RFC 8017 §A.1). */
    private static final byte[] RSA = {
        0x30, 0x0d, 0x06, 0x09, 0x2a, (byte) 0x86, 0x48, (byte) 0x86, (byte) 0xf7, 0x0d, 1, 1, 1, 5, 0
    };
    /** {@code id-ecPublicKey} (RFC 5480 §2.1.1). */
    private static final byte[] EC = {0x06, 0x07, 0x2a, (byte) 0x86, 0x48, (byte) 0xce, 0x3d, 2, 1};

    private static final int SEQUENCE = 0x30;
    private static final int OCTET_STRING = 0x04;
    private static final int CURVE = 0xa0;

    private Pem() {}

    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    private record Block(String label, byte[] der) {}

    /** The chain as the file has it, the server's own certificate first. */
    static List<X509Certificate> chain(Path file) throws IOException, GeneralSecurityException {
        var factory = CertificateFactory.getInstance("X.509");
        var chain = new ArrayList<X509Certificate>();
        for (var block : blocks(file)) {
            if (block.label().equals("CERTIFICATE")) {
                chain.add((X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der())));
            }
        }
        if (chain.isEmpty()) {
            throw new CertificateException("no CERTIFICATE in " + file);
        }
        return chain;
    }

    /** The first private key of the file. */
    static PrivateKey key(Path file) throws IOException, GeneralSecurityException {
        for (var block : blocks(file)) {
            switch (block.label()) {
                case "PRIVATE KEY" -> {
                    return pkcs8(block.der());
                }
                case "RSA PRIVATE KEY" -> {
                    return pkcs8(der(SEQUENCE, VERSION_0, RSA, der(OCTET_STRING, block.der())));
                }
                case "EC PRIVATE KEY" -> {
                    var algorithm = der(SEQUENCE, EC, curve(block.der()));
                    return pkcs8(der(SEQUENCE, VERSION_0, algorithm, der(OCTET_STRING, block.der())));
                }
                case "ENCRYPTED PRIVATE KEY" ->
                    throw new InvalidKeyException(
                            "the key in " + file + " is encrypted; store it without a passphrase");
                default -> {} // Certificates, EC PARAMETERS, DH PARAMETERS may share the file.
            }
        }
        throw new InvalidKeyException("no private key in " + file);
    }

    private static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
        var spec = new PKCS8EncodedKeySpec(der);
        var why = new InvalidKeyException("neither an EC, RSA nor EdDSA key");
        for (var algorithm : List.of("EC", "RSA", "EdDSA")) { // The encoding names it; the JDK has no way to ask.
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                why.addSuppressed(e);
            }
        }
        throw why;
    }

    private static List<Block> blocks(Path file) throws IOException, GeneralSecurityException {
        if (Files.size(file) > MAX_FILE) {
            throw new IOException(file + " is too large for a PEM file");
        }
        var text = Files.readString(file, StandardCharsets.ISO_8859_1);
        var blocks = new ArrayList<Block>();
        for (int begin = text.indexOf(BEGIN); begin >= 0; begin = text.indexOf(BEGIN, begin + 1)) {
            int label = begin + BEGIN.length();
            int labelEnd = text.indexOf(DASHES, label);
            int end = labelEnd < 0 ? -1 : text.indexOf(END, labelEnd);
            if (end < 0) {
                throw new CertificateException("unfinished block in " + file);
            }
            try {
                var body = text.substring(labelEnd + DASHES.length(), end);
                blocks.add(new Block(
                        text.substring(label, labelEnd), Base64.getMimeDecoder().decode(body)));
            } catch (IllegalArgumentException e) {
                throw new CertificateException("damaged base64 in " + file, e);
            }
        }
        return blocks;
    }

    /** {@code ECPrivateKey ::= SEQUENCE { version, privateKey OCTET STRING, [0] parameters … }}: the named curve's OID. */
    private static byte[] curve(byte[] sec1) throws InvalidKeyException {
        try {
            int at = sec1[1] < 0 ? 2 + (sec1[1] & 0x7f) : 2; // into the sequence; lengths over 127 take more bytes
            at += VERSION_0.length;
            at += 2 + sec1[at + 1];
            if (at < sec1.length && (sec1[at] & 0xff) == CURVE) {
                var oid = new byte[sec1[at + 1]];
                System.arraycopy(sec1, at + 2, oid, 0, oid.length);
                return oid;
            }
        } catch (IndexOutOfBoundsException | NegativeArraySizeException e) {
            throw new InvalidKeyException("damaged EC private key", e);
        }
        throw new InvalidKeyException("the EC private key does not name its curve; convert it to PKCS #8");
    }

    private static byte[] der(int tag, byte[]... parts) {
        var body = new ByteArrayOutputStream();
        for (var part : parts) {
            body.writeBytes(part);
        }
        var out = new ByteArrayOutputStream();
        out.write(tag);
        int length = body.size();
        if (length < 0x80) {
            out.write(length);
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(length) + 7) / Byte.SIZE;
            out.write(0x80 | bytes);
            for (int shift = (bytes - 1) * Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
                out.write(length >>> shift);
            }
        }
        out.writeBytes(body.toByteArray());
        return out.toByteArray();
    }
}
