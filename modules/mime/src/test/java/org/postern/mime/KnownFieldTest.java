package org.postern.mime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class KnownFieldTest {
    private static KnownField of(String line) {
        var cursor = new FieldCursor(line.getBytes(StandardCharsets.ISO_8859_1));
        assertThat(cursor.next()).isTrue();
        return KnownField.at(cursor);
    }

    private static String nameOf(KnownField field) {
        return field.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    @ParameterizedTest
    @EnumSource(mode = EnumSource.Mode.EXCLUDE, names = "OTHER")
    @DisplayName("RFC 5322 §2.2, §4.5: known whatever its case, with space before the colon; and only as a whole")
    void known(KnownField field) {
        var name = nameOf(field);
        assertThat(of(name + ": x")).isEqualTo(field);
        assertThat(of(name.toUpperCase(Locale.ROOT) + " \t:")).isEqualTo(field);
        assertThat(of(name)).isEqualTo(KnownField.OTHER);
        assertThat(of(name + "s: x")).isEqualTo(KnownField.OTHER);
        assertThat(of("x-" + name + ": x")).isEqualTo(KnownField.OTHER);
        assertThat(field.isOfContent()).isEqualTo(name.startsWith("content-"));
    }

    @ParameterizedTest
    @ValueSource(strings = {":", " : x", "other: x", "Received: x", "fr\u00f6m: x", "From x"})
    @DisplayName("no other, and no line without a name")
    void other(String line) {
        assertThat(of(line)).isEqualTo(KnownField.OTHER);
        assertThat(of("x".repeat(70_000) + ": x")).isEqualTo(KnownField.OTHER);
    }

    @Test
    @DisplayName("a part's header has content fields alone: its addresses cost nothing of what may be kept")
    void ofContent() {
        var kept = new Kept(100);
        var block = "To: joe@example.org\r\nContent-ID: <i>\r\n".getBytes(StandardCharsets.ISO_8859_1);
        var fields = new FieldReader(new FieldCursor(block), false, MimeLimits.DEFAULT, kept).contentFields(false);
        assertThat(fields.id()).contains("<i>");
        assertThat(kept.take(100 - "<i>".length() - 2 * 16)).isTrue();
    }
}
