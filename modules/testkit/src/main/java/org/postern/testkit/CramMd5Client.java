package org.postern.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** The client's side of CRAM-MD5 (RFC 2195 §2), in base64 as the wire has it. */
public final class CramMd5Client {
    private static final String ALGORITHM = "HmacMD5";

    private CramMd5Client() {}

    /** What a client answers to the challenge. */
    public static String answer(String user, String secret, String challenge) {
        try {
            var mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM));
            var digest = mac.doFinal(Base64.getDecoder().decode(challenge));
            var said = user + ' ' + HexFormat.of().formatHex(digest);
            return Base64.getEncoder().encodeToString(said.getBytes(UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every JDK has " + ALGORITHM, e);
        }
    }
}
