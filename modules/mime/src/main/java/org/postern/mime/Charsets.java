package org.postern.mime;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.Charset;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Charsets by the names that mail uses. As browsers do (WHATWG Encoding §4.2), a name stands for the widest charset that its
 * mislabelled texts are written in: iso-8859-1 for windows-1252, gb2312 for GB18030.
 */
final class Charsets {
    /** What unlabelled or unknown 8-bit text is taken for: Latin-1 with the quotes and dashes that people use. */
    static final Charset LATIN = Charset.forName("windows-1252");

    private static final int MAX_NAME = 64;
    /** Characters that are looked at together. */
    private static final int PIECE = 512;

    private Charsets() {}

    /** Loaded when the first text asks for it: looking an unknown name up in the JDK costs far more than a hash probe. */
    private static final class Known {
        static final Map<String, Charset> BY_NAME = byName();

        private static Map<String, Charset> byName() {
            var names = new HashMap<String, Charset>();
            for (var charset : Charset.availableCharsets().values()) {
                names.put(Ascii.lower(charset.name()), charset);
                for (var alias : charset.aliases()) {
                    names.putIfAbsent(Ascii.lower(alias), charset);
                }
            }
            widen(names, "windows-1252", "iso-8859-1", "latin1", "l1", "iso8859-1", "cp819", "us-ascii", "ascii");
            widen(names, "windows-1254", "iso-8859-9", "latin5");
            widen(names, "x-windows-874", "tis-620", "iso-8859-11", "windows-874");
            widen(names, "gb18030", "gb2312", "gbk", "x-gbk", "euc-cn", "gb_2312-80", "cp936");
            widen(names, "x-windows-949", "euc-kr", "ks_c_5601-1987", "ksc5601", "korean", "cp949", "windows-949");
            widen(names, "windows-31j", "shift_jis", "shift-jis", "sjis", "x-sjis", "ms_kanji", "cp932");
            widen(names, "x-windows-50221", "iso-2022-jp");
            widen(names, "big5-hkscs", "big5", "cn-big5", "big5-eten");
            widen(names, "iso-8859-8", "iso-8859-8-i", "iso-8859-8-e", "logical");
            widen(names, "iso-8859-6", "iso-8859-6-i", "iso-8859-6-e");
            widen(names, "utf-8", "utf8", "utf-8mb4", "unicode-1-1-utf-8", "x-unicode20utf8");
            return Map.copyOf(names);
        }

        /** A JDK without the extended charsets keeps what it has. */
        private static void widen(Map<String, Charset> names, String to, String... from) {
            var wide = names.get(to);
            if (wide != null) {
                for (var name : from) {
                    names.put(name, wide);
                }
            }
        }
    }

    /** Empty when nobody knows it. */
    static Optional<Charset> named(String name) {
        if (name.length() > MAX_NAME) {
            return Optional.empty();
        }
        var lower = Ascii.lower(Ascii.trim(name));
        return switch (lower) {
            case "utf-8" -> Optional.of(StandardCharsets.UTF_8);
            case "iso-8859-1", "windows-1252" -> Optional.of(LATIN);
            default -> Optional.ofNullable(Known.BY_NAME.get(lower));
        };
    }

    /** Whether the name promises 7-bit text, which then often is UTF-8 or Latin-1 all the same. */
    static boolean isAscii(String name) {
        return switch (Ascii.lower(name)) {
            case "us-ascii", "ascii", "ansi_x3.4-1968", "unknown-8bit", "unknown", "x-unknown", "" -> true;
            default -> false;
        };
    }

    /** Raw bytes with nothing said about them: UTF-8 when they are, else Latin. */
    static String guess(byte[] bytes, int from, int to) {
        if (isUtf8(bytes, from, to)) {
            return new String(bytes, from, to - from, StandardCharsets.UTF_8);
        }
        return new String(bytes, from, to - from, LATIN);
    }

    static boolean isUtf8(byte[] bytes, int from, int to) {
        var in = ByteBuffer.wrap(bytes, from, to - from);
        var out = CharBuffer.allocate(Math.clamp(to - from, 2, PIECE));
        var decoder = StandardCharsets.UTF_8.newDecoder(); // Reports what is malformed.
        CoderResult result;
        do {
            result = decoder.decode(in, out.clear(), true);
        } while (result.isOverflow());
        return !result.isError();
    }
}
