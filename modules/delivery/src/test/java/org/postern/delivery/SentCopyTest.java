package org.postern.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.accounts.Access;
import org.postern.accounts.MailboxChoices;
import org.postern.delivery.SubmitOutcome.Accepted;
import org.postern.delivery.SubmitOutcome.Refused;
import org.postern.mailstore.FolderStore;
import org.postern.mime.bytes.Spool;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.SystemFlag;
import org.postern.model.UidSet;
import org.postern.testkit.HeldFolder;
import org.postern.testkit.OnScratch;

class SentCopyTest {
    private static final FolderName SENT = new FolderName("Sent");
    private static final String MESSAGE = "From: ann@example.org\r\nMessage-ID: <1@x>\r\n\r\nbody\r\n";
    private static final String BCC = "Bcc: secret@example.org,\r\n other@example.org\r\n";

    @RegisterExtension
    static final OnScratch<Post> POST = Post.forEachTest();

    private final Post post;
    private final MailboxId ann;
    private final MailboxId bob;
    private final Access access;

    SentCopyTest(Post post) {
        this.post = post;
        this.ann = post.mailbox("ann");
        this.bob = post.mailbox("bob");
        Post.done(post.mailboxes.choose(Post.address("ann"), MailboxChoices.NONE.copiesSent(true)));
        this.access = post.access("ann");
    }

    @AfterEach
    void logOut() {
        access.close();
    }

    private SubmitOutcome submit(String... to) {
        return post.submitWithBcc(access, Spool.of(MESSAGE.getBytes(UTF_8)), BCC, to);
    }

    @Test
    @DisplayName(
            "RFC 5322 §3.6.3: filed with its Bcc, \\Seen, in the transaction that accepts; nobody else gets the Bcc")
    void filesTheCopy() {
        assertThat(submit("bob", "ann")).isEqualTo(new Accepted(2, 0));
        assertThat(post.messages(ann, SENT)).containsExactly(BCC + MESSAGE);
        assertThat(post.inbox(bob).getFirst()).endsWith("\r\n" + MESSAGE).doesNotContain("secret");
        assertThat(post.inbox(ann).getFirst()).startsWith("Return-Path: ").doesNotContain("secret");
        var sent = post.tree.find(ann, SENT).orElseThrow().id();
        try (var watch = post.feed.watch(sent, () -> {})) {
            assertThat(watch.snapshot().flags(0).has(SystemFlag.SEEN)).isTrue();
        }
    }

    @Test
    @DisplayName("what the envelope says of Bcc is what the copy's header says")
    void envelopeNamesBlindCopies() {
        submit("bob");
        var envelope = post.database.once(
                tx -> tx.one("SELECT envelope FROM content WHERE mailbox_id = ?", row -> row.bytes(1), ann.value()));
        assertThat(org.postern.mime.MessageCodec.decodeEnvelope(envelope).bcc()).hasSize(2);
    }

    @Test
    void othersHaveNone() {
        try (var other = post.access("bob")) {
            post.submit(other, MESSAGE, "ann");
        }
        assertThat(post.messages(bob, SENT)).isEmpty();
    }

    @Test
    @DisplayName("a full mailbox still sends; its copy follows when there is room")
    void fullMailbox() {
        post.change(Post.plan(10));
        assertThat(submit("x@elsewhere.example")).isEqualTo(new Accepted(0, 1));
        assertThat(post.messages(ann, SENT)).isEmpty();
        post.runner.start();
        await().until(() -> post.count("SELECT max(attempts) FROM queue_recipient WHERE last_reply LIKE '452%'") > 0);
        assertThat(post.messages(ann, SENT)).isEmpty();
    }

    @Test
    @DisplayName("room is made: what waited is filed as it would have been at once")
    void followsWhenThereIsRoom() {
        post.change(Post.plan(3 * MESSAGE.length()));
        try (var other = post.access("bob")) {
            assertThat(post.submit(other, MESSAGE, "ann")).isEqualTo(new Accepted(1, 0));
        }
        assertThat(submit("bob")).isEqualTo(new Accepted(1, 0));
        assertThat(post.messages(ann, SENT)).isEmpty();
        post.store.remove(post.tree.find(ann, FolderName.INBOX).orElseThrow().id(), UidSet.range(1, 1));
        post.runner.start();
        await().until(() -> post.count("SELECT count(*) FROM queue") == 0);
        assertThat(post.messages(ann, SENT)).containsExactly(BCC + MESSAGE);
    }

    @Test
    @DisplayName("given up after the expiry, without a report: what was sent is sent")
    void expires() {
        post.change(Post.plan(10));
        assertThat(submit("x@elsewhere.example")).isInstanceOf(Accepted.class);
        post.database.transact(
                tx -> tx.update("UPDATE queue SET expires_at = clock_timestamp()")
                        + tx.update(
                                "UPDATE queue_recipient SET held = local_mailbox IS NULL, next_attempt_at = clock_timestamp()"));
        post.runner.runOnce();
        assertThat(post.count("SELECT count(*) FROM queue_recipient WHERE NOT held"))
                .isZero();
        assertThat(post.count("SELECT count(*) FROM queue")).isOne();
        assertThat(post.count("SELECT count(*) FROM event WHERE case_name = 'bounced'"))
                .isZero();
    }

    @Test
    @DisplayName("a folder of sent mail that is in use stalls nobody: the copy, large or small, follows from the queue")
    void busyFolder() {
        var large = MESSAGE + "0123456789abcdef\r\n".repeat(FolderStore.LARGE_BYTES / 16);
        try (var held = new HeldFolder(post.database, ann, SENT)) {
            assertThat(submit("bob")).isEqualTo(new Accepted(1, 0));
            assertThat(post.submit(access, large, "bob")).isEqualTo(new Accepted(1, 0));
            held.release();
        }
        assertThat(post.inbox(bob)).hasSize(2);
        post.runner.start();
        await().until(() -> post.count("SELECT count(*) FROM queue") == 0);
        assertThat(post.messages(ann, SENT)).containsExactlyInAnyOrder(BCC + MESSAGE, large);
    }

    @Test
    @DisplayName("what is refused is filed nowhere; a deleted folder is made again")
    void refusedAndMade() {
        post.tree.delete(ann, SENT);
        post.change(Post.plan(3 * MESSAGE.length()));
        assertThat(submit("bob")).isInstanceOf(Accepted.class);
        assertThat(submit("bob")).isInstanceOf(Refused.class);
        assertThat(post.messages(ann, SENT)).hasSize(1);
    }
}
