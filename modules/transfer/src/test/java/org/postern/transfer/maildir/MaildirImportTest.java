package org.postern.transfer.maildir;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.postern.model.FlagChange;
import org.postern.model.Flags;
import org.postern.model.FolderName;
import org.postern.model.Keyword;
import org.postern.model.SpecialUse;
import org.postern.model.StorageLimit;
import org.postern.model.SystemFlag;
import org.postern.model.UidSet;
import org.postern.transfer.ImportSettings;
import org.postern.transfer.Moving;
import org.postern.transfer.UidlFormat;
import org.postern.transfer.Uidls;

class MaildirImportTest {
    @RegisterExtension
    static final Moving MOVING = new Moving();

    @TempDir
    Path maildir;

    private MaildirSource source() {
        return new MaildirSource(maildir, Uidls.NONE);
    }

    private Path message(String folder, String file, String subject) throws IOException {
        var path = maildir.resolve(folder).resolve(file);
        Files.createDirectories(path.resolveSibling(""));
        Files.writeString(path, "Subject: " + subject + "\n\nbody of " + subject + "\n");
        return path;
    }

    private void write(String file, String text) throws IOException {
        Files.writeString(maildir.resolve(file), text, StandardCharsets.ISO_8859_1);
    }

    @Test
    @DisplayName("flags, keywords, dates, and LF that become CRLF")
    void messages() throws IOException {
        var date = Instant.parse("2019-05-04T03:02:01Z");
        Files.setLastModifiedTime(message("cur", "1.a.host:2,FRS", "one"), FileTime.from(date));
        message("cur", "2.b.host,S=30:2,DPTab", "two");
        message("new", "3.c.host", "three");
        message("cur", "4.d.host", "four");
        message("tmp", "5.e.host", "not yet there");
        write("dovecot-keywords", "0 $Label1\n1 Später(nicht)\n2 unused\n");
        var mailbox = MOVING.mailbox();
        var outcome = MOVING.bring(mailbox, source());
        assertThat(outcome.troubles()).isEmpty();
        assertThat(outcome.counts().imported()).isEqualTo(4);
        assertThat(MOVING.lines(mailbox, "INBOX"))
                .containsExactly(
                        "1 one \\Seen \\Answered \\Flagged",
                        "2 two \\Deleted \\Draft $Forwarded $Label1",
                        "3 three",
                        "4 four");
        var first = MOVING.messages(mailbox, "INBOX").getFirst();
        assertThat(first.date()).isEqualTo(date);
        assertThat(first.text()).isEqualTo("Subject: one\r\n\r\nbody of one\r\n");
    }

    @Test
    @DisplayName(
            "folders: Maildir++ in modified UTF-7 and UTF-8, nested ones, subscriptions, special uses by their names")
    void folders() throws IOException {
        message("cur", "1.a:2,", "inbox");
        message(".Work.2026/cur", "1.b:2,", "work");
        message(".Entw&APw-rfe/cur", "1.c:2,", "draft");
        message(".Gesendet/new", "1.d", "sent");
        message("nested/Räume/cur", "1.e:2,", "room");
        Files.createDirectories(maildir.resolve(".Empty/cur"));
        write("subscriptions", "V\t2\n\nWork\t2026\nGesendet\n");
        var mailbox = MOVING.mailbox();
        var outcome = MOVING.bring(mailbox, source());
        assertThat(outcome.troubles()).isEmpty();
        assertThat(MOVING.folders(mailbox))
                .containsExactly(
                        "Archive",
                        "Drafts",
                        "Empty",
                        "INBOX",
                        "Junk",
                        "Sent",
                        "Trash",
                        "Work",
                        "Work/2026",
                        "nested",
                        "nested/Räume");
        assertThat(MOVING.lines(mailbox, "Drafts")).containsExactly("1 draft");
        assertThat(MOVING.lines(mailbox, "Sent")).containsExactly("1 sent");
        assertThat(MOVING.lines(mailbox, "nested/Räume")).containsExactly("1 room");
        assertThat(MOVING.subscriptions.list(mailbox))
                .contains(new FolderName("Work/2026"))
                .doesNotContain(new FolderName("Empty"), new FolderName("nested/Räume"));
        assertThat(MOVING.tree
                        .find(mailbox, new FolderName("Sent"))
                        .orElseThrow()
                        .use())
                .contains(SpecialUse.SENT);
    }

    @Test
    @DisplayName("two folders whose names say the same use keep their names, unless one is called as ours")
    void ambiguousUse() throws IOException {
        message(".Sent/cur", "1.a:2,", "one");
        message(".Sent Items/cur", "1.b:2,", "two");
        var mailbox = MOVING.mailbox();
        MOVING.bring(mailbox, source());
        assertThat(MOVING.lines(mailbox, "Sent")).containsExactly("1 one");
        assertThat(MOVING.lines(mailbox, "Sent Items")).containsExactly("1 two");
    }

