package org.postern.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.accounts.Access;
import org.postern.accounts.Forwarding;
import org.postern.accounts.MailboxChoices;
import org.postern.accounts.MailboxInfo;
import org.postern.accounts.Outcome;
import org.postern.accounts.Problem;
import org.postern.database.DatabaseUnavailable;
import org.postern.model.Domain;
import org.postern.model.FolderName;
import org.postern.model.MailboxId;
import org.postern.model.Plan;
import org.postern.model.UidSet;
import org.postern.testkit.OnScratch;

@DisplayName("Forwarding")
class ForwardingTest {
    private static final String MESSAGE = "From: ann@example.org\r\nSubject: hello\r\n\r\nbody\r\n";

    @RegisterExtension
    static final OnScratch<Neighbours> NEIGHBOURS = Neighbours.forEachTest();

    private final Neighbours neighbours;
    private final Post post;
    private final Outside outside;
    private final MailboxId ann;
    private final MailboxId bob;
    private final MailboxId eve;
    private final Access access;

    ForwardingTest(Neighbours neighbours) {
        this.neighbours = neighbours;
        this.post = neighbours.post;
        this.outside = neighbours.outside;
        this.ann = neighbours.ann;
        this.bob = neighbours.bob;
        this.eve = neighbours.eve;
        this.access = post.access("ann");
    }

    @AfterEach
    void logOut() {
        access.close();
    }

    private Outcome<MailboxInfo> forward(String from, boolean keepsCopy, String... to) {
        return post.mailboxes.choose(
                Post.address(from), MailboxChoices.NONE.forwards(new Forwarding(Neighbours.addresses(to), keepsCopy)));
    }

    @Test
    @DisplayName(
            "RFC 5321 §3.9.1: to a neighbour and to another host, in the mailbox's name; the message itself untouched")
    void forwards() {
        var remote = outside.domain("remote.example", "127.0.0.2");
        Post.done(forward("bob", true, "eve", "bob@remote.example", "eve"));
        assertThat(post.arrive("carol@far.example", MESSAGE, "bob", "ann"))
                .containsExactly(new ArrivalFate.Queued(), new ArrivalFate.Delivered());
        neighbours.run();
        var passed = "Delivered-To: bob@example.org\r\n" + MESSAGE;
        assertThat(remote.received()).singleElement().satisfies(each -> {
            assertThat(each.mail()).startsWith("<bob+forwarded@example.org>");
            assertThat(each.recipients()).containsExactly("<bob@remote.example>");
            assertThat(each.data()).isEqualTo(passed);
        });
        assertThat(post.inbox(eve))
                .containsExactly(
                        "Return-Path: <bob+forwarded@example.org>\r\nDelivered-To: eve@example.org\r\n" + passed);
        assertThat(post.inbox(bob))
                .containsExactly("Return-Path: <carol@far.example>\r\nDelivered-To: bob@example.org\r\n" + MESSAGE);
    }

    @Test
    @DisplayName("RFC 5321 §4.5.5: the null return path stays null; without a copy nothing stays")
    void nullReturnPath() {
        var remote = outside.domain("remote.example", "127.0.0.2");
        Post.done(forward("bob", false, "bob@remote.example"));
        post.arrive("", MESSAGE, "bob");
        neighbours.run();
        assertThat(remote.received())
                .singleElement()
                .satisfies(each -> assertThat(each.mail()).startsWith("<> "));
        assertThat(post.messages(bob)).isZero();
    }

    @Test
    @DisplayName("RFC 5321 §6.3: forwards that point at each other end where they began, and lose nothing")
    void circle() {
        Post.done(forward("bob", false, "eve"));
        Post.done(forward("eve", false, "bob"));
        post.arrive("carol@far.example", MESSAGE, "bob");
        neighbours.run();
        assertThat(post.inbox(bob))
                .singleElement()
                .satisfies(message -> assertThat(message).endsWith("\r\n" + MESSAGE));
        assertThat(post.messages(eve)).isZero();
    }

