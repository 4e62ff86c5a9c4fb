package org.postern.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.accounts.Notice;
import org.postern.model.Address;
import org.postern.model.Domain;
import org.postern.model.HelpLine;
import org.postern.model.MailboxId;
import org.postern.testkit.OnScratch;

@DisplayName("Notices")
class NoticeRunnerTest {
    private static final NoticeText TEXT =
            new NoticeText(new Domain("mail.example.org"), new HelpLine("Help: https://example.org/help"));

    @RegisterExtension
    static final OnScratch<Post> POST = Post.forEachTest().withPoolSize(8);

    private final Post post;
    private final MailboxId ann;

    NoticeRunnerTest(Post post) {
        this.post = post;
        this.ann = post.mailbox("ann");
    }

    private NoticeRunner runner() {
        return NoticeRunner.start(post.database, post.store, TEXT, InstantSource.system());
    }

    /** On a thread of its own: this one holds a connection. */
    private static void joined(NoticeRunner runner) {
        try {
            Thread.ofVirtual().start(runner::deliverAll).join();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void note(int count) {
        post.database.once(tx -> tx.update("""
                INSERT INTO notice (mailbox_id, case_name, detail)
                SELECT ?, 'access-off', '{"protocol": "pop3", "by": "server", "why": "not used for 60 days"}'
                  FROM generate_series(1, ?)
                """, ann.value(), count));
    }

    private long waiting() {
        return post.count("SELECT count(*) FROM notice WHERE delivered_at IS NULL");
    }

    @Test
    @DisplayName(
            "are messages in the INBOX that say what happened, when and why, each once, however many nodes deliver")
    void once() throws InterruptedException {
        note(NoticeRunner.BATCH + 10);
        try (var one = runner();
                var other = runner()) {
            var threads = new Thread[4];
            for (int i = 0; i < threads.length; i++) {
                var runner = i % 2 == 0 ? one : other;
                threads[i] = Thread.ofVirtual().start(runner::deliverAll);
            }
            for (var thread : threads) {
                thread.join();
            }
            await().atMost(30, SECONDS).until(() -> waiting() == 0);
        }
        assertThat(post.messages(ann)).isEqualTo(NoticeRunner.BATCH + 10);
        assertThat(post.inbox(ann).getFirst())
                .contains("From: Mail service <postmaster@mail.example.org>\r\n")
                .contains("To: <ann@example.org>\r\n")
                .contains("Subject: POP3 access to ann@example.org is switched off\r\n")
                .contains("Auto-Submitted: auto-generated\r\n")
                .contains("The reason: not used for 60 days.\r\n")
                .endsWith("\r\n\r\nHelp: https://example.org/help\r\n");
    }

    @Test
    @DisplayName("wait while somebody holds the INBOX, and reach a mailbox that is full")
    void busyAndFull() {
        post.change(Post.plan(1));
        note(1);
        try (var runner = runner()) {
            post.database.transact(tx -> {
                tx.call("SELECT FROM folder WHERE mailbox_id = ? FOR NO KEY UPDATE", ann.value());
                joined(runner);
                return true;
            });
            assertThat(post.messages(ann)).isZero();
            assertThat(waiting()).isEqualTo(1);
            runner.deliverAll();
            await().atMost(30, SECONDS).until(() -> waiting() == 0);
        }
        assertThat(post.messages(ann)).isEqualTo(1);
    }

    @Test
    @DisplayName("tell of switches and locks, with what to do")
    void texts() {
        var at = Instant.parse("2026-11-21T12:00:00Z");
        var address = Address.parse("ann@example.org").orElseThrow();
        var on = new String(
                TEXT.message(new Notice(
                        7,
                        ann,
                        address,
                        at,
                        "access-on",
                        Map.of("protocol", "imap", "by", "owner", "from", "2026-11-21T12:15:00Z"))),
                UTF_8);
        assertThat(on)
                .contains("Subject: IMAP access to ann@example.org is switched on\r\n")
                .contains("Date: Sat, 21 Nov 2026 12:00:00 +0000\r\n")
                .contains("At 2026-11-21 12:00 UTC you switched on IMAP access")
                .contains("It works from 2026-11-21 12:15 UTC on.\r\n");
        var locked = new String(
                TEXT.message(new Notice(8, ann, address, at, "sending-lock", Map.of("why", "a test"))), UTF_8);
        assertThat(locked).contains("The reason: a test.\r\n").contains("An administrator unlocks sending.\r\n");
    }
}
