package org.postern.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FolderNameTest {
    @Test
    @DisplayName("RFC 9051 §5.1: INBOX in any case is one folder, also as a first level")
    void inbox() {
        assertThat(new FolderName("inbox")).isEqualTo(FolderName.INBOX);
        assertThat(new FolderName("InBox/Work")).hasToString("INBOX/Work");
        assertThat(new FolderName("inboxes")).hasToString("inboxes");
        assertThat(new FolderName("Work/inbox")).hasToString("Work/inbox");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "/", "a/", "/a", "a//b", "a*", "a%", "a\u0000b", "a\nb", "a\u2028b", "\uD800"})
    @DisplayName("what cannot name a folder says why")
    void refuses(String text) {
        assertThat(FolderName.problemOf(text)).isPresent();
        assertThatThrownBy(() -> new FolderName(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    @DisplayName("composed and decomposed spellings are one name (NFC)")
    void normalises() {
        assertThat(new FolderName("Entwu\u0308rfe")).isEqualTo(new FolderName("Entwürfe"));
    }

    @Test
    @DisplayName("bounds: bytes of a level, levels, bytes in all")
    void bounds() {
        assertThat(FolderName.problemOf("a".repeat(FolderName.MAX_LEVEL_BYTES))).isEmpty();
        assertThat(FolderName.problemOf("a".repeat(FolderName.MAX_LEVEL_BYTES + 1)))
                .isPresent();
        assertThat(FolderName.problemOf("a" + "/a".repeat(FolderName.MAX_LEVELS - 1)))
                .isEmpty();
        assertThat(FolderName.problemOf("a" + "/a".repeat(FolderName.MAX_LEVELS)))
                .isPresent();
        assertThat(FolderName.problemOf("ab/".repeat(2) + ("a".repeat(200) + "/").repeat(5) + "a".repeat(13)))
                .isEmpty();
        assertThat(FolderName.problemOf("ab/".repeat(2) + ("a".repeat(200) + "/").repeat(5) + "a".repeat(14)))
                .isPresent();
    }

    @Test
    @DisplayName("RFC 9051 §6.3.6: a child moves with its parent, a namesake does not")
    void moves() {
        var work = new FolderName("Work");
        assertThat(new FolderName("Work/2026").isBelow(work)).isTrue();
        assertThat(new FolderName("Workshop").isBelow(work)).isFalse();
        assertThat(new FolderName("Work/2026").moved(work, new FolderName("Old/Work")))
                .hasToString("Old/Work/2026");
        assertThatThrownBy(() -> new FolderName("Workshop").moved(work, work))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
