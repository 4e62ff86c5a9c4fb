package org.postern.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.accounts.AccountName;
import org.postern.accounts.Accounts;
import org.postern.accounts.Directory;
import org.postern.accounts.Groups;
import org.postern.mime.MessageParser;
import org.postern.mime.bytes.Spool;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.testkit.OnScratch;

@DisplayName("Addresses that lead to others")
class GroupsTest {
    private static final String MESSAGE = "From: carol@far.example\r\nSubject: hello\r\n\r\nbody\r\n";
    private static final String PASSED = "Delivered-To: sales@example.org\r\n" + MESSAGE;

    @RegisterExtension
    static final OnScratch<Neighbours> NEIGHBOURS = Neighbours.forEachTest();

    private final Neighbours neighbours;
    private final Post post;
    private final Outside outside;
    private final Groups groups;
    /** The owner of them all. */
    private final MailboxId ann;

    private final MailboxId bob;
    private final MailboxId eve;

    GroupsTest(Neighbours neighbours) {
        this.neighbours = neighbours;
        this.post = neighbours.post;
        this.outside = neighbours.outside;
        this.groups = new Groups(post.database);
        this.ann = neighbours.ann;
        this.bob = neighbours.bob;
        this.eve = neighbours.eve;
    }

    private void group(String name, String... to) {
        Post.done(groups.add(Post.address(name), Post.address("ann"), Neighbours.addresses(to)));
    }

    @Test
    @DisplayName(
            "RFC 5321 §3.9.2: to people here and elsewhere, in the address's own name; the message itself untouched")
    void leads() {
        var remote = outside.domain("remote.example", "127.0.0.2");
        group("sales", "bob", "eve", "bob@remote.example");
        assertThat(post.arrive("carol@far.example", MESSAGE, "sales")).containsExactly(new ArrivalFate.Queued());
        neighbours.run();
        assertThat(remote.received()).singleElement().satisfies(each -> {
            assertThat(each.mail()).startsWith("<sales+forwarded@example.org>");
            assertThat(each.recipients()).containsExactly("<bob@remote.example>");
            assertThat(each.data()).isEqualTo(PASSED);
        });
        assertThat(post.inbox(bob))
                .containsExactly(
                        "Return-Path: <sales+forwarded@example.org>\r\nDelivered-To: bob@example.org\r\n" + PASSED);
        assertThat(post.messages(eve)).isOne();
        assertThat(post.messages(ann)).as("its owner, who is not among them").isZero();
    }

    @Test
    @DisplayName("RFC 5233 §4: named with and without detail it is one address; its owner is another recipient")
    void oneOfEach() {
        group("sales", "ann", "bob");
        assertThat(post.arrive("carol@far.example", MESSAGE, "sales+a", "ann", "SALES", "sales+b"))
                .containsExactly(
                        new ArrivalFate.Queued(),
                        new ArrivalFate.Delivered(),
                        new ArrivalFate.Queued(),
                        new ArrivalFate.Queued());
        neighbours.run();
        assertThat(post.inbox(bob)).hasSize(1);
        assertThat(post.inbox(ann))
                .containsExactly(
                        "Return-Path: <carol@far.example>\r\nDelivered-To: ann@example.org\r\n" + MESSAGE,
                        "Return-Path: <sales+forwarded@example.org>\r\nDelivered-To: ann@example.org\r\n" + PASSED);
    }

    @Test
    @DisplayName("what fails on the way bounces to the owner, and is not passed on")
    void bounces() {
        outside.domain("remote.example", "127.0.0.2").answering("RCPT", "550 5.1.1 nobody");
        group("sales", "bob", "x@remote.example");
        post.arrive("carol@far.example", MESSAGE, "sales");
        neighbours.run();
        post.arrive("", MESSAGE.replace("carol", "mailer-daemon"), "sales+forwarded");
        outside.drained();
        assertThat(post.inbox(ann))
                .hasSize(2)
                .allSatisfy(bounce -> assertThat(bounce)
                        .startsWith("Return-Path: <>\r\nDelivered-To: sales+forwarded@example.org\r\n"))
                .first()
                .satisfies(bounce ->
                        assertThat(bounce).contains("Final-Recipient: rfc822; x@remote.example\r\nAction: failed\r\n"));
        assertThat(post.messages(bob)).isOne();
    }

