package org.postern.smtp;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.smtp.Path.Parameter;

class PathTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '\'', textBlock = """
            FROM:<a@b.example>                    | a@b.example
            from:<a@b.example>                    | a@b.example
            FROM: <a@b.example>                   | a@b.example
            FROM:<@x.example,@y.example:a@b.example> | a@b.example
            FROM:<"a>b c"@b.example> SIZE=3       | "a>b c"@b.example
            FROM:<"a\\\">"@b.example>             | "a\\\">"@b.example
            FROM:<>                               | ''
            """)
    @DisplayName("RFC 5321 §4.1.2: paths, quoted local parts, obsolete source routes")
    void readsPaths(String argument, String address) {
        assertThat(Path.parse("FROM", argument)).map(Path::address).contains(address);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "FROM",
                "FROM:",
                "FROM a@b",
                "FROM:a@b.example",
                "FROM:<a@b.example",
                "FROM:a@b.example>",
                "FROM:<a@b.example>SIZE=3",
                "TO:<a@b.example>",
                "FROM:<@x.example>",
                "FRoM;<a@b>",
                "FROM :<a@b.example>"
            })
    void refusesOthers(String argument) {
        assertThat(Path.parse("FROM", argument)).isEmpty();
    }

    @Test
    void readsParameters() {
        assertThat(Path.parse("TO", "TO:<a@b.example>  notify=NEVER x  ORCPT=rfc822;a=b")
                        .orElseThrow()
                        .parameters())
                .isEqualTo(List.of(
                        new Parameter("NOTIFY", Optional.of("NEVER")),
                        new Parameter("X", Optional.empty()),
                        new Parameter("ORCPT", Optional.of("rfc822;a=b"))));
    }
}
