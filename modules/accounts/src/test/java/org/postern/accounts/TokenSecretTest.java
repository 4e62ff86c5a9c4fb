package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("A token's secret")
class TokenSecretTest {
    private static final String PLAIN = "abcdefghijk23456789mnpqrs";

    @Test
    @DisplayName("has 125 bits, in groups without look-alikes")
    void form() {
        assertThat(TokenSecret.ALPHABET).hasSize(32).doesNotContain("0", "1", "l", "o");
        assertThat(TokenSecret.ALPHABET.chars().distinct().count()).isEqualTo(32);
        var secret = TokenSecret.generate(new SecureRandom());
        assertThat(secret.plain()).hasSize(25);
        assertThat(secret.dashed()).matches("([2-9a-km-np-z]{5}-){4}[2-9a-km-np-z]{5}");
        assertThat(TokenSecret.typed(secret.dashed())).isEqualTo(secret);
        assertThat(secret).hasToString("a secret of 25 characters");
    }

    @ParameterizedTest
    @DisplayName("is known however it was typed")
    @ValueSource(
            strings = {
                "abcde-fghij-k2345-6789m-npqrs",
                "ABCDE-FGHIJ-K2345-6789M-NPQRS",
                "  abcde fghij k2345 6789m npqrs\t",
                "abcdefghijk23456789mnpqrs",
                "abcde\u2013fghij\u2014k2345\u00a06789m npqrs\r\n"
            })
    void typed(String text) {
        assertThat(TokenSecret.typed(text).plain()).isEqualTo(PLAIN);
        assertThat(TokenSecret.typed(text).sha256()).isEqualTo(new TokenSecret(PLAIN).sha256());
    }

    @Test
    @DisplayName("folds only ASCII, whatever the locale")
    void turkish() {
        assertThat(Locale.getDefault().getLanguage()).isEqualTo("tr");
        assertThat(TokenSecret.typed("I\u0130\u0131i").plain()).isEqualTo("i\u0130\u0131i");
    }
}
