package org.postern.testkit;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Random;

/**
 * Real-looking mail, the same for the same seed: newsletters, replies, attachments, digests, and what the world sends
 * besides (8-bit headers, lines far too long, no body, no header, no final line end).
 *
 * <p>Every line ends with CRLF; message {@code n} carries {@code Message-ID: <n.seed@corpus.example>}, except those that
 * are made to lack a header.
 */
public final class MailCorpus {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.ofHours(1));
    private static final Instant FIRST = Instant.parse("2026-01-01T08:00:00Z");
    private static final String[] WORDS =
            ("the invoice for March is attached please have a look before Friday we met at the"
                            + " harbour and agreed on the new route many thanks from all of us kind regards quarterly figures"
                            + " déjà vu naïve Größe übermorgen ἀρχή привет 你好 🚀 meeting moved tomorrow")
                    .split(" ");
    private static final int LINE = 76;

    private final long seed;

    public MailCorpus(long seed) {
        this.seed = seed;
    }

    /** {@code count} messages, every kind in turn. */
    public List<byte[]> messages(int count) {
        var messages = new ArrayList<byte[]>(count);
        for (int n = 0; n < count; n++) {
            messages.add(message(n));
        }
        return messages;
    }

    /** Message {@code n}: its kind is {@code n} modulo the number of kinds. */
    public byte[] message(int n) {
        var random = new Random(seed * 31 + n);
        var mail = new Mail();
        var kind = Kind.values()[n % Kind.values().length];
        switch (kind) {
            case PLAIN -> mail.header(n, "Plain " + n).line("").text(random, 5 + random.nextInt(40));
            case ALTERNATIVE -> alternative(mail, n, random);
            case ATTACHMENT -> attachment(mail, n, random, 1_000 + random.nextInt(60_000));
            case FORWARDED -> forwarded(mail, n, random);
            case DIGEST -> digest(mail, n, random);
            case EIGHT_BIT_LATIN -> latin(mail, n, random);
            case EIGHT_BIT_HEADER ->
                mail.header(n, "Grüße aus Köln " + n).line("").text(random, 4);
            case LONG_LINES -> longLines(mail, n, random);
            case QUOTED_PRINTABLE -> quotedPrintable(mail, n);
            case EMPTY_BODY -> mail.header(n, "Nothing below").line("");
            case HEADER_ONLY -> mail.header(n, "Not even a blank line");
            case DOTS ->
                mail.header(n, "Dots")
                        .line("")
                        .line(".")
                        .line("..")
                        .line(".hidden")
                        .line("...")
                        .line(".");
            case NO_FINAL_LINE_END -> mail.header(n, "Cut short").line("").bytes("The last line has no end");
            case BROKEN_MIME -> brokenMime(mail, n, random);
            case MANY_RECIPIENTS -> manyRecipients(mail, n, random);
        }
        return mail.bytes.toByteArray();
    }

    /** One message whose base64 attachment makes it {@code size} bytes, give or take a line. */
    public byte[] large(int size) {
        var mail = new Mail();
        attachment(mail, 1_000_000 + size, new Random(seed + size), (int) (size * 57L / 78));
        return mail.bytes.toByteArray();
    }

    private enum Kind {
        PLAIN,
        ALTERNATIVE,
        ATTACHMENT,
        FORWARDED,
        DIGEST,
        EIGHT_BIT_LATIN,
        EIGHT_BIT_HEADER,
        LONG_LINES,
        QUOTED_PRINTABLE,
        EMPTY_BODY,
        HEADER_ONLY,
        DOTS,
        NO_FINAL_LINE_END,
        BROKEN_MIME,
        MANY_RECIPIENTS
    }

    private void alternative(Mail mail, int n, Random random) {
        mail.header(n, "=?UTF-8?B?" + base64("Nächste Schritte " + n) + "?=")
                .line("Content-Type: multipart/alternative; boundary=\"alt-" + n + "\"")
                .line("")
                .line("This is a multi-part message in MIME format.")
                .line("--alt-" + n)
                .line("Content-Type: text/plain; charset=utf-8; format=flowed")
                .line("Content-Transfer-Encoding: 8bit")
                .line("")
                .text(random, 12)
                .line("--alt-" + n)
                .line("Content-Type: text/html; charset=utf-8")
                .line("")
                .line("<html><body><p>Hello &amp; <b>welcome</b></p>")
                .text(random, 20)
                .line("</body></html>")
                .line("--alt-" + n + "--");
    }

    private void attachment(Mail mail, int n, Random random, int bytes) {
        var data = new byte[bytes];
        random.nextBytes(data);
        mail.header(n, "With an attachment " + n)
                .line("Content-Type: multipart/mixed;\r\n boundary=\"mixed-" + n + "\"")
                .line("")
                .line("--mixed-" + n)
                .line("Content-Type: text/plain")
                .line("")
                .text(random, 3)
                .line("--mixed-" + n)
                .line("Content-Type: application/pdf; name*0*=utf-8''Rechnung%20M; name*1*=%C3%A4rz.pdf")
                .line("Content-Disposition: attachment; filename=\"Rechnung.pdf\"")
                .line("Content-Transfer-Encoding: base64")
                .line("")
                .bytes(Base64.getMimeEncoder(LINE, new byte[] {'\r', '\n'}).encode(data))
                .line("")
                .line("--mixed-" + n + "--");
    }

    private void forwarded(Mail mail, int n, Random random) {
        mail.header(n, "Fwd: " + n)
                .line("Content-Type: multipart/mixed; boundary=f")
                .line("")
                .line("--f")
                .line("Content-Type: message/rfc822")
                .line("")
                .header(n + 10_000_000, "The inner one")
                .line("Content-Type: multipart/mixed; boundary=ff")
                .line("")
                .line("--ff")
                .line("")
                .text(random, 2)
                .line("--ff--")
                .line("--f--");
    }

    private void digest(Mail mail, int n, Random random) {
        mail.header(n, "List digest, Vol " + n)
                .line("Content-Type: multipart/digest; boundary=\"=_d\"")
                .line("");
        for (int i = 0; i < 3; i++) {
            mail.line("--=_d")
                    .line("")
                    .line("Subject: Item " + i)
                    .line("From: x@list.example")
                    .line("")
                    .text(random, 2);
        }
        mail.line("--=_d--").line("epilogue");
    }

    private void latin(Mail mail, int n, Random random) {
        mail.header(n, "=?iso-8859-1?Q?Gr=FC=DFe?=")
                .line("Content-Type: text/plain; charset=iso-8859-1")
                .line("Content-Transfer-Encoding: 8bit")
                .line("")
                .bytes("Größe, Fuß und Öl: ".getBytes(StandardCharsets.ISO_8859_1))
                .line("")
                .bytes(noise(random))
                .line("");
    }

    /** Every byte but NUL, CR and LF. */
    private static byte[] noise(Random random) {
        var bytes = new byte[200];
        for (int i = 0; i < bytes.length; i++) {
            int b = 1 + random.nextInt(255);
            bytes[i] = (byte) (b == '\r' || b == '\n' ? ' ' : b);
        }
        return bytes;
    }

    private void longLines(Mail mail, int n, Random random) {
        mail.header(n, "Long lines")
                .line("")
                .line("x".repeat(998))
                .line("y".repeat(999))
                .line("z".repeat(5_000 + random.nextInt(5_000)))
                .line("");
    }

    private void quotedPrintable(Mail mail, int n) {
        mail.header(n, "Quoted")
                .line("Content-Type: text/plain; charset=windows-1252")
                .line("Content-Transfer-Encoding: quoted-printable")
                .line("")
                .line("caf=E9 =96 a soft =")
                .line("break, a broken escape =ZZ and trailing blanks   ")
                .line("=");
    }

    private void brokenMime(Mail mail, int n, Random random) {
        mail.header(n, "=?utf-8?Q?never closed")
                .line("Content-Type: multipart/mixed; boundary=\"b")
                .line("Content-Type: text/plain")
                .line("MIME-Version: 1.0")
                .line("no colon in this header line")
                .line("")
                .line("--b")
                .text(random, 2)
                .line("--b");
    }

    private void manyRecipients(Mail mail, int n, Random random) {
        mail.header(n, "To all");
        for (int i = 0; i < 40; i++) {
            mail.line(
                    (i == 0 ? "Cc: " : " ") + "\"Person, " + i + "\" <p" + i + "@many.example>" + (i < 39 ? "," : ""));
        }
        mail.line("References: <1@a.example>\r\n\t<2@a.example>").line("").text(random, 3);
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    private final class Mail {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

        Mail header(int n, String subject) {
            return line("Date: " + DATE.format(FIRST.plusSeconds(n * 977L)))
                    .line("From: \"Ann Lee\" <ann@corpus.example>")
                    .line("To: Bob <bob@corpus.example>")
                    .line("Subject: " + subject)
                    .line("Message-ID: <" + n + '.' + seed + "@corpus.example>")
                    .line("MIME-Version: 1.0");
        }

        Mail line(String text) {
            return bytes(text).bytes("\r\n");
        }

        Mail text(Random random, int lines) {
            for (int i = 0; i < lines; i++) {
                var line = new StringBuilder();
                while (line.length() < LINE - 12) {
                    line.append(WORDS[random.nextInt(WORDS.length)]).append(' ');
                }
                line(line.toString());
            }
            return this;
        }

        Mail bytes(String text) {
            return bytes(text.getBytes(StandardCharsets.UTF_8));
        }

        Mail bytes(byte[] some) {
            bytes.writeBytes(some);
            return this;
        }
    }
}
