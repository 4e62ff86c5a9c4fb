package org.postern.transfer.mbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.SequenceInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.postern.model.FolderName;
import org.postern.transfer.Moving;
import org.postern.transfer.SourceGone;
import org.postern.transfer.UidlFormat;
import org.postern.transfer.Uidls;

class MboxImportTest {
    @RegisterExtension
    static final Moving MOVING = new Moving();

    private static final String FROM = "From ann@example.org Thu Nov 26 13:47:12 2026\n";

    @TempDir
    Path folder;

    private MboxSource source(Quoting quoting) {
        return new MboxSource(folder.resolve("box"), FolderName.INBOX, quoting, Uidls.NONE);
    }

    private void box(String text) throws IOException {
        Files.writeString(folder.resolve("box"), text, StandardCharsets.ISO_8859_1);
    }

    private static String message(String subject) {
        return FROM + "Subject: " + subject + "\n\nbody of " + subject + "\n\n";
    }

    @ParameterizedTest
    @CsvSource({
        "From ann@example.org Thu Nov 26 13:47:12 2026,2026-11-26T13:47:12Z",
        "From - Mon Jan  5 03:04:05 1998,1998-01-05T03:04:05Z",
        "From a b Thu Nov 26 13:47 2026,2026-11-26T13:47:00Z",
        "From x@y Thu Nov 26 13:47:12 +0100 2026,2026-11-26T12:47:12Z",
        "From x@y Thu Nov 26 13:47:12 2026 -0800,2026-11-26T21:47:12Z",
        "From x@y Thu Nov 26 13:47:12 CET 2026,2026-11-26T13:47:12Z",
        "From 1234@xxx Tue May 02 12:34:56 +0000 2023,2023-05-02T12:34:56Z"
    })
    @DisplayName("RFC 4155: lines between messages, with the dates that there are")
    void fromLines(String line, String date) {
        assertThat(FromLine.date(line)).contains(Instant.parse(date));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"From here on all is well", "From a Thu Foo 26 13:47:12 2026", "From a Thu Feb 31 13:47:12 2026"
            })
    void noFromLines(String line) {
        assertThat(FromLine.date(line)).isEmpty();
    }

    @Test
    @DisplayName("Status, X-Status, X-Keywords, X-UID and X-IMAPbase are read, and no part of the message")
    void status() throws IOException {
        box("From MAILER-DAEMON Thu Nov 26 13:00:00 2026\nSubject: DON'T DELETE THIS MESSAGE -- FOLDER INTERNAL DATA\n"
                + "X-IMAP: 1234567 0000000099\nStatus: RO\n\nThis is no message.\n\n"
                + FROM + "Subject: one\nStatus: RO\nX-Status: AF\nX-Keywords: $Label1 Work\n  More\nX-UID: 7\n\n1\n\n"
                + FROM + "X-UID: 9\nStatus: O\nX-Status: DT\nSubject: two\n\n2\n");
        var mailbox = MOVING.mailbox();
        var uidls = Uidls.madeAs(UidlFormat.parse("%v.%u"));
        var source = new MboxSource(folder.resolve("box"), FolderName.INBOX, Quoting.AUTO, uidls);
        assertThat(MOVING.bringWithUids(mailbox, source).troubles()).isEmpty();
        assertThat(MOVING.lines(mailbox, "INBOX"))
                .containsExactly("7 one \\Seen \\Answered \\Flagged $Label1 More Work", "9 two \\Deleted \\Draft");
        var first = MOVING.messages(mailbox, "INBOX").getFirst();
        assertThat(first.text()).isEqualTo("Subject: one\r\n\r\n1\r\n");
        assertThat(first.date()).isEqualTo(Instant.parse("2026-11-26T13:47:12Z"));
        assertThat(MOVING.uidValidity(mailbox, "INBOX")).isEqualTo(1_234_567);
    }

    @Test
    @DisplayName("Thunderbird's flags; what it has deleted and not yet taken out of the file stays away")
    void thunderbird() throws IOException {
        box(FROM
                + "X-Mozilla-Status: 1005\nX-Mozilla-Status2: 00800000\nX-Mozilla-Keys: $label2   \nSubject: one\n\n1\n\n"
                + FROM + "X-Mozilla-Status: 0009\nSubject: deleted\n\n2\n\n"
                + FROM + "X-Mozilla-Status: 0002\nSubject: three\n\n3\n");
        var mailbox = MOVING.mailbox();
        MOVING.bring(mailbox, source(Quoting.AUTO));
        assertThat(MOVING.lines(mailbox, "INBOX"))
                .containsExactly("1 one \\Seen \\Flagged $Forwarded $label2", "2 three \\Answered");
        assertThat(MOVING.messages(mailbox, "INBOX").getFirst().text()).isEqualTo("Subject: one\r\n\r\n1\r\n");
    }

    @ParameterizedTest
    @CsvSource({
        "AUTO,From one|>From two|>>From three",
        "MBOXRD,From one|>From two|>>From three",
        "MBOXO,From one|>>From two|>>>From three",
        "MBOXCL2,>From one|>>From two|>>>From three"
    })
    @DisplayName("quoted From lines, by the form of the file")
    void quoting(Quoting quoting, String lines) throws IOException {
        box(FROM + "Subject: x\n\nFrom here on\n\n>From one\n>>From two\n>>>From three\n> From four\n>Fromage\n\n"
                + message("second"));
        var mailbox = MOVING.mailbox();
        MOVING.bring(mailbox, source(quoting));
        var messages = MOVING.messages(mailbox, "INBOX");
        assertThat(messages).hasSize(2);
        assertThat(messages.getFirst().text())
                .isEqualTo("Subject: x\r\n\r\nFrom here on\r\n\r\n" + lines.replace("|", "\r\n")
                        + "\r\n> From four\r\n>Fromage\r\n");
    }

    @Test
    @DisplayName("a Content-Length that leads to the next message is believed; any other is not")
    void contentLength() throws IOException {
        var body = "\n" + FROM + ">From me\n\n";
        box(FROM + "Subject: right\nContent-Length: " + body.length() + "\n\n" + body + "\n"
                + FROM + "Subject: wrong\nContent-Length: 4\n\nmore than four\n>From me\n\n"
                + FROM + "Subject: too far\nContent-Length: 4000000000\n\nx\n");
        var mailbox = MOVING.mailbox();
        MOVING.bring(mailbox, source(Quoting.AUTO));
        assertThat(MOVING.messages(mailbox, "INBOX"))
                .extracting(Moving.Stored::text)
                .containsExactly(
                        ("Subject: right\n\n" + body).replace("\n", "\r\n"),
                        "Subject: wrong\r\n\r\nmore than four\r\nFrom me\r\n",
                        "Subject: too far\r\n\r\nx\r\n");
    }

    @Test
    @DisplayName("run again after the file was cut at its beginning and has grown at its end; equal messages stay two")
    void again() throws IOException {
        box(message("one") + message("twin") + message("twin") + message("four"));
        var mailbox = MOVING.mailbox();
        assertThat(MOVING.bring(mailbox, source(Quoting.AUTO)).counts().imported())
                .isEqualTo(4);
        box(message("twin").replaceFirst("\n\n", "\nStatus: RO\n\n")
                + message("twin")
                + message("four")
                + message("five"));
        var outcome = MOVING.bring(mailbox, source(Quoting.AUTO));
        assertThat(outcome.counts().imported()).isEqualTo(1);
        assertThat(outcome.counts().reflagged()).isEqualTo(1);
        assertThat(MOVING.lines(mailbox, "INBOX"))
                .containsExactly("1 one", "2 twin \\Seen", "3 twin", "4 four", "5 five");
    }

    @Test
    @DisplayName(
            "a folder of files: Thunderbird's .sbd, others' folders, Apple's .mbox; what is no mbox is passed over")
    void tree() throws IOException {
        for (var file :
                new String[] {"Inbox", "Sent", "Work", "Work.sbd/2026", "mail/Räume.mbox", "Apple.mbox/mbox", "empty"
                }) {
            Files.createDirectories(folder.resolve(file).resolveSibling(""));
            Files.writeString(folder.resolve(file), file.equals("empty") ? "" : message(file));
        }
        Files.writeString(folder.resolve("Inbox.msf"), "// <!-- <mdb:mork:z v=\"1.4\"/> -->");
        Files.writeString(folder.resolve(".hidden"), message("hidden"));
        var mailbox = MOVING.mailbox();
        var outcome = MOVING.bring(mailbox, new MboxSource(folder, FolderName.INBOX, Quoting.AUTO, Uidls.NONE));
        assertThat(outcome.counts().folders()).isEqualTo(7);
        assertThat(MOVING.folders(mailbox))
                .contains("Work", "Work/2026", "mail/Räume", "Apple", "empty")
                .doesNotContain("Inbox.msf", ".hidden");
        assertThat(MOVING.lines(mailbox, "INBOX")).containsExactly("1 Inbox");
        assertThat(MOVING.lines(mailbox, "Work/2026")).containsExactly("1 Work.sbd/2026");
        assertThat(MOVING.lines(mailbox, "Sent")).containsExactly("1 Sent");
    }

    @Test
    void whatIsNoMboxIsRefused() throws IOException {
        box("Subject: not in an mbox\n\nx\n");
        assertThatThrownBy(() -> source(Quoting.AUTO).folders())
                .isInstanceOf(SourceGone.class)
                .hasMessageContaining("is no mbox: at byte 0");
        assertThatThrownBy(() ->
                        new MboxSource(folder.resolve("none"), FolderName.INBOX, Quoting.AUTO, Uidls.NONE).folders())
                .isInstanceOf(SourceGone.class);
    }

    @Test
    @DisplayName("odd ends: no blank line before the next message, CRLF, no line end, no body")
    void oddEnds() throws IOException {
        box((FROM + "Subject: crlf\n\n1\n\n").replace("\n", "\r\n") + FROM + "Subject: no body\n\n" + FROM
                + "Subject: no end\n\nlast line");
        var mailbox = MOVING.mailbox();
        MOVING.bring(mailbox, source(Quoting.AUTO));
        assertThat(MOVING.messages(mailbox, "INBOX"))
                .extracting(Moving.Stored::text)
                .containsExactly(
                        "Subject: crlf\r\n\r\n1\r\n", "Subject: no body\r\n\r\n", "Subject: no end\r\n\r\nlast line");
    }

    @Test
    @DisplayName("quoting is undone wherever the bytes are split, and in lines of any length")
    void unquoted() throws IOException {
        var text = ">From a\n" + ">".repeat(100) + "From b\n" + "x".repeat(40_000) + "\n>From c\n>Fro";
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        for (int at = 0; at < bytes.length; at += at < 200 || at > 40_100 ? 1 : 997) {
            var in = new Unquoted(
                    new SequenceInputStream(
                            new ByteArrayInputStream(bytes, 0, at),
                            new ByteArrayInputStream(bytes, at, bytes.length - at)),
                    Quoting.MBOXRD,
                    false);
            assertThat(new String(in.readAllBytes(), StandardCharsets.US_ASCII))
                    .isEqualTo("From a\n" + ">".repeat(99) + "From b\n" + "x".repeat(40_000) + "\nFrom c\n>Fro");
        }
    }
}
