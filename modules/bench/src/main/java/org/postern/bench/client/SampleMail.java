package org.postern.bench.client;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Random;

/** Messages of about 4 KB, the same for the same number: replies in threads of five, a quarter of them in two parts. */
public final class SampleMail {
    /** In every thousandth body, and in no other. */
    public static final String RARE = "quixotically";

    private static final int BODY_BYTES = 3_300;
    private static final int THREAD = 5;
    private static final int LINE = 74;
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final Instant FIRST = Instant.parse("2026-01-01T08:00:00Z");
    private static final String[] WORDS =
            ("the invoice for March is attached please have a look before Friday we met at the harbour and agreed on the"
                            + " new route many thanks from all of us kind regards quarterly figures meeting moved to"
                            + " tomorrow morning train leaves platform seven garden blossom window yellow")
                    .split(" ");

    private SampleMail() {}

    public static byte[] message(int n) {
        var random = new Random(n);
        var text = new StringBuilder(4_400);
        header(text, n, random);
        if (n % 4 == 0) {
            text.append("Content-Type: multipart/alternative; boundary=\"=_part_")
                    .append(n)
                    .append("\"\r\n\r\n");
            part(text, n, "plain", random, BODY_BYTES / 2);
            part(text, n, "html", random, BODY_BYTES / 2);
            text.append("--=_part_").append(n).append("--\r\n");
        } else {
            text.append("Content-Type: text/plain; charset=utf-8\r\n\r\n");
            words(text, n, random, BODY_BYTES);
        }
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /** Of the same size with few fields and no sender, for a client to write its own in front. */
    public static byte[] body(int n) {
        var random = new Random(n);
        var text = new StringBuilder(4_400);
        text.append("To: <others@example.net>\r\nSubject: About number ")
                .append(n)
                .append("\r\n\r\n");
        words(text, n, random, BODY_BYTES + 600);
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    private static void header(StringBuilder text, int n, Random random) {
        int root = n - n % THREAD;
        text.append("Return-Path: <person")
                .append(n % 97)
                .append("@example.com>\r\n")
                .append(
                        "Received: from mx.example.com (mx.example.com [192.0.2.7])\r\n\tby mail.example.org with ESMTPS id ")
                .append(Long.toString(random.nextLong() >>> 1, 36))
                .append("\r\n\tfor <u0@bench.example>\r\n")
                .append("Date: ")
                .append(DATE.format(FIRST.plusSeconds(n * 61L)))
                .append("\r\n")
                .append("From: Person Number ")
                .append(n % 97)
                .append(" <person")
                .append(n % 97)
                .append("@example.com>\r\n")
                .append("To: Bench <u0@bench.example>, Others <others@example.net>\r\n")
                .append("Cc: Somebody Else <else")
                .append(n % 13)
                .append("@example.net>\r\n")
                .append("Message-ID: <")
                .append(n)
                .append(".bench@example.com>\r\n");
        if (n != root) {
            text.append("In-Reply-To: <").append(n - 1).append(".bench@example.com>\r\nReferences:");
            for (int before = root; before < n; before++) {
                text.append(" <").append(before).append(".bench@example.com>");
            }
            text.append("\r\n");
        }
        text.append("Subject: ")
                .append(n == root ? "" : "Re: ")
                .append("About ")
                .append(WORDS[root % WORDS.length])
                .append(" number ")
                .append(root)
                .append("\r\n")
                .append("MIME-Version: 1.0\r\nX-Mailer: Bench 1.0\r\n");
    }

    private static void part(StringBuilder text, int n, String subtype, Random random, int bytes) {
        text.append("--=_part_")
                .append(n)
                .append("\r\nContent-Type: text/")
                .append(subtype)
                .append("; charset=utf-8\r\n\r\n");
        words(text, n, random, bytes);
    }

    private static void words(StringBuilder text, int n, Random random, int bytes) {
        int until = text.length() + bytes;
        int line = 0;
        if (n % 1_000 == 0) {
            text.append(RARE).append(' ');
        }
        while (text.length() < until) {
            var word = WORDS[random.nextInt(WORDS.length)];
            text.append(word).append(' ');
            line += word.length() + 1;
            if (line > LINE) {
                text.append("\r\n");
                line = 0;
            }
        }
        text.append("\r\n");
    }

    /** A large message: one attachment in base64. */
    public static byte[] large(int n, int bytes) {
        var random = new Random(n);
        var text = new StringBuilder(bytes + 2_000);
        header(text, n, random);
        text.append("Content-Type: multipart/mixed; boundary=\"=_part_")
                .append(n)
                .append("\"\r\n\r\n");
        part(text, n, "plain", random, 400);
        text.append("--=_part_")
                .append(n)
                .append("\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n");
        var line = "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVphYmNkZWZnaGlqa2xtbm9wcXJzdHV2d3h5ejAxMjM0\r\n";
        while (text.length() < bytes) {
            text.append(line);
        }
        text.append("--=_part_").append(n).append("--\r\n");
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }
}