    @Test
    @DisplayName("a forward that fails bounces to the mailbox that forwards, which keeps the bounce")
    void bounces() {
        outside.domain("remote.example", "127.0.0.2").answering("RCPT", "550 5.7.1 SPF says no");
        Post.done(forward("bob", false, "bob@remote.example"));
        post.submit(access, MESSAGE, "bob");
        neighbours.run();
        assertThat(post.inbox(bob))
                .singleElement()
                .satisfies(message -> assertThat(message)
                        .startsWith("Return-Path: <>\r\nDelivered-To: bob+forwarded@example.org\r\n")
                        .contains("Final-Recipient: rfc822; bob@remote.example\r\nAction: failed\r\n"));
        assertThat(post.messages(ann)).isZero();
        assertThat(post.count("SELECT count(*) FROM event WHERE case_name = 'bounced'"))
                .as("no sign of abuse: nobody of ours has sent it")
                .isZero();
    }

    @Test
    @DisplayName("MAX_PASSED mailboxes down the way a message is kept, whoever they were")
    void boundOfMailboxesPassed() {
        Post.done(forward("bob", false, "eve"));
        var passed = IntStream.range(0, Forwarder.MAX_PASSED)
                .mapToObj(i -> "Delivered-To: m" + i + "@far.example\r\n")
                .toList();
        post.arrive("carol@far.example", String.join("", passed.subList(1, passed.size())) + MESSAGE, "bob");
        post.arrive("carol@far.example", String.join("", passed) + MESSAGE, "bob");
        neighbours.run();
        assertThat(post.messages(eve)).isOne();
        assertThat(post.messages(bob)).isOne();
    }

    @Test
    @DisplayName(
            "MAX_COPIES of a message are made in all, however many forward to each other; where none is left it is kept")
    void boundOfCopies() {
        var all = List.of("ann", "bob", "eve", "fay");
        post.mailbox("fay");
        for (var from : all) {
            var others = all.stream().filter(other -> !other.equals(from)).toArray(String[]::new);
            Post.done(forward(from, false, others));
        }
        post.arrive("carol@far.example", MESSAGE, "ann");
        assertThat(post.count("SELECT count(*) FROM queue WHERE copies_left IS NULL"))
                .isOne();
        assertThat(post.runner.runOnce()).isOne();
        assertThat(post.count("SELECT copies_left FROM queue"))
                .as("what ann's three share")
                .isEqualTo((Forwarder.MAX_COPIES - 3) / 3);
        post.count("UPDATE queue SET copies_left = 2 RETURNING 1");
        neighbours.run();
        assertThat(post.count("SELECT count(*) FROM message"))
                .as("each of three would have made three more")
                .isEqualTo(3);
    }

    @Test
    @DisplayName(
            "a database whose connections break again and again loses nothing that is forwarded, and doubles nothing")
    void survivesBrokenConnections() {
        Post.done(forward("bob", true, "eve"));
        int messages = 30;
        for (int i = 0; i < messages; i++) {
            post.arrive("carol@far.example", MESSAGE.replace("hello", "number " + i), "bob");
        }
        post.runner.start();
        for (int broken = 0; broken < 5; broken++) {
            int there = broken;
            await().ignoreExceptions().until(() -> waiting() == 0 || post.messages(eve) > there);
            breakConnections();
        }
        await().atMost(Duration.ofSeconds(40)).ignoreExceptions().until(() -> waiting() == 0);
        // The pool may still have connections that were broken.
        await().ignoreExceptionsInstanceOf(DatabaseUnavailable.class).untilAsserted(() -> {
            assertThat(post.inbox(eve)).hasSize(messages).doesNotHaveDuplicates();
            assertThat(post.inbox(bob)).hasSize(messages).doesNotHaveDuplicates();
        });
    }

    private long waiting() {
        return post.count("SELECT count(*) FROM queue_recipient");
    }

    /** Again, where it was itself asked on a broken one. */
    private void breakConnections() {
        await().ignoreExceptions()
                .until(() -> post.count("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity"
                                + " WHERE datname = current_database() AND pid <> pg_backend_pid()")
                        >= 0);
    }

