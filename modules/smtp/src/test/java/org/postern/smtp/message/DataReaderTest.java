package org.postern.smtp.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.smtp.message.DataReader.End;

class DataReaderTest {
    /** What a reader made of some bytes, however they were cut. */
    private record Read(String message, End end, int taken, long size, long longestLine, boolean hasNul) {}

    private static Read read(String wire, int... cuts) {
        var bytes = wire.getBytes(ISO_8859_1);
        var out = new ByteArrayOutputStream();
        var reader = new DataReader(out::write, 1_000_000);
        int at = 0;
        for (int i = 0; i <= cuts.length && reader.end() == End.NOT_YET; i++) {
            int to = i < cuts.length ? cuts[i] : bytes.length;
            at += reader.take(bytes, at, to);
        }
        return new Read(
                out.toString(ISO_8859_1), reader.end(), at, reader.size(), reader.longestLine(), reader.hasNul());
    }

    private static Read readByteByByte(String wire) {
        var cuts = new int[Math.max(0, wire.length() - 1)];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = i + 1;
        }
        return read(wire, cuts);
    }

    private static String wire(String text) {
        return text.replace("CR", "\r").replace("LF", "\n").replace(" ", "").replace("_", " ");
    }

    @ParameterizedTest
    @CsvSource(textBlock = """
            .CRLF,                          ''
            CRLF.CRLF,                      CRLF
            aCRLF.CRLF,                     aCRLF
            ..CRLF.CRLF,                    .CRLF
            ...CRLF.CRLF,                   ..CRLF
            .aCRLF.CRLF,                    aCRLF
            a.bCRLFc.CRLF.CRLF,             a.bCRLFc.CRLF
            aCRLF..aCRLF..CRLF.CRLF,        aCRLF.aCRLF.CRLF
            aCRLF._CRLF.CRLF,               aCRLF_CRLF
            aCRLFCRLFbCRLF.CRLF,            aCRLFCRLFbCRLF
            """)
    @DisplayName("RFC 5321 §4.5.2: one leading dot is removed, CRLF.CRLF ends the message, however the bytes are cut")
    void unstuffs(String wire, String message) {
        var bytes = wire(wire);
        var whole = read(bytes);
        assertThat(whole.end()).isEqualTo(End.COMPLETE);
        assertThat(whole.message()).isEqualTo(wire(message));
        assertThat(whole.size()).isEqualTo(wire(message).length());
        assertThat(readByteByByte(bytes)).isEqualTo(whole);
        for (int cut = 1; cut < bytes.length(); cut++) {
            assertThat(read(bytes, cut)).as("cut at %d", cut).isEqualTo(whole);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "aLF.CRLF",
                "aLF.LF",
                "aCR.CR",
                "aCR.CRLF",
                "aCRLF.LF",
                "aCRLF.CR.",
                "aLF.xLF",
                "aCRLF.CRCRLF",
                "aCRCRLF.CRLF",
                "aLFCR.LFCR",
                "aCRLF.CRx",
                "LF.CRLF",
                "CR.CRLF",
                "aLFCRLF.CRLF",
                "aLF..CRLF",
                "LF",
                "CRCR"
            })
    @DisplayName("RFC 5321 §2.3.8: no line end but CRLF; every smuggling sequence stops the reading, however it is cut")
    void refusesBareLineEnds(String wire) {
        var bytes = wire(wire);
        var whole = read(bytes);
        assertThat(whole.end()).isEqualTo(End.BARE_LINE_END);
        assertThat(readByteByByte(bytes).end()).isEqualTo(End.BARE_LINE_END);
        for (int cut = 1; cut < bytes.length(); cut++) {
            assertThat(read(bytes, cut).end()).isEqualTo(End.BARE_LINE_END);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"CRLF..LF", "aCRLF..CRLF", "aCRLF.xCRLF", "a.CRLF", "aCRLF_.CRLF"})
    @DisplayName("what James 3.8.1 takes for the end of DATA is not the end")
    void doesNotEndEarly(String wire) {
        assertThat(read(wire(wire)).end()).isNotEqualTo(End.COMPLETE);
    }

    @Test
    @DisplayName("RFC 2920 §3.2: what comes behind the end mark stays for the next command")
    void leavesWhatFollows() {
        var wire = "a\r\n.\r\nQUIT\r\n";
        assertThat(read(wire).taken()).isEqualTo("a\r\n.\r\n".length());
        assertThat(readByteByByte(wire).taken()).isEqualTo("a\r\n.\r\n".length());
    }

    @Test
    void measuresLinesAndFindsNul() {
        var wire = "a".repeat(1200) + "\r\nb\0c\r\n.\r\n";
        assertThat(read(wire).longestLine()).isEqualTo(1200);
        assertThat(read(wire, 700).longestLine()).isEqualTo(1200);
        assertThat(readByteByByte(wire).longestLine()).isEqualTo(1200);
        assertThat(read(wire).hasNul()).isTrue();
        assertThat(readByteByByte(wire).hasNul()).isTrue();
        assertThat(read("abc\r\n.\r\n").hasNul()).isFalse();
    }

    @Test
    void stopsAtTheBoundOfWhatItReadsPast() {
        var reader = new DataReader((_, _, _) -> {}, 1000);
        var line = ("x".repeat(98) + "\r\n").getBytes(ISO_8859_1);
        for (int i = 0; i < 10; i++) {
            reader.take(line, 0, line.length);
            assertThat(reader.end()).isEqualTo(End.NOT_YET);
        }
        reader.take(line, 0, line.length);
        assertThat(reader.end()).isEqualTo(End.ENDLESS);
    }
}
