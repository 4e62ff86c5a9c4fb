package org.postern.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class FlagsTest {
    @Test
    @DisplayName("RFC 9051 §2.3.2: system flags are known in any case, under any locale")
    void systemFlags() {
        assertThat(SystemFlag.of("\\FLAGGED")).contains(SystemFlag.FLAGGED);
        assertThat(SystemFlag.of("\\flagged")).contains(SystemFlag.FLAGGED);
        assertThat(SystemFlag.of("\\Recent")).isEmpty();
        assertThat(Flags.of(SystemFlag.SEEN, SystemFlag.DRAFT).names()).containsExactly("\\Seen", "\\Draft");
    }

    @Test
    @DisplayName("a keyword is one whatever its case, shown as first given")
    void keywords() {
        var flags = new Flags(0, List.of(new Keyword("$Forwarded"), new Keyword("junk")));
        assertThat(flags.with(new Flags(0, List.of(new Keyword("JUNK")))).names())
                .containsExactly("$Forwarded", "junk");
        assertThat(flags.has(new Keyword("$FORWARDED"))).isTrue();
        assertThat(flags.without(new Flags(0, List.of(new Keyword("Junk")))).names())
                .containsExactly("$Forwarded");
    }

    @Test
    @DisplayName("RFC 9051 §9: a keyword is an atom of at most 64 characters")
    void keywordBounds() {
        assertThat(Keyword.isValid("k".repeat(Keyword.MAX_LENGTH))).isTrue();
        assertThat(Keyword.isValid("k".repeat(Keyword.MAX_LENGTH + 1))).isFalse();
        for (var bad : List.of("", "\\Seen", "a b", "a(", "a)", "a{", "a%", "a*", "a\"", "a]", "ü", "a\u007f")) {
            assertThat(Keyword.isValid(bad)).as(bad).isFalse();
        }
    }

    @Test
    @DisplayName("a message has at most 64 keywords")
    void keywordCount() {
        var most = IntStream.range(0, Flags.MAX_KEYWORDS)
                .mapToObj(i -> new Keyword("k" + i))
                .toList();
        var flags = new Flags(0, most);
        assertThat(flags.keywords()).hasSize(Flags.MAX_KEYWORDS);
        assertThatThrownBy(() -> flags.with(new Flags(0, List.of(new Keyword("one-more")))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("RFC 9051 §6.4.6: FLAGS, +FLAGS, -FLAGS")
    void changes() {
        var before = Flags.of(SystemFlag.SEEN, SystemFlag.FLAGGED);
        var deleted = Flags.of(SystemFlag.DELETED);
        assertThat(new FlagChange(FlagChange.Mode.REPLACE, deleted).applyTo(before))
                .isEqualTo(deleted);
        assertThat(new FlagChange(FlagChange.Mode.ADD, deleted).applyTo(before))
                .isEqualTo(Flags.of(SystemFlag.SEEN, SystemFlag.FLAGGED, SystemFlag.DELETED));
        assertThat(new FlagChange(FlagChange.Mode.REMOVE, Flags.of(SystemFlag.SEEN)).applyTo(before))
                .isEqualTo(Flags.of(SystemFlag.FLAGGED));
    }
}
