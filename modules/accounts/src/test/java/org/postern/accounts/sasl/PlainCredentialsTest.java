package org.postern.accounts.sasl;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlainCredentialsTest {
    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0ann@example.org\0a b-c", "ann@example.org\0ann@example.org\0a b-c"})
    @DisplayName("RFC 4616 §2: user and secret; acting for oneself is no acting for somebody else")
    void parses(String response) {
        assertThat(PlainCredentials.parse(utf8(response))).contains(new PlainCredentials("ann@example.org", "a b-c"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "ann", "\0ann", "ann\0secret", "\0\0secret", "\0ann\0", "bob\0ann\0secret", "\0ann\0sec\0ret"
            })
    @DisplayName("anything else is refused")
    void refuses(String response) {
        assertThat(PlainCredentials.parse(utf8(response))).isEmpty();
    }

    @Test
    @DisplayName("what is not UTF-8 is refused, and nothing shows a secret")
    void refusesDamage() {
        assertThat(PlainCredentials.parse(new byte[] {0, 'a', 0, (byte) 0xC3, '('}))
                .isEmpty();
        assertThat(new PlainCredentials("ann", "tell-nobody")).asString().doesNotContain("tell-nobody");
    }
}
