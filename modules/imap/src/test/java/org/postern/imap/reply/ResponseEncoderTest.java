package org.postern.imap.reply;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.postern.imap.Features;
import org.postern.imap.command.FetchItem;
import org.postern.imap.command.FetchItem.Partial;
import org.postern.imap.command.FetchItem.Section;
import org.postern.imap.command.FetchItem.SectionText;
import org.postern.imap.command.StatusItem;
import org.postern.imap.reply.FetchValue.Octets;
import org.postern.imap.reply.Untagged.Attribute;
import org.postern.mime.MessageParser;
import org.postern.mime.bytes.Spool;
import org.postern.model.Flags;
import org.postern.model.FolderName;
import org.postern.model.Keyword;
import org.postern.model.SpecialUse;
import org.postern.model.SystemFlag;
import org.postern.model.Uid;
import org.postern.model.UidSet;
import org.postern.model.UidValidity;

class ResponseEncoderTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ResponseEncoder encoder = new ResponseEncoder(out, new Features());

    private String sent() {
        var text = out.toString(StandardCharsets.ISO_8859_1);
        out.reset();
        return text;
    }

    private String sent(Untagged response) throws IOException {
        encoder.send(response);
        return sent();
    }

    private String fetched(FetchValue... values) throws IOException {
        return sent(new Untagged.Fetch(7, List.of(values)));
    }

    @Test
    @DisplayName("RFC 3501 §7.1: statuses and codes")
    void statuses() throws IOException {
        encoder.tagged("a1", Tagged.ok("done"));
        assertThat(sent()).isEqualTo("a1 OK done\r\n");
        encoder.tagged("a1", Tagged.no(Code.Plain.READ_ONLY, "ü\r\nx"));
        assertThat(sent()).isEqualTo("a1 NO [READ-ONLY] ???x\r\n");
        encoder.bye(new Reply.Bye(Optional.empty(), "gone"));
        assertThat(sent()).isEqualTo("* BYE gone\r\n");
        encoder.continueReq("OK");
        assertThat(sent()).isEqualTo("+ OK\r\n");
        var uids = UidSet.of(1, 2, 3, 9);
        for (var code : Map.of(
                        new Code.AppendUid(new UidValidity(5), uids),
                        "APPENDUID 5 1:3,9",
                        new Code.CopyUid(new UidValidity(5), uids, UidSet.range(11, 14)),
                        "COPYUID 5 1:3,9 11:14",
                        new Code.PermanentFlags(List.of("\\Seen"), true),
                        "PERMANENTFLAGS (\\Seen \\*)",
                        new Code.PermanentFlags(List.of(), false),
                        "PERMANENTFLAGS ()",
                        new Code.BadCharset(List.of("UTF-8")),
                        "BADCHARSET (UTF-8)",
                        new Code.Unseen(3),
                        "UNSEEN 3",
                        new Code.UidNext(4294967296L),
                        "UIDNEXT 4294967296",
                        new Code.Capability(List.of("IMAP4rev1", "IDLE")),
                        "CAPABILITY IMAP4rev1 IDLE")
                .entrySet()) {
            assertThat(sent(new Untagged.Note(Tagged.ok(code.getKey(), "x"))))
                    .isEqualTo("* OK [" + code.getValue() + "] x\r\n");
        }
    }

    @Test
    @DisplayName("RFC 3501 §7.2: folders in modified UTF-7, quoted where they must be")
    void folders() throws IOException {
        assertThat(sent(new Untagged.Folder(
                        false,
                        "Entwürfe",
                        List.of(Attribute.HAS_NO_CHILDREN),
                        Optional.of(SpecialUse.DRAFTS),
                        List.of())))
                .isEqualTo("* LIST (\\HasNoChildren \\Drafts) \"/\" Entw&APw-rfe\r\n");
        assertThat(sent(new Untagged.Folder(true, "a \"b\"\\c", List.of(), Optional.empty(), List.of())))
                .isEqualTo("* LSUB () \"/\" \"a \\\"b\\\"\\\\c\"\r\n");
        assertThat(sent(new Untagged.Folder(false, "", List.of(Attribute.NOSELECT), Optional.empty(), List.of())))
                .isEqualTo("* LIST (\\Noselect) \"/\" \"\"\r\n");
        assertThat(sent(new Untagged.Status(
                        new FolderName("a[b]"), Map.of(StatusItem.UNSEEN, "2", StatusItem.MESSAGES, "5"))))
                .isEqualTo("* STATUS a[b] (MESSAGES 5 UNSEEN 2)\r\n");
        assertThat(sent(new Untagged.Namespace()))
                .isEqualTo("* NAMESPACE ((\"\" \"/\")) ((\"Other Users/\" \"/\")) NIL\r\n");
        assertThat(sent(new Untagged.Search(List.of(), Optional.empty()))).isEqualTo("* SEARCH\r\n");
        assertThat(sent(new Untagged.Search(List.of(2L, 4L), Optional.empty()))).isEqualTo("* SEARCH 2 4\r\n");
        assertThat(sent(new Untagged.Enabled(List.of()))).isEqualTo("* ENABLED\r\n");
    }

    @Test
    @DisplayName("RFC 3501 §7.4.2: small FETCH items")
    void fetchItems() throws IOException {
        assertThat(fetched(
                        new FetchValue.UidValue(new Uid(9)),
                        new FetchValue.FlagsValue(
                                new Flags(SystemFlag.SEEN.bit(), List.of(new Keyword("$Junk"))), true),
                        new FetchValue.Size(5),
                        new FetchValue.InternalDate(Instant.parse("2026-11-01T01:02:03Z"))))
                .isEqualTo("* 7 FETCH (UID 9 FLAGS (\\Seen $Junk \\Recent) RFC822.SIZE 5"
                        + " INTERNALDATE \"01-Nov-2026 01:02:03 +0000\")\r\n");
        assertThat(fetched(new FetchValue.FlagsValue(Flags.NONE, true))).isEqualTo("* 7 FETCH (FLAGS (\\Recent))\r\n");
        assertThat(fetched(new FetchValue.FlagsValue(Flags.NONE, false))).isEqualTo("* 7 FETCH (FLAGS ())\r\n");
    }

    @Test
    @DisplayName("RFC 3501 §7.4.2: sections are named as asked, bytes are literals, a missing part is NIL")
    void sections() throws IOException {
        var bytes = "From: a\r\n\r\n".getBytes(StandardCharsets.US_ASCII);
        var fields = new FetchItem.BodySection(
                true,
                new Section(List.of(2, 1), new SectionText.Fields(true, List.of("From", "X Y"))),
                Optional.of(new Partial(3, 9)));
        assertThat(fetched(new FetchValue.BodySection(fields, new Octets.Held(bytes, 0, 4))))
                .isEqualTo("* 7 FETCH (BODY[2.1.HEADER.FIELDS.NOT (From \"X Y\")]<3> {4}\r\nFrom)\r\n");
        var whole = new FetchItem.BodySection(true, Section.WHOLE, Optional.empty());
        assertThat(fetched(
                        new FetchValue.BodySection(whole, new Octets.Streamed(11, to -> to.write(bytes))),
                        new FetchValue.UidValue(new Uid(1))))
                .isEqualTo("* 7 FETCH (BODY[] {11}\r\nFrom: a\r\n\r\n UID 1)\r\n");
        assertThat(fetched(new FetchValue.BodySection(
                        new FetchItem.BodySection(
                                false, new Section(List.of(9), new SectionText.Mime()), Optional.empty()),
                        new Octets.None())))
                .isEqualTo("* 7 FETCH (BODY[9.MIME] NIL)\r\n");
        assertThat(fetched(new FetchValue.Legacy(FetchItem.Plain.RFC822_HEADER, new Octets.Held(bytes, 0, 0))))
                .isEqualTo("* 7 FETCH (RFC822.HEADER {0}\r\n)\r\n");
    }

    @Test
    @DisplayName("a response cut inside a literal is known as such; one cut before its first byte is forgotten")
    void abandoned() throws IOException {
        assertThat(encoder.abandon()).isTrue();
        var cut = new FetchValue.BodySection(
                new FetchItem.BodySection(true, Section.WHOLE, Optional.empty()), new Octets.Streamed(9, to -> {
                    throw new IllegalStateException("store");
                }));
        assertThatThrownBy(() -> fetched(cut)).isInstanceOf(IllegalStateException.class);
        assertThat(encoder.abandon()).isFalse();
    }

    @Test
    @DisplayName("RFC 3501 §7.4.2: ENVELOPE and BODYSTRUCTURE of a nested message")
    void structure() throws IOException {
        var message = """
                From: "A \\"q\\" B" <a@example.com>, undisclosed:;
                Subject: =?utf-8?q?h=C3=A4?=
                Message-ID: <1@x>
                MIME-Version: 1.0
                Content-Type: multipart/mixed; boundary=b

                --b
                Content-Type: text/plain; charset=utf-8

                hi
                --b
                Content-Type: message/rfc822
                Content-Disposition: attachment; filename="x.eml"

                Subject: inner

                in
                --b--
                """.replace("\n", "\r\n").getBytes(StandardCharsets.UTF_8);
        var parsed = MessageParser.parse(Spool.of(message));
        assertThat(fetched(new FetchValue.EnvelopeValue(parsed.envelope())))
                .isEqualTo("* 7 FETCH (ENVELOPE (NIL \"=?utf-8?q?h=C3=A4?=\""
                        + " ((\"A \\\"q\\\" B\" NIL \"a\" \"example.com\")(NIL NIL \"undisclosed\" NIL)(NIL NIL NIL NIL))"
                                .repeat(3)
                        + " NIL NIL NIL NIL \"<1@x>\"))\r\n");
        assertThat(fetched(new FetchValue.StructureValue(parsed.structure(), true)))
                .isEqualTo("* 7 FETCH (BODYSTRUCTURE ((\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"7bit\" 2 1"
                        + " NIL NIL NIL NIL)"
                        + "(\"message\" \"rfc822\" NIL NIL NIL \"7bit\" 20 (NIL \"inner\" NIL NIL NIL NIL NIL NIL NIL NIL)"
                        + " (\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7bit\" 2 1 NIL NIL NIL NIL) 3"
                        + " NIL (\"attachment\" (\"filename\" \"x.eml\")) NIL NIL)"
                        + " \"mixed\" (\"boundary\" \"b\") NIL NIL NIL))\r\n");
        assertThat(fetched(new FetchValue.StructureValue(parsed.structure(), false)))
                .startsWith("* 7 FETCH (BODY ((\"text\" \"plain\" (\"charset\" \"utf-8\") NIL NIL \"7bit\" 2 1)(")
                .endsWith(" 3) \"mixed\"))\r\n");
    }

    @Test
    @DisplayName("RFC 3501 §4.3: what a quoted string cannot hold goes as a literal")
    void literals() throws IOException {
        var parsed = MessageParser.parse(Spool.of("Subject: bär\r\n\r\n".getBytes(StandardCharsets.UTF_8)));
        assertThat(fetched(new FetchValue.EnvelopeValue(parsed.envelope())))
                .startsWith("* 7 FETCH (ENVELOPE (NIL {4}\r\nb\u00c3\u00a4r NIL");
    }
}
