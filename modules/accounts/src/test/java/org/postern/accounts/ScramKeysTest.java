package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class ScramKeysTest {
    private static final byte[] MESSAGE = ("n=user,r=rOprNGfwEbeRWgbNEkqO,"
                    + "r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0,s=W22ZaJ0SNY7soEsUEjb6gQ==,i=4096,"
                    + "c=biws,r=rOprNGfwEbeRWgbNEkqO%hvYDpWUa2RaTCAfuxFIlj)hNlF$k0")
            .getBytes(StandardCharsets.US_ASCII);
    private static final byte[] PROOF = Base64.getDecoder().decode("dHzbZapWIk4jUhN+Ute9ytag9zjfMHgsqmmiz7AndVQ=");

    private final ScramKeys keys = ScramKeys.of("pencil", Base64.getDecoder().decode("W22ZaJ0SNY7soEsUEjb6gQ=="));

    @Test
    @DisplayName("RFC 7677 §3: the example's proof fits the stored keys, and they make its signature")
    void example() {
        var proof = new Proof.Scram(MESSAGE, PROOF);
        assertThat(keys.answeredBy(proof)).isTrue();
        assertThat(Base64.getEncoder().encodeToString(keys.sign(proof)))
                .isEqualTo("6rriTRBi23WpRR/wtup+mMhUZUn/dB5nLTJRsjl95G4=");
    }

    @Test
    @DisplayName("another message, another bit, another length, another secret: no proof")
    void wrong() {
        assertThat(keys.answeredBy(new Proof.Scram(new byte[] {'x'}, PROOF))).isFalse();
        for (int i = 0; i < PROOF.length; i++) {
            var damaged = PROOF.clone();
            damaged[i] ^= 1;
            assertThat(keys.answeredBy(new Proof.Scram(MESSAGE, damaged))).isFalse();
        }
        for (int length : new int[] {0, PROOF.length - 1, PROOF.length + 1}) {
            assertThat(keys.answeredBy(new Proof.Scram(MESSAGE, Arrays.copyOf(PROOF, length))))
                    .isFalse();
        }
        assertThat(ScramKeys.NOBODYS.answeredBy(new Proof.Scram(MESSAGE, PROOF)))
                .isFalse();
    }
}
