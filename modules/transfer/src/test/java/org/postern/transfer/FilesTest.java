package org.postern.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.model.FolderName;

/** What files of mail are made of: line ends, names, UIDLs. */
class FilesTest {
    private static InputStream splitAt(String text, int at) {
        var bytes = text.getBytes(StandardCharsets.ISO_8859_1);
        return new SequenceInputStream(
                new ByteArrayInputStream(bytes, 0, at), new ByteArrayInputStream(bytes, at, bytes.length - at));
    }

    @ParameterizedTest
    @CsvSource({"a␊b␊,a␍␊b␍␊", "a␍␊b␊,a␍␊b␍␊", "␊␊␊,␍␊␍␊␍␊", "a␍b␍␍␊,a␍b␍␍␊", "a,a"})
    @DisplayName("RFC 5322 §2.3: LF becomes CRLF, a CR alone stays, wherever the file is split")
    void canonical(String from, String to) throws IOException {
        var file = from.replace('␊', '\n').replace('␍', '\r');
        var mail = to.replace('␊', '\n').replace('␍', '\r');
        for (int at = 0; at <= file.length(); at++) {
            var in = new CanonicalLines(splitAt(file, at));
            assertThat(new String(in.readAllBytes(), StandardCharsets.ISO_8859_1))
                    .isEqualTo(mail);
            var one = new CanonicalLines(splitAt(file, at));
            var read = new StringBuilder();
            for (int b = one.read(); b >= 0; b = one.read()) {
                read.append((char) b);
            }
            assertThat(read).hasToString(mail);
        }
    }

    @ParameterizedTest
    @CsvSource({"a␍␊b␍␊,a␊b␊", "a␍,a␍", "a␍b␍␊␍,a␍b␊␍", "␍␍␊,␍␊"})
    @DisplayName("on the way out CRLF becomes LF and nothing else changes, however it is written")
    void written(String from, String to) throws IOException {
        var mail = from.replace('␊', '\n').replace('␍', '\r').getBytes(StandardCharsets.ISO_8859_1);
        for (int at = 0; at <= mail.length; at++) {
            var file = new ByteArrayOutputStream();
            var out = new FileLines(file);
            out.write(mail, 0, at);
            out.write(mail, at, mail.length - at);
            out.close();
            assertThat(file.toString(StandardCharsets.ISO_8859_1))
                    .isEqualTo(to.replace('␊', '\n').replace('␍', '\r'));
        }
    }

    @Test
    @DisplayName("RFC 3501 §5.1.3: names in modified UTF-7 or UTF-8; what cannot be a name of ours is replaced")
    void names() {
        assertThat(FolderNames.decoded("Entw&APw-rfe")).isEqualTo("Entwürfe");
        assertThat(FolderNames.decoded("Entwürfe")).isEqualTo("Entwürfe");
        assertThat(FolderNames.decoded("R&D")).isEqualTo("R&D");
        assertThat(FolderNames.of(List.of("Work", "a/b", "", "50%*")).value()).isEqualTo("Work/a_b/_/50__");
        assertThat(FolderNames.of(List.of("inbox"))).isEqualTo(FolderName.INBOX);
        var deep = FolderNames.of(Collections.nCopies(40, "ä".repeat(10)));
        assertThat(deep.levels()).hasSize(1);
        assertThat(deep.value()).endsWith("ä".repeat(10)).hasSizeGreaterThan(100);
    }

    @ParameterizedTest
    @CsvSource({
        "%08Xu%08Xv,0000002a499602d2",
        "%u,42",
        "%v.%u,1234567890.42",
        "%v-%u,1234567890-42",
        "%08Xv%08Xu,499602d20000002a",
        "UID%u-%v,UID42-1234567890",
        "%f,1.M1P2.host"
    })
    void uidlFormats(String format, String uidl) {
        assertThat(UidlFormat.parse(format).of(1_234_567_890, 42, "1.M1P2.host"))
                .contains(uidl);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "x", "%m", "%u%", "%Mf", "%123u"})
    void oddUidlFormats(String format) {
        assertThatIllegalArgumentException().isThrownBy(() -> UidlFormat.parse(format));
    }

    @Test
    void aUidlNeedsAllThatItIsMadeOf() {
        assertThat(UidlFormat.parse("%u.%v").of(1, 0, "")).isEmpty();
        assertThat(UidlFormat.parse("%f").of(1, 2, "")).isEmpty();
    }
}