    @Test
    @DisplayName("a second run brings what is new, and the flags that the source has changed, and no others")
    void again() throws IOException {
        var first = message("cur", "1.a:2,S", "one");
        message("cur", "2.b:2,", "two");
        message("cur", "3.c:2,", "three");
        var mailbox = MOVING.mailbox();
        MOVING.bring(mailbox, source());
        var inbox = MOVING.tree.find(mailbox, FolderName.INBOX).orElseThrow().id();
        MOVING.store.store(
                inbox,
                UidSet.range(1, 2),
                new FlagChange(FlagChange.Mode.ADD, new Flags(SystemFlag.FLAGGED.bit(), List.of(new Keyword("Mine")))),
                Optional.empty());
        MOVING.store.remove(inbox, UidSet.range(3, 3));

        Files.move(first, first.resolveSibling("1.a:2,R"));
        message("new", "4.d", "four");
        var outcome = MOVING.bring(mailbox, source());
        assertThat(outcome.counts().imported()).isEqualTo(1);
        assertThat(outcome.counts().known()).isEqualTo(3);
        assertThat(outcome.counts().reflagged()).isEqualTo(1);
        assertThat(MOVING.lines(mailbox, "INBOX"))
                .containsExactly("1 one \\Answered \\Flagged Mine", "2 two \\Flagged Mine", "4 four");

        assertThat(MOVING.imports.forget(mailbox)).isEqualTo(4);
        assertThat(MOVING.bring(mailbox, source()).counts().imported()).isEqualTo(4);
    }

    @Test
    @DisplayName("UIDs and UIDVALIDITY are kept in new folders, also by the runs after the first")
    void uids() throws IOException {
        message("cur", "1.a:2,", "one");
        message("cur", "2.b:2,", "two");
        message("cur", "3.c:2,", "three");
        write("dovecot-uidlist", "3 V1275660208 N25022 Gabc\n7 :1.a\n25 W2481 :2.b\n4294967290 :3.c\n");
        var mailbox = MOVING.mailbox();
        assertThat(MOVING.bringWithUids(mailbox, source()).troubles()).isEmpty();
        assertThat(MOVING.lines(mailbox, "INBOX")).containsExactly("7 one", "25 two", "4294967290 three");
        assertThat(MOVING.uidValidity(mailbox, "INBOX")).isEqualTo(1_275_660_208);

        message("cur", "4.d:2,", "four");
        write("dovecot-uidlist", "3 V1275660208 N25022 Gabc\n7 :1.a\n25 :2.b\n4294967290 :3.c\n4294967293 :4.d\n");
        assertThat(MOVING.bringWithUids(mailbox, source()).troubles()).isEmpty();
        assertThat(MOVING.lines(mailbox, "INBOX")).endsWith("4294967293 four");

        MOVING.tree.create(mailbox, new FolderName("Later"), Optional.empty());
        assertThat(MOVING.uidValidity(mailbox, "Later")).isGreaterThan(1_275_660_208);
    }

    @Test
    @DisplayName("in a folder that held messages UIDs are not kept, and that is told once")
    void uidsOfAnOldFolder() throws IOException {
        message("cur", "1.a:2,", "one");
        var mailbox = MOVING.mailbox();
        MOVING.bring(mailbox, source());
        message("cur", "2.b:2,", "two");
        message("cur", "3.c:2,", "three");
        write("dovecot-uidlist", "1 77 99\n7 1.a\n25 2.b:2,S\n26 3.c\n");
        assertThat(MOVING.bringWithUids(mailbox, source()).troubles()).containsExactly("uids-not-kept: INBOX, 2.b:2,");
        assertThat(MOVING.lines(mailbox, "INBOX")).containsExactly("1 one", "2 two", "3 three");
    }

    @Test
    @DisplayName("RFC 1939 §7: UIDLs of Dovecot, by its files and by its format, and none twice")
    void dovecotUidls() throws IOException {
        message("cur", "1.a:2,", "one");
        message("cur", "2.b:2,", "two");
        message("cur", "3.c:2,", "three");
        message("cur", "4.d:2,", "four");
        write("dovecot-uidlist", "3 V10 N25\n7 Pold-uidl-1 :1.a\n25 :2.b\n26 Pold-uidl-1 :3.c\n27 Pwith\u00e4 :4.d\n");
        var mailbox = MOVING.mailbox();
        var source = new MaildirSource(maildir, Uidls.madeAs(UidlFormat.parse("%08Xu%08Xv")));
        assertThat(MOVING.bring(mailbox, source).troubles())
                .containsExactly("uidl-not-kept: INBOX, 4.d:2,", "uidl-not-kept: INBOX, 4.d:2,");
        assertThat(MOVING.uidls(mailbox)).containsExactly("old-uidl-1", "000000190000000a", "-", "-");
    }