    @Test
    @DisplayName("RFC 5321 §6.3: addresses that lead to each other end where they began: the owner keeps the message")
    void circle() {
        group("one", "bob");
        group("two", "one");
        Post.done(groups.lead(Post.address("one"), List.of(Post.address("two"), Post.address("bob"))));
        post.arrive("carol@far.example", MESSAGE, "one");
        neighbours.run();
        assertThat(post.messages(bob)).isOne();
        assertThat(post.inbox(ann))
                .singleElement()
                .satisfies(kept -> assertThat(kept)
                        .startsWith("Return-Path: <two+forwarded@example.org>\r\nDelivered-To: one@example.org\r\n"));
    }

    @Test
    @DisplayName("what looks like spam is for the owner's folder of junk alone")
    void junk() {
        group("sales", "bob", "bob@remote.example");
        assertThat(post.arrive("carol@far.example", MESSAGE, true, "sales"))
                .containsExactly(new ArrivalFate.Delivered());
        assertThat(post.messages(ann, new FolderName("Junk"))).hasSize(1);
        assertThat(post.messages(bob)).isZero();
    }

    @Test
    @DisplayName("of an owner who may not send nothing leaves: she gets what was for other hosts, our own get theirs")
    void ownerWhoMayNotSend() {
        group("sales", "bob", "x@remote.example", "y@remote.example");
        Post.done(post.accounts.sendingLocks().lock(Post.address("ann"), "test"));
        post.arrive("carol@far.example", MESSAGE, "sales");
        neighbours.run();
        assertThat(post.messages(bob)).isOne();
        assertThat(post.inbox(ann))
                .containsExactly(
                        "Return-Path: <sales+forwarded@example.org>\r\nDelivered-To: sales@example.org\r\n" + PASSED);
    }

    @Test
    @DisplayName("with paused-mailboxes: refuse, a paused owner is nobody else's pause; a suspended account is")
    void refusesPaused() {
        var strict = new Recipients(new Directory(post.database), post.mailboxes, PausedMailboxes.REFUSE);
        group("sales", "bob");
        Post.done(post.mailboxes.pause(Post.address("ann")));
        assertThat(strict.find(Post.address("ann"))).isInstanceOf(RecipientOutcome.Refused.class);
        assertThat(strict.find(Post.address("sales"))).isInstanceOf(RecipientOutcome.Taken.class);
        Post.done(new Accounts(post.database, post.plans).suspend(new AccountName("Acme")));
        assertThat(strict.find(Post.address("sales"))).isInstanceOf(RecipientOutcome.Refused.class);
    }

    @Test
    @DisplayName("what waits for an address that is taken away, or that leads to nobody, is its owner's")
    void gone() {
        group("sales", "bob");
        Post.done(post.mailboxes.addAlias(Post.address("robert"), Post.address("bob")));
        group("others", "robert");
        Post.done(post.mailboxes.removeAlias(Post.address("robert")));
        post.arrive("carol@far.example", MESSAGE, "sales");
        post.arrive("carol@far.example", MESSAGE, "others");
        Post.done(post.mailboxes.removeAlias(Post.address("sales")));
        neighbours.run();
        assertThat(post.messages(ann)).isEqualTo(2);
        assertThat(post.messages(bob)).isZero();
    }

    @Test
    @DisplayName("RFC 3461 §5.2.7.3: who asked for it hears that the message has come to the list, and no more")
    void reportsSuccess() throws IOException {
        group("sales", "bob", "eve");
        try (var access = post.access("bob")) {
            var to = ((RecipientOutcome.Taken) post.recipients.find(Post.address("sales"))).recipient();
            var bytes = Spool.of(MESSAGE.getBytes(UTF_8));
            post.submissions.submit(
                    access,
                    new Submission(
                            Optional.of(Post.address("bob")),
                            List.of(to.with(Map.of("NOTIFY", "SUCCESS"))),
                            bytes,
                            MessageParser.parse(bytes),
                            "",
                            MailOptions.NONE,
                            "trace.x"));
        }
        neighbours.run();
        assertThat(post.inbox(bob))
                .hasSize(2)
                .anySatisfy(report -> assertThat(report)
                        .contains("Final-Recipient: rfc822; sales@example.org\r\nAction: delivered\r\n"));
        assertThat(post.messages(eve)).isOne();
    }
}
