package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.HexFormat;
import java.util.Random;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class CramMd5KeysTest {
    @Test
    @DisplayName("RFC 2195 §3: the example's digest comes from the stored states")
    void example() {
        var proof = new Proof.CramMd5(
                ascii("<1896.697170952@postoffice.reston.mci.net>"),
                HexFormat.of().parseHex("b913a602c7eda7a495b4e6e7334d3890"));
        assertThat(CramMd5Keys.of("tanstaaftanstaaf").answeredBy(proof)).isTrue();
        assertThat(CramMd5Keys.of("tanstaaftanstaag").answeredBy(proof)).isFalse();
        assertThat(CramMd5Keys.NOBODYS.answeredBy(proof)).isFalse();
    }

    @Test
    @DisplayName("RFC 2104: for challenges of every length the digest is the JDK's HMAC-MD5")
    void everyLength() throws GeneralSecurityException {
        var random = new Random(2195);
        for (int length = 0; length <= 3 * Md5.BLOCK; length++) {
            var challenge = new byte[length];
            random.nextBytes(challenge);
            var secret = "abcde-fghij-".repeat(5).substring(0, 1 + length % 60);
            var mac = Mac.getInstance("HmacMD5");
            mac.init(new SecretKeySpec(ascii(secret), "HmacMD5"));
            var proof = new Proof.CramMd5(challenge, mac.doFinal(challenge));
            assertThat(CramMd5Keys.of(secret).answeredBy(proof))
                    .as("length " + length)
                    .isTrue();
        }
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }
}
