package org.postern.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.crypto.Mac;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import javax.crypto.spec.SecretKeySpec;

/** The client's side of one SCRAM-SHA-256 exchange (RFC 5802, RFC 7677), in base64 as the wire has it. */
public final class ScramClient {
    private static final int KEY_BITS = 256;

    private final String header;
    private final byte[] binding;
    private final String secret;
    private final String bare;
    private byte[] expected = {};

    private ScramClient(String header, byte[] binding, String user, String secret) {
        this.header = header;
        this.binding = binding;
        this.secret = secret;
        var nonce = new byte[18];
        new SecureRandom().nextBytes(nonce);
        this.bare = "n=" + user.replace("=", "=3D").replace(",", "=2C") + ",r="
                + Base64.getEncoder().encodeToString(nonce);
    }

    /** Of a client that cannot bind to the channel. */
    public static ScramClient bare(String user, String secret) {
        return withHeader("n,,", user, secret);
    }

    /** Of a client that binds to the channel whose server showed this certificate, signed with SHA-256. */
    public static ScramClient plus(String user, String secret, X509Certificate certificate) {
        return new ScramClient("p=tls-server-end-point,,", sha256(der(certificate)), user, secret);
    }

    /** Of a client with an opinion of its own about channel binding, or about whom it acts for. */
    public static ScramClient withHeader(String header, String user, String secret) {
        return new ScramClient(header, new byte[0], user, secret);
    }

    /** The {@code client-first-message}. */
    public String first() {
        return base64(header + bare);
    }

    /** The {@code client-final-message} that answers the {@code server-first-message}. */
    public String last(String serverFirst) {
        var challenge = decoded(serverFirst);
        var says = Stream.of(challenge.split(","))
                .collect(Collectors.toMap(part -> part.charAt(0), part -> part.substring(2)));
        var bound = Arrays.copyOf(header.getBytes(UTF_8), header.length() + binding.length);
        System.arraycopy(binding, 0, bound, header.length(), binding.length);
        var unproven = "c=" + Base64.getEncoder().encodeToString(bound) + ",r=" + says.get('r');
        var message = (bare + ',' + challenge + ',' + unproven).getBytes(UTF_8);
        var salted = salted(says);
        expected = hmac(hmac(salted, "Server Key".getBytes(UTF_8)), message);
        var clientKey = hmac(salted, "Client Key".getBytes(UTF_8));
        var signature = hmac(sha256(clientKey), message);
        for (int i = 0; i < clientKey.length; i++) {
            clientKey[i] ^= signature[i];
        }
        return base64(unproven + ",p=" + Base64.getEncoder().encodeToString(clientKey));
    }

    /** Whether the server knows the secret, by its {@code server-final-message}. */
    public boolean trusts(String serverFinal) {
        return decoded(serverFinal).equals("v=" + Base64.getEncoder().encodeToString(expected));
    }

    private byte[] salted(Map<Character, String> says) {
        var spec = new PBEKeySpec(
                secret.toCharArray(),
                Base64.getDecoder().decode(says.get('s')),
                Integer.parseInt(says.get('i')),
                KEY_BITS);
        return computed(() -> SecretKeyFactory.getInstance("PBKDF2WithHmacSHA256")
                .generateSecret(spec)
                .getEncoded());
    }

    private static byte[] hmac(byte[] key, byte[] message) {
        return computed(() -> {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message);
        });
    }

    private static byte[] sha256(byte[] bytes) {
        return computed(() -> MessageDigest.getInstance("SHA-256").digest(bytes));
    }

    private static byte[] der(X509Certificate certificate) {
        return computed(certificate::getEncoded);
    }

    @FunctionalInterface
    private interface Computation {
        byte[] run() throws GeneralSecurityException;
    }

    private static byte[] computed(Computation computation) {
        try {
            return computation.run();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has what SCRAM-SHA-256 needs", e);
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(UTF_8));
    }

    private static String decoded(String base64) {
        return new String(Base64.getDecoder().decode(base64), UTF_8);
    }
}
