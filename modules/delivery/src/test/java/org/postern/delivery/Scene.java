package org.postern.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.postern.accounts.Access;
import org.postern.database.Database;
import org.postern.mime.MessageParser;
import org.postern.mime.bytes.Spool;
import org.postern.model.Address;
import org.postern.model.MailboxId;
import org.postern.testkit.ScratchDatabase;

/** Ann at one node, and the hosts outside that she writes to: what each test of relaying begins with, on an empty database. */
final class Scene implements AutoCloseable {
    static final Duration PATIENCE = Duration.ofSeconds(40);
    static final String MESSAGE = "From: ann@example.org\r\nSubject: hello\r\n\r\n.dot\r\n..two\r\nthe body\r\n";

    private final Path spools;
    final Post post;
    final Outside outside;
    final MailboxId ann;
    final Access access;

    Scene(ScratchDatabase scratch) {
        scratch.clear();
        try {
            spools = Files.createTempDirectory("postern-spools-");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        post = node(scratch.database()).found();
        outside = new Outside(post);
        ann = post.mailbox("ann");
        access = post.access("ann");
        post.runner.start();
    }

    @Override
    public void close() throws IOException {
        access.close();
        outside.close();
        post.check();
        assertThat(post.count("SELECT count(*) FROM queue_claim")).as("claims").isZero();
        post.close();
        Files.delete(spools); // Empty, or something has left a file behind.
    }

    /** A node. */
    Post node(Database database) {
        return new Post(database, spools, Post.limits(Duration.ofSeconds(2), 64));
    }

    void submit(String... to) {
        assertThat(post.submit(access, MESSAGE, to)).isInstanceOf(SubmitOutcome.Accepted.class);
    }

    /** @param mail the parameters of MAIL */
    void submit(Map<String, String> mail, String... to) {
        submit(Optional.of(Post.address("ann")), mail, Map.of(), MESSAGE, to);
    }

    /**
     * One message for several.
     *
     * @param from the return path
     * @param mail the parameters of MAIL
     * @param rcpt those of each RCPT
     */
    void submit(
            Optional<Address> from, Map<String, String> mail, Map<String, String> rcpt, String message, String... to) {
        var recipients = Stream.of(to)
                .map(each -> {
                    var address = Address.parse(each).orElseThrow();
                    return switch (post.recipients.find(address)) {
                        case RecipientOutcome.Taken(var recipient) -> recipient.with(rcpt);
                        case RecipientOutcome.Refused(var refusal) -> throw new AssertionError(refusal);
                    };
                })
                .toList();
        var bytes = Spool.of(message.getBytes(UTF_8));
        var options = new MailOptions(BodyType.SEVEN_BIT, false, mail, Optional.empty());
        try {
            var submission =
                    new Submission(from, recipients, bytes, MessageParser.parse(bytes), "", options, "trace.x");
            assertThat(post.submissions.submit(access, submission)).isInstanceOf(SubmitOutcome.Accepted.class);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What was said last about a recipient that waits. */
    String lastReply(String address) {
        return post.database.once(tx -> tx.first(
                        "SELECT coalesce(last_reply, '') AS reply FROM queue_recipient WHERE address = ?",
                        row -> row.text("reply"),
                        address)
                .orElse("gone"));
    }

    void awaitReply(String address, String part) {
        await().atMost(PATIENCE).until(() -> lastReply(address), reply -> reply.contains(part));
    }

    /** Until Ann has so many messages. */
    void awaitMail(int messages) {
        await().atMost(PATIENCE).until(() -> post.messages(ann) == messages);
    }

    /** The one that Ann gets. */
    String onlyMessage() {
        awaitMail(1);
        return post.inbox(ann).getFirst();
    }
}