    @Test
    @DisplayName("a full mailbox forwards once; its own copy follows when there is room")
    void fullMailbox() {
        post.change(Post.plan(3 * MESSAGE.length()));
        Post.done(forward("bob", true, "bob@remote.example"));
        post.arrive("carol@far.example", MESSAGE, "bob");
        post.arrive("carol@far.example", MESSAGE, "bob");
        post.runner.start();
        await().until(() -> post.count("SELECT count(*) FROM queue_recipient WHERE forwarded AND attempts > 2") > 0);
        assertThat(post.messages(bob)).isOne();
        post.store.remove(post.tree.find(bob, FolderName.INBOX).orElseThrow().id(), UidSet.range(1, 1));
        await().until(() ->
                post.messages(bob) == 1 && post.count("SELECT count(*) FROM queue_recipient WHERE forwarded") == 0);
        assertThat(post.count("SELECT count(*) FROM queue_recipient WHERE domain = 'remote.example'"))
                .as("each once")
                .isEqualTo(2);
    }

    @Test
    @DisplayName(
            "what none of the targets takes is kept; so is all of a mailbox that is paused, locked, or may not send")
    void keeps() {
        Post.done(post.mailboxes.addAlias(Post.address("robert"), Post.address("eve")));
        Post.done(forward("bob", false, "robert"));
        Post.done(post.mailboxes.removeAlias(Post.address("robert")));
        post.arrive("carol@far.example", MESSAGE, "bob");
        post.runner.start();
        await().until(() -> post.messages(bob) == 1);

        Post.done(forward("ann", false, "eve"));
        Post.done(post.accounts.sendingLocks().lock(Post.address("ann"), "test"));
        Post.done(forward("eve", false, "ann"));
        Post.done(post.mailboxes.pause(Post.address("eve")));
        assertThat(post.arrive("carol@far.example", MESSAGE, "ann", "eve")).containsOnly(new ArrivalFate.Delivered());
        post.change(new Plan(
                Post.PLAN,
                Post.plan(1 << 20).protocols(),
                Plan.Sending.none(),
                Post.plan(1 << 20).storage(),
                1 << 20));
        var fred = post.mailbox("fred");
        Post.done(forward("fred", false, "ann"));
        post.arrive("carol@far.example", MESSAGE, "fred");
        assertThat(post.messages(fred)).isOne();
    }

    @Test
    @DisplayName("RFC 6376: what one of ours wrote to a neighbour leaves signed when the neighbour forwards it")
    void signs() {
        var remote = outside.domain("remote.example", "127.0.0.2");
        Post.done(post.dkim.prepare(new Domain("example.org")));
        Post.done(post.dkim.activate(new Domain("example.org")));
        Post.done(forward("bob", false, "eve"));
        Post.done(forward("eve", false, "eve@remote.example"));
        post.submit(access, MESSAGE, "bob");
        post.arrive("carol@far.example", MESSAGE.replace("hello", "forged"), "eve");
        neighbours.run();
        assertThat(remote.received())
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.data())
                        .matches(data -> data.contains("forged") != data.startsWith("DKIM-Signature: ")));
    }

    @Test
    @DisplayName("a mailbox forwards to MAX_TARGETS addresses at most, that somebody has, and not to itself")
    void targets() {
        var most = IntStream.range(0, Forwarding.MAX_TARGETS)
                .mapToObj(i -> "x" + i + "@remote.example")
                .toArray(String[]::new);
        assertThat(Post.done(forward("bob", true, most)).forwarding().to()).hasSize(Forwarding.MAX_TARGETS);
        var more = Arrays.copyOf(most, most.length + 1);
        more[most.length] = "eve";
        assertThat(forward("bob", true, more))
                .isEqualTo(Outcome.failed(new Problem.TooMany("addresses to forward to", Forwarding.MAX_TARGETS)));
        assertThat(forward("bob", true, "nobody"))
                .isEqualTo(Outcome.failed(new Problem.NoSuchMailbox(Post.address("nobody"))));
        assertThat(forward("bob", true, "bob+x")).isInstanceOf(Outcome.Failed.class);
        assertThat(Post.done(post.mailboxes.show(Post.address("bob")))
                        .forwarding()
                        .to())
                .as("what is refused changes nothing")
                .hasSize(Forwarding.MAX_TARGETS);
        assertThat(Post.done(post.mailboxes.choose(
                                Post.address("bob"),
                                new MailboxChoices(
                                        Optional.empty(),
                                        Optional.empty(),
                                        Optional.of(Collections.emptyList()),
                                        Optional.empty())))
                        .forwarding())
                .isEqualTo(new Forwarding(List.of(), true));
    }
}
