package org.postern.accounts;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 9106: account passwords")
class AccountPasswordsTest {
    private final AccountPasswords passwords = new AccountPasswords(new SecureRandom());

    @Test
    @DisplayName("match their own hash only, which is salted")
    void matches() {
        var hash = passwords.hash("correct horse 马");
        assertThat(hash).startsWith("$argon2id$v=19$m=19456,t=2,p=1$");
        assertThat(passwords.hash("correct horse 马")).isNotEqualTo(hash);
        assertThat(passwords.matches("correct horse 马", hash)).isTrue();
        assertThat(passwords.matches("correct horse", hash)).isFalse();
        assertThat(passwords.matchesOrNobodys("correct horse", Optional.empty()))
                .isFalse();
    }

    @Test
    @DisplayName("are checked against a hash of another program with other parameters")
    void foreignHash() {
        // argon2 1.0 of the reference implementation: echo -n password | argon2 somesalt -id -t 2 -k 65536 -p 1
        assertThat(passwords.matches(
                        "password",
                        "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"))
                .isTrue();
    }

    @ParameterizedTest
    @DisplayName("match no damaged hash, and none that asks for more than a server can bear")
    @ValueSource(
            strings = {
                "",
                "$argon2i$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=99999999,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=8,t=0,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc",
                "$argon2id$v=19$m=8,t=1,p=0$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
            })
    void damaged(String hash) {
        assertThat(passwords.matches("password", hash)).isFalse();
    }

    @Test
    @DisplayName("are generated with 100 bits, or have ten characters")
    void strength() {
        assertThat(passwords.generate()).matches("([2-9a-km-np-z]{5}-){3}[2-9a-km-np-z]{5}");
        assertThat(passwords.problemWith("123456789")).isPresent();
        assertThat(passwords.problemWith("1234567890")).isEmpty();
        assertThat(passwords.problemWith("x".repeat(257))).isPresent();
    }
}
