package org.postern.smtp.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postern.mime.bytes.Spool;
import org.postern.mime.bytes.SpoolSettings;

class MessageHeaderTest {
    private static final String FRONT = "Received: x\r\n";

    @TempDir
    Path directory;

    /** Takes Bcc and its like out. */
    private static HeaderEdit edit(String front) {
        return new HeaderEdit() {
            @Override
            public byte[] front(MessageHeader header) {
                return front.getBytes(ISO_8859_1);
            }

            @Override
            public boolean withholds(String name, String field) {
                return name.endsWith("bcc") || name.equals("return-path");
            }
        };
    }

    private static String edited(String message) {
        return new String(MessageHeader.of(message.getBytes(ISO_8859_1)).edited(edit(FRONT)), ISO_8859_1);
    }

    @Test
    @DisplayName("RFC 5322 §3.6.3: Bcc goes, folded or not, all else stays byte for byte")
    void removesBcc() {
        var written = """
                From: a@b.c
                bCc: x@y.z,
                  q@y.z
                \tw@y.z
                X-Odd :  v\u00e4lue\s
                Resent-Bcc: m@n.o
                Return-Path: <evil@x.y>
                Subject:
                 folded

                """.replace("\n", "\r\n");
        var kept = "From: a@b.c\r\nX-Odd :  v\u00e4lue \r\nSubject:\r\n folded\r\n\r\n";
        assertThat(edited(written)).isEqualTo(FRONT + kept);
    }

    @Test
    void countsFieldsInAnyCase() {
        var header = MessageHeader.of("FROM: a@b.c\r\nfrom : d@e.f\r\nDate: x\r\n\r\n".getBytes(ISO_8859_1));
        assertThat(header.count("from")).isEqualTo(2);
        assertThat(header.count("date")).isEqualTo(1);
        assertThat(header.count("message-id")).isZero();
    }

    @Test
    @DisplayName("what is no field begins the body, and gets the blank line that it lacks")
    void separatesWhatIsNoField() {
        assertThat(edited("hello\r\nworld: x\r\n")).isEqualTo(FRONT + "\r\nhello\r\nworld: x\r\n");
        assertThat(edited("From: a@b.c\r\nhello\r\n")).isEqualTo(FRONT + "From: a@b.c\r\n\r\nhello\r\n");
        assertThat(edited("From: a@b.c\r\n")).isEqualTo(FRONT + "From: a@b.c\r\n\r\n");
        assertThat(edited("")).isEqualTo(FRONT + "\r\n");
        assertThat(edited("\r\n")).isEqualTo(FRONT + "\r\n");
        assertThat(edited(" leading fold\r\n")).isEqualTo(FRONT + "\r\n leading fold\r\n");
    }

    @Test
    @DisplayName("the intake gives the same message however its bytes are cut")
    void intakeIsTheSameAtEveryCut() throws Exception {
        var message = "From: a@b.c\r\nBcc: x@y.z\r\n\r\n.body\r\n\r\nmore\r\n";
        for (int cut = 0; cut <= message.length(); cut++) {
            assertThat(taken(message, cut))
                    .as("cut at %d", cut)
                    .isEqualTo(FRONT + "From: a@b.c\r\n\r\n.body\r\n\r\nmore\r\n");
        }
        assertThat(taken("\r\nbody\r\n", 3)).isEqualTo(FRONT + "\r\nbody\r\n");
    }

    private String taken(String message, int cut) throws Exception {
        try (var spool = Spool.in(new SpoolSettings(directory, 10_000))) {
            var intake = new MessageIntake(spool, edit(FRONT), 1_000, 500);
            var bytes = message.getBytes(ISO_8859_1);
            intake.take(bytes, 0, cut);
            intake.take(bytes, cut, bytes.length - cut);
            assertThat(intake.finish()).isEmpty();
            return new String(spool.open().readAllBytes(), ISO_8859_1);
        }
    }

    @Test
    void intakeHasItsBounds() throws Exception {
        try (var spool = Spool.in(new SpoolSettings(directory, 10_000))) {
            var big = new MessageIntake(spool, edit(""), 1_000, 500);
            big.take(new byte[600], 0, 600);
            big.take(new byte[600], 0, 600);
            assertThat(big.finish()).contains(new MessageIntake.Problem.HeaderTooLong());
        }
        try (var spool = Spool.in(new SpoolSettings(directory, 10_000))) {
            var big = new MessageIntake(spool, edit(""), 1_000, 500);
            big.take("A: b\r\n\r\n".getBytes(ISO_8859_1), 0, 8);
            big.take(new byte[993], 0, 993);
            assertThat(big.finish()).contains(new MessageIntake.Problem.TooBig());
        }
        try (var spool = Spool.in(new SpoolSettings(directory, 100))) {
            var full = new MessageIntake(spool, edit(""), 1_000, 500);
            full.take("A: b\r\n\r\n".getBytes(ISO_8859_1), 0, 8);
            full.take(new byte[200], 0, 200);
            assertThat(full.finish()).containsInstanceOf(MessageIntake.Problem.NoRoom.class);
        }
    }

    @Test
    void aLongBodyWithoutHeaderIsNoLongHeader() throws Exception {
        try (var spool = Spool.in(new SpoolSettings(directory, 10_000))) {
            var intake = new MessageIntake(spool, edit(FRONT), 5_000, 500);
            var line = "no field in this line at all\r\n".getBytes(ISO_8859_1);
            for (int i = 0; i < 100; i++) {
                intake.take(line, 0, line.length);
            }
            assertThat(intake.finish()).isEmpty();
            assertThat(spool.size()).isEqualTo(FRONT.length() + 2 + 100L * line.length);
        }
    }
}
