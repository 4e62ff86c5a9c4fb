package org.postern.transfer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postern.mailstore.ImportKey;
import org.postern.mailstore.ImportOutcome.Imported;
import org.postern.mailstore.NewImport;
import org.postern.mailstore.NewMessage;
import org.postern.mime.MessageParser;
import org.postern.mime.bytes.Spool;
import org.postern.model.FlagChange;
import org.postern.model.Flags;
import org.postern.model.FolderName;
import org.postern.model.Keyword;
import org.postern.model.MailboxId;
import org.postern.model.StorageLimit;
import org.postern.model.SystemFlag;
import org.postern.model.UidSet;
import org.postern.testkit.MailCorpus;
import org.postern.transfer.maildir.MaildirSink;
import org.postern.transfer.maildir.MaildirSource;
import org.postern.transfer.mbox.MboxSink;
import org.postern.transfer.mbox.MboxSource;
import org.postern.transfer.mbox.Quoting;

/** What is exported and imported again is the same: messages, dates, flags, keywords, UIDs, folders. */
class ExportTest {
    @RegisterExtension
    static final Moving MOVING = new Moving();

    private static final int MESSAGES = 60;

    @TempDir
    Path folder;

    private static void append(MailboxId mailbox, String to, String message, int n) throws IOException {
        var bytes = Spool.of(message.getBytes(StandardCharsets.ISO_8859_1));
        var flags = new Flags(
                n % 4 == 0
                        ? SystemFlag.SEEN.bit()
                        : n % 3 == 0 ? SystemFlag.ANSWERED.bit() | SystemFlag.DRAFT.bit() : 0,
                n % 5 == 0 ? List.of(new Keyword("$Forwarded"), new Keyword("Work")) : List.of());
        var parsed = new NewMessage(
                MessageParser.parse(bytes), bytes, flags, Instant.ofEpochSecond(1_500_000_000L + n * 77_777L));
        var uidl = n == 3 ? Optional.of("an-old-uidl") : Optional.<String>empty();
        var outcome = MOVING.imports.append(
                mailbox,
                new FolderName(to),
                Optional.empty(),
                List.of(new NewImport(parsed, ImportKey.of(to, Integer.toString(n)), OptionalLong.empty(), uidl)),
                StorageLimit.NONE);
        assertThat(((Imported) outcome).stopped()).isEmpty();
    }

    /** What files can hold: each line ends, and none with LF alone. */
    private static String fileable(byte[] message) {
        var text = new String(message, StandardCharsets.ISO_8859_1).replaceAll("(?<!\r)\n", "\r\n");
        var whole = text.contains("\r\n\r\n") ? text : text + "\r\n\r\n";
        return whole.endsWith("\n") ? whole : whole + "\r\n";
    }

    private static MailboxId filled() throws IOException {
        var mailbox = MOVING.mailbox();
        var corpus = new MailCorpus(7);
        for (int n = 1; n <= MESSAGES; n++) {
            append(mailbox, n % 7 == 0 ? "Sent" : "INBOX", fileable(corpus.message(n)), n);
        }
        MOVING.tree.create(mailbox, new FolderName("Räume/a.b/&"), Optional.empty());
        append(
                mailbox,
                "Räume/a.b/&",
                "Subject: From\r\n\r\nFrom me\r\n>From you\r\n\r\n" + "From x Thu Nov 26 13:47:12 2026\r\n",
                99);
        append(
                mailbox,
                "Räume/a.b/&",
                "Status: mine\r\nX-Keywords: forged\r\nX-Uid: 7\r\n\r\nno flags of mine\r\n",
                100);
        var inbox = MOVING.tree.find(mailbox, FolderName.INBOX).orElseThrow().id();
        MOVING.store.remove(inbox, UidSet.range(10, 12));
        MOVING.store.store(
                inbox,
                UidSet.range(20, 21),
                new FlagChange(FlagChange.Mode.ADD, Flags.of(SystemFlag.FLAGGED, SystemFlag.DELETED)),
                Optional.empty());
        return mailbox;
    }

    private static void export(MailboxId mailbox, MailSink sink) throws IOException {
        try (sink) {
            MOVING.exporter.run(mailbox, sink, counts -> {});
        }
    }

    private static void assertSame(MailboxId before, MailboxId after, String folder, String folderAfter) {
        assertThat(MOVING.messages(after, folderAfter)).isEqualTo(MOVING.messages(before, folder));
    }

    @Test
    @DisplayName("Maildir there and back; UIDLs too")
    void maildir() throws IOException {
        var before = filled();
        export(before, MaildirSink.at(folder.resolve("out")));
        assertThat(Files.readString(folder.resolve("out/.Sent/dovecot-uidlist")))
                .startsWith("3 V");
        assertThat(Files.readString(folder.resolve("out/.R&AOQ-ume.a_b.&-/dovecot-uidlist")))
                .contains("1 :")
                .contains("2 :");
        var after = MOVING.mailbox();
        var outcome = MOVING.bringWithUids(after, new MaildirSource(folder.resolve("out"), Uidls.NONE));
        assertThat(outcome.troubles()).isEmpty();
        assertSame(before, after, "INBOX", "INBOX");
        assertSame(before, after, "Sent", "Sent");
        assertThat(MOVING.messages(after, "Räume/a_b/&")).hasSize(2);
        assertThat(MOVING.uidls(after)).isEqualTo(MOVING.uidls(before)).contains("an-old-uidl");
        assertThat(MOVING.uidValidity(after, "Sent")).isEqualTo(MOVING.uidValidity(before, "Sent"));
    }

    @Test
    @DisplayName("mbox there and back, with lines of From and fields that only look like the mbox's own")
    void mbox() throws IOException {
        var before = filled();
        export(before, MboxSink.at(folder.resolve("out")));
        var after = MOVING.mailbox();
        var source = new MboxSource(folder.resolve("out"), FolderName.INBOX, Quoting.MBOXRD, Uidls.NONE);
        var outcome = MOVING.bringWithUids(after, source);
        assertThat(outcome.troubles()).isEmpty();
        assertSame(before, after, "INBOX", "INBOX");
        assertSame(before, after, "Sent", "Sent");
        var odd = MOVING.messages(after, "Räume/a.b/&");
        assertThat(odd.getFirst())
                .isEqualTo(MOVING.messages(before, "Räume/a.b/&").getFirst());
        assertThat(odd.getLast().text()).isEqualTo("\r\nno flags of mine\r\n");
        assertThat(odd.getLast().flags().names()).containsExactly("\\Seen", "$Forwarded", "Work");
    }

    @Test
    void anExportNeedsAnEmptyPlace() throws IOException {
        Files.writeString(folder.resolve("something"), "");
        assertThatThrownBy(() -> MaildirSink.at(folder)).isInstanceOf(FileAlreadyExistsException.class);
        assertThatThrownBy(() -> MboxSink.at(folder)).isInstanceOf(FileAlreadyExistsException.class);
    }
}
