package org.postern.mime;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Random;
import org.postern.mime.bytes.Spool;
import org.postern.mime.bytes.SpoolSettings;

/** Prints what parsing and decoding cost here: {@code java -cp … org.postern.mime.MimeSpeed}. No test: machines differ. */
final class MimeSpeed {
    private static final int ROUNDS = 100;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private MimeSpeed() {}

    @FunctionalInterface
    private interface Work {
        Object run() throws IOException;
    }

    public static void main(String[] arguments) throws IOException {
        var small = message(3_000);
        var large = message(3_000_000);
        var heap = Spool.of(small);
        var heapLarge = Spool.of(large);
        var plain = Spool.of(("To: <others@example.net>\r\nSubject: About number 1\r\n\r\n"
                        + "The train leaves from platform seven tomorrow morning, before the garden.\r\n".repeat(50))
                .getBytes(StandardCharsets.US_ASCII));
        measure("parse 4 KB, plain text", 1_000, () -> MessageParser.parse(plain));
        measure("parse 4 KB", 1_000, () -> MessageParser.parse(heap));
        measure(
                "parse 4 KB, structure and envelope only",
                1_000,
                () -> StructureScanner.scan(heap, MimeLimits.DEFAULT));
        measure("parse 3 MB from heap", 1, () -> MessageParser.parse(heapLarge));
        try (var file = Spool.in(new SpoolSettings(Path.of(System.getProperty("java.io.tmpdir")), 10_000_000))) {
            file.write(large);
            file.finish();
            measure("parse 3 MB from a file", 1, () -> MessageParser.parse(file));
        }
        var parsed = MessageParser.parse(heap);
        var envelopes = new ArrayList<byte[]>();
        for (int i = 0; i < 20_000; i++) {
            envelopes.add(MessageCodec.encode(parsed.envelope()));
        }
        var structure = MessageCodec.encode(parsed.structure());
        System.out.printf("envelope %d bytes, structure %d bytes%n", envelopes.getFirst().length, structure.length);
        measure("decode 20,000 envelopes", 1, () -> {
            var last = Envelope.EMPTY;
            for (var envelope : envelopes) {
                last = MessageCodec.decodeEnvelope(envelope);
            }
            return last;
        });
        measure("decode 20,000 structures", 1, () -> {
            var last = parsed.structure();
            for (int i = 0; i < 20_000; i++) {
                last = MessageCodec.decodeStructure(structure);
            }
            return last;
        });
        measure(
                "search 3 MB base64 text",
                1,
                () -> SearchText.contains(
                        SearchText.body(MessageParser.parse(heapLarge).structure(), heapLarge, Long.MAX_VALUE),
                        "never there"));
        measure(
                "search body of 4 KB",
                1_000,
                () -> SearchText.contains(SearchText.body(parsed.structure(), heap, Long.MAX_VALUE), "never there"));
    }

    private static byte[] message(int attachment) {
        var bytes = new byte[attachment * 3 / 4];
        new Random(1).nextBytes(bytes);
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (' ' + (bytes[i] & 0x3F));
        }
        var text = """
                Return-Path: <joe@example.org>
                Received: from mail.example.org (mail.example.org [192.0.2.1]) by mx.example.com with ESMTPS
                 id 4XyZ; Thu, 01 Jan 2026 12:00:01 +0100 (CET)
                DKIM-Signature: v=1; a=rsa-sha256; c=relaxed/relaxed; d=example.org; s=s1; h=from:to:subject:date;
                 bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=; b=AAAA
                From: =?utf-8?Q?J=C3=B6rg?= Doe <joe@example.org>
                To: Ann <ann@example.com>, Bob <bob@example.com>, carol@example.com
                Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?= from the sea
                Date: Thu, 01 Jan 2026 12:00:00 +0100
                Message-ID: <20260101120000.1@example.org>
                In-Reply-To: <20251231120000.1@example.com>
                References: <20251230120000.1@example.com> <20251231120000.1@example.com>
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary="=_boundary_1"

                --=_boundary_1
                Content-Type: text/plain; charset=utf-8
                Content-Transfer-Encoding: quoted-printable

                Hello Ann, the weather is fine =E2=80=93 wish you were here.

                --=_boundary_1
                Content-Type: text/plain; charset=utf-8; name="notes.txt"
                Content-Transfer-Encoding: base64
                Content-Disposition: attachment; filename="notes.txt"

                %s
                --=_boundary_1--
                """.formatted(Base64.getMimeEncoder().encodeToString(bytes).replace("\r", ""));
        return text.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
    }

    private static void measure(String name, int times, Work work) throws IOException {
        long best = Long.MAX_VALUE;
        long bytes = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long allocated = THREADS.getCurrentThreadAllocatedBytes();
            long start = System.nanoTime();
            Object last = null;
            for (int i = 0; i < times; i++) {
                last = work.run();
            }
            best = Math.min(best, System.nanoTime() - start);
            bytes = THREADS.getCurrentThreadAllocatedBytes() - allocated;
            if (last == null) {
                throw new IllegalStateException();
            }
        }
        System.out.printf("%-45s %10.1f us %10d bytes of heap%n", name, best / 1000.0 / times, bytes / times);
    }
}
