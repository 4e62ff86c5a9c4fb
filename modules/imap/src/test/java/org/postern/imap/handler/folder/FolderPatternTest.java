package org.postern.imap.handler.folder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.postern.imap.ImapLimits;

class FolderPatternTest {
    @ParameterizedTest
    @CsvSource({
        "*, a/b, true",
        "%, a, true",
        "%, a/b, false",
        "%/%, a/b, true",
        "a/%, a/b/c, false",
        "a/*, a/b/c, true",
        "a/%c, a/b/c, false",
        "a*c, a/b/c, true",
        "a%, ab, true",
        "%b*, ab/c, true",
        "*%, a/b, true",
        "inbox, INBOX, true",
        "iNbOx/*, INBOX/a, true",
        "inbox*, INBOX, true",
        "inboxes, inboxes, true",
        "a, A, false",
        "a/, a, false",
        "*x*y, axbxcy, true",
        "%x%y/*, axxy/q, true",
        "i%, INBOX, false"
    })
    @DisplayName("RFC 3501 §6.3.8: wildcards")
    void matches(String pattern, String name, boolean expected) {
        assertThat(pattern(pattern).matches(name)).isEqualTo(expected);
    }

    private static FolderPattern pattern(String pattern) {
        return FolderPattern.of("", pattern, ImapLimits.STANDARD).orElseThrow();
    }

    @Test
    @DisplayName("agrees with a regular expression on random patterns")
    void oracle() {
        long seed = RandomGenerator.getDefault().nextLong();
        var random = new java.util.Random(seed);
        for (int i = 0; i < 20_000; i++) {
            var pattern = random(random, "ab/*%", 8);
            var name = random(random, "ab/", 8);
            if (pattern.isEmpty() || name.isEmpty()) {
                continue;
            }
            var regex = new StringBuilder();
            pattern.chars().forEach(c -> regex.append(c == '*' ? ".*" : c == '%' ? "[^/]*" : Character.toString(c)));
            assertThat(pattern(pattern).matches(name))
                    .as("seed %d: %s against %s", seed, pattern, name)
                    .isEqualTo(Pattern.matches(regex.toString(), name));
        }
    }

    private static String random(java.util.Random random, String alphabet, int max) {
        var text = new StringBuilder();
        for (int i = random.nextInt(max); i > 0; i--) {
            text.append(alphabet.charAt(random.nextInt(alphabet.length())));
        }
        return text.toString();
    }

    @Test
    @DisplayName("bound: pattern length and wildcards; neighbours count once")
    void bounds() {
        var limits = ImapLimits.STANDARD;
        assertThat(FolderPattern.of("", "a".repeat(limits.patternChars()), limits))
                .isPresent();
        assertThat(FolderPattern.of("a", "a".repeat(limits.patternChars()), limits))
                .isEmpty();
        assertThat(FolderPattern.of("", "*a".repeat(limits.wildcards()), limits))
                .isPresent();
        assertThat(FolderPattern.of("", "*a".repeat(limits.wildcards() + 1), limits))
                .isEmpty();
        assertThat(FolderPattern.of("", "*%".repeat(10_000), limits)).isPresent();
    }
}