    @Test
    @DisplayName("UIDLs of Courier, and UIDs of its IMAP server")
    void courierUidls() throws IOException {
        message("cur", "1.a:2,", "one");
        message("cur", "2.b:2,", "two");
        message("cur", "3.c:2,", "three");
        write("courierpop3dsizelist", "/2 99 1234\n1.a:2,S 20 5:1234\n2.b 20 0:0\n3.c 20 6:0\n");
        write("courierimapuiddb", "1 555 99\n3 1.a\n4 2.b\n8 3.c\n");
        var mailbox = MOVING.mailbox();
        MOVING.bringWithUids(mailbox, source());
        assertThat(MOVING.uidls(mailbox)).containsExactly("UID5-1234", "2.b", "UID6");
        assertThat(MOVING.lines(mailbox, "INBOX")).containsExactly("3 one", "4 two", "8 three");
    }

    @Test
    @DisplayName("what a message without UIDL of this folder is called, now or later, is never another one's")
    void ownUidls() throws IOException {
        message("cur", "1.a:2,", "one");
        message("cur", "2.b:2,", "two");
        write("dovecot-uidlist", "3 V10 N25\n7 P1.1 :1.a\n25 P1.1 :2.b\n");
        var mailbox = MOVING.mailbox(); // Its INBOX has UIDVALIDITY 1.
        assertThat(MOVING.bring(mailbox, source()).troubles()).hasSize(1);
        assertThat(MOVING.uidls(mailbox)).containsExactly("-", "-");
    }

    @Test
    @DisplayName("too large, empty and unreadable messages are left out, each with a line; all others are there")
    void leftOut() throws IOException {
        message("cur", "1.a:2,", "one");
        Files.writeString(maildir.resolve("cur/2.b:2,"), "x".repeat(2_000));
        Files.writeString(maildir.resolve("cur/3.c:2,"), "");
        message("cur", "4.d:2,", "four");
        var mailbox = MOVING.mailbox();
        var settings = new ImportSettings(mailbox, StorageLimit.NONE, false, Moving.spools(1_999));
        var outcome = MOVING.bring(source(), settings);
        assertThat(outcome.troubles()).containsExactly("too-big: INBOX, 2.b:2,", "empty: INBOX, 3.c:2,");
        assertThat(outcome.counts().leftOut()).isEqualTo(2);
        assertThat(MOVING.lines(mailbox, "INBOX")).containsExactly("1 one", "2 four");
        assertThat(MOVING.bring(mailbox, source()).counts().imported()).isEqualTo(1); // The limit is higher now.
    }

    @Test
    @DisplayName("a full mailbox ends the import when it has what fits; with more room it goes on where it was")
    void overQuota() throws IOException {
        for (int i = 1; i <= 9; i++) {
            message("cur", i + ".a:2,", "number " + i);
        }
        message(".Work/cur", "1.b:2,", "never reached");
        var mailbox = MOVING.mailbox();
        long each = "Subject: number 1\r\n\r\nbody of number 1\r\n".length();
        var settings = new ImportSettings(mailbox, new StorageLimit(6 * each), false, Moving.spools(1 << 20));
        assertThat(MOVING.bring(source(), settings).troubles()).containsExactly("over-quota: INBOX, 7.a:2,");
        assertThat(MOVING.lines(mailbox, "INBOX")).hasSize(6);
        var outcome = MOVING.bring(mailbox, source());
        assertThat(outcome.counts().imported()).isEqualTo(4);
        assertThat(MOVING.lines(mailbox, "INBOX")).hasSize(9);
    }

    @Test
    @DisplayName("a file that is renamed while it is read, as by a server that marks it read, is found again")
    void live() throws IOException {
        var file = message("new", "1.a", "one");
        var mailbox = MOVING.mailbox();
        var folder = (MaildirFolder) source().folders().getFirst();
        folder.list(messages -> {
            Files.createDirectories(maildir.resolve("cur"));
            Files.move(file, maildir.resolve("cur/1.a:2,S"));
            assertThat(messages.getFirst().open().readAllBytes()).hasSizeGreaterThan(10);
            return true;
        });
        MOVING.bring(mailbox, source());
        assertThat(MOVING.lines(mailbox, "INBOX")).containsExactly("1 one \\Seen");
    }

    @Test
    @DisplayName("large messages and many small ones")
    void large() throws IOException {
        Files.createDirectories(maildir.resolve("cur"));
        Files.writeString(maildir.resolve("cur/0.a:2,"), "Subject: large\n\n" + "0123456789abcde\n".repeat(50_000));
        for (int i = 1; i <= 700; i++) {
            message("cur", String.format(Locale.ROOT, "%04d.a:2,", i), "number " + i);
        }
        var mailbox = MOVING.mailbox();
        assertThat(MOVING.bring(mailbox, source()).counts().imported()).isEqualTo(701);
        var messages = MOVING.messages(mailbox, "INBOX");
        assertThat(messages).hasSize(701);
        assertThat(messages.getFirst().text()).hasSize(18 + 17 * 50_000);
    }
}
