package org.postern.model;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.IDN;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DomainTest {
    @Test
    void becomesALabels() {
        assertThat(Domain.parse("Bücher.Example")).contains(new Domain("xn--bcher-kva.example"));
        assertThat(Domain.parse("MAIL.example.COM").orElseThrow().name()).isEqualTo("mail.example.com");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "", ".", "example", "a..b", ".a.b", "a.b.", "-a.b", "a-.b", "a.b-", "a_b.c", "a b.c", "a.b\n", "[1].b"
            })
    void refusesWhatIsNone(String text) {
        assertThat(Domain.parse(text)).isEmpty();
    }

    @Test
    @DisplayName("names of plain letters take a shorter way to what IDNA says of them")
    void agreesWithIdna() {
        long seed = System.nanoTime();
        var random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            var text = new StringBuilder();
            for (int length = random.nextInt(1, 70); length > 0; length--) {
                text.append("aZ09-.".charAt(random.nextInt(6)));
            }
            text.append(".x");
            assertThat(Domain.parse(text.toString()).map(Domain::name))
                    .as("%s, seed %d", text, seed)
                    .isEqualTo(byIdna(text.toString()));
        }
    }

    private static Optional<String> byIdna(String text) {
        try {
            return Optional.of(IDN.toASCII(text, IDN.USE_STD3_ASCII_RULES).toLowerCase(Locale.ROOT))
                    .filter(name -> !("." + name + ".").contains(".."));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
