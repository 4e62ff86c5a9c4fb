package org.postern.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AddressTest {
    @ParameterizedTest
    @CsvSource({
        "ann@example.org,          ann@example.org",
        "Ann.Lee@EXAMPLE.org,      Ann.Lee@example.org",
        "'\"ann lee\"@example.org','\"ann lee\"@example.org'",
        "'\"ann\"@example.org',    ann@example.org",
        "'\"a@b\"@example.org',    '\"a@b\"@example.org'",
        "ann+shop@example.org,     ann+shop@example.org",
        "jürgen@bücher.example,    jürgen@xn--bcher-kva.example",
        "root@localhost,           root@localhost",
    })
    @DisplayName("RFC 5321 §4.1.2, RFC 6531 §3.3: what is an address, and how it is written back")
    void parses(String text, String written) {
        assertThat(Address.parse(text)).get().hasToString(written);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "@",
                "ann",
                "ann@",
                "@example.org",
                "ann@example",
                "a b@example.org",
                "a..b@example.org",
                ".ann@example.org",
                "ann.@example.org",
                "\"ann@example.org",
                "\"a\"b\"@example.org",
                "a\u0000b@example.org",
                "\"a\rb\"@example.org",
                "ann@-example.org",
                "ann@exa mple.org",
                "ann@example..org",
                "<ann@example.org>"
            })
    @DisplayName("what is no address is refused")
    void refuses(String text) {
        assertThat(Address.parse(text)).isEmpty();
    }

    @Test
    @DisplayName("RFC 5321 §4.5.3.1.1: a local part has at most 64 bytes")
    void localPartBound() {
        assertThat(Address.parse("a".repeat(64) + "@example.org")).isPresent();
        assertThat(Address.parse("a".repeat(65) + "@example.org")).isEmpty();
        assertThat(Address.parse("ü".repeat(32) + "@example.org")).isPresent();
        assertThat(Address.parse("ü".repeat(33) + "@example.org")).isEmpty();
    }

    @Test
    @DisplayName("the directory's key folds case and drops the detail, under any locale")
    void foldsAndDropsDetail() {
        var address = Address.parse("INFO+News+x@example.org").orElseThrow();
        assertThat(address.foldedLocalPart()).isEqualTo("info+news+x");
        assertThat(address.foldedLocalPartWithoutDetail()).isEqualTo("info");
        assertThat(Address.parse("+news@example.org").orElseThrow().foldedLocalPartWithoutDetail())
                .isEqualTo("+news");
    }
}
