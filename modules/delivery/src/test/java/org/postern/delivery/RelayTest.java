package org.postern.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.delivery.relay.RelayLimits.Concurrency;
import org.postern.delivery.relay.RelayLimits.Portions;
import org.postern.delivery.relay.Smarthost;
import org.postern.delivery.relay.client.ClientLimits;
import org.postern.delivery.relay.client.Credentials;
import org.postern.delivery.relay.client.Security;
import org.postern.testkit.Certificates;
import org.postern.testkit.ScratchDatabase;
import org.postern.testkit.SmtpSink;

@DisplayName("Relaying")
class RelayTest {
    @RegisterExtension
    static final ScratchDatabase SCRATCH = ScratchDatabase.withPoolSize(12);

    @AutoClose
    private final Scene scene = new Scene(SCRATCH);

    private final Post post = scene.post;
    private final Outside outside = scene.outside;

    @Test
    @DisplayName(
            "RFC 5321 §4.5.2, §5: the bytes as accepted, one transaction for all recipients, one connection for all messages")
    void relays() {
        var remote = outside.domain("remote.example", "127.0.0.2");
        scene.submit("x@remote.example", "y@remote.example");
        scene.submit("z@remote.example");
        outside.relay();
        outside.drained();
        assertThat(remote.received()).hasSize(2).allSatisfy(each -> {
            assertThat(each.data()).isEqualTo(Scene.MESSAGE);
            assertThat(each.connection()).isEqualTo(1);
        });
        assertThat(remote.received().getFirst().mail()).isEqualTo("<ann@example.org> SIZE=" + Scene.MESSAGE.length());
        assertThat(remote.received().getFirst().recipients())
                .containsExactly("<x@remote.example>", "<y@remote.example>");
        assertThat(remote.commands()).startsWith("EHLO mail.example.org");
        assertThat(post.messages(scene.ann)).isZero();
    }

    @Test
    @DisplayName("RFC 5321 §6.1: each recipient has its own fate: taken, refused and reported, tried again")
    void partialRecipients() {
        var remote = outside.domain("remote.example", "127.0.0.2")
                .answering("RCPT TO:<bad@", "550 5.1.1 no such user")
                .answering("RCPT TO:<grey@", "450 4.2.0 come back");
        scene.submit("good@remote.example", "bad@remote.example", "grey@remote.example");
        outside.relay();
        scene.awaitMail(1);
        assertThat(post.inbox(scene.ann).getFirst())
                .contains("Final-Recipient: rfc822; bad@remote.example\r\nAction: failed\r\nStatus: 5.1.1\r\n")
                .doesNotContain("good@remote.example")
                .doesNotContain("grey@remote.example");
        scene.awaitReply("grey@remote.example", "450 4.2.0 come back");
        remote.answeringAll();
        outside.drained();
        assertThat(remote.received()).extracting(SmtpSink.Received::recipients).hasSize(2);
        assertThat(post.count(
                        "SELECT count(*) FROM event WHERE case_name = 'bounced' AND mailbox_id = ?"
                                + " AND detail ->> 'host' = 'mx.remote.example'",
                        scene.ann.value()))
                .isEqualTo(1);
    }

    @Test
    @DisplayName("RFC 2920: to a host without PIPELINING command by command; without EHLO, too")
    void oldHosts() {
        var plain = outside.domain("plain.example", "127.0.0.2").offering("SIZE 100000");
        var ancient = outside.domain("ancient.example", "127.0.0.3").answering("EHLO", "502 what?");
        scene.submit("x@plain.example", "y@plain.example");
        scene.submit("x@ancient.example");
        outside.relay();
        outside.drained();
        assertThat(plain.received()).hasSize(1);
        assertThat(ancient.received()).hasSize(1);
        assertThat(ancient.commands()).contains("HELO mail.example.org");
    }

    @Test
    @DisplayName("RFC 5321 §5.1: the host of the lowest preference that answers; dead ones are passed over")
    void preference() {
        outside.dns.mx("remote.example", 30, "far.example").mx("remote.example", 20, "near.example");
        outside.dns.mx("remote.example", 10, "dead.example");
        var far = outside.host("far.example", "127.0.0.2");
        var near = outside.host("near.example", "127.0.0.3");
        outside.dead("dead.example", "127.0.0.4");
        scene.submit("x@remote.example");
        outside.relay();
        outside.drained();
        assertThat(near.received()).hasSize(1);
        assertThat(far.connections()).isZero();
    }

    @Test
    @DisplayName("RFC 5321 §5.1: the next host, too, where one turns a message away, breaks off, or is not ready")
    void nextHost() {
        var troubles = Map.of(
                "GREETING",
                "421 4.3.2 busy",
                "EHLO",
                "421 4.3.2 busy",
                "MAIL",
                "451 4.3.0 no room",
                "RCPT",
                SmtpSink.HANG_UP);
        int number = 2;
        for (var trouble : troubles.entrySet()) {
            var domain = trouble.getKey().toLowerCase(Locale.ROOT) + ".example";
            outside.dns.mx(domain, 10, "a." + domain).mx(domain, 20, "b." + domain);
            outside.host("a." + domain, "127.0.0." + number++).answering(trouble.getKey(), trouble.getValue());
            outside.host("b." + domain, "127.0.0." + number++);
            scene.submit("x@" + domain);
        }
        outside.relay();
        outside.drained();
        assertThat(post.count("SELECT count(*) FROM queue_destination")).isZero();
        assertThat(scene.post.messages(scene.ann)).isZero();
    }

    @Test
    @DisplayName(
            "RFC 5321 §5.1: a recipient who was refused for now is not tried at the next host: that answer was his")
    void notTheNextHost() {
        outside.dns.mx("remote.example", 10, "a.remote.example").mx("remote.example", 20, "b.remote.example");
        outside.host("a.remote.example", "127.0.0.2").answering("RCPT", "450 4.2.0 come back");
        var second = outside.host("b.remote.example", "127.0.0.3");
        scene.submit("x@remote.example");
        outside.relay();
        scene.awaitReply("x@remote.example", "450 4.2.0 come back");
        assertThat(second.connections()).isZero();
    }

    @Test
    @DisplayName("Concurrency.perDestination: so many connections to one domain at once, and no more")
    void boundOfConnections() {
        var remote = outside.domain("remote.example", "127.0.0.2").answering("MAIL", SmtpSink.WAIT);
        IntStream.range(0, 12).forEach(i -> scene.submit("u" + i + "@remote.example"));
        outside.limits(limits -> limits.with(ClientLimits.DEFAULT)
                .with(new Concurrency(12, 3))
                .with(new Portions(1, 1, 1, 10, 100, 500, 32)));
        outside.relay();
        await().atMost(Scene.PATIENCE).until(() -> remote.mostConnections() == 3);
        remote.answeringAll();
        outside.drained();
        assertThat(remote.mostConnections()).isEqualTo(3);
    }

    @Test
    @DisplayName(
            "RFC 5321 §5.1, RFC 7505: without MX the domain itself; nobody for a null MX, an unknown domain, or our own MX")
    void routes() {
        var itself = outside.host("itself.example", "127.0.0.2");
        outside.dns.mx("null.example", 0, ".");
        outside.dns.mx("loop.example", 10, "mail.example.org").mx("loop.example", 20, "itself.example");
        scene.submit("x@itself.example", "x@null.example", "x@loop.example", "x@nowhere.example");
        outside.relay();
        outside.drained();
        scene.awaitMail(3);
        assertThat(itself.received()).hasSize(1);
        assertThat(String.join("", post.inbox(scene.ann)))
                .contains("<x@null.example>: 556 5.1.10 The domain null.example takes no mail")
                .contains("<x@loop.example>: 554 5.4.6 ")
                .contains("<x@nowhere.example>: 550 5.1.2 ");
    }

    @Test
    @DisplayName(
            "a name server that fails, a host that drips, hangs up or says 421: tried again, and found again by itself")
    void temporary() {
        outside.dns.fail("lame.example");
        var drip = outside.domain("drip.example", "127.0.0.2").answering("MAIL", SmtpSink.DRIP);
        var gone = outside.domain("gone.example", "127.0.0.3").answering("GREETING", SmtpSink.HANG_UP);
        var busy = outside.domain("busy.example", "127.0.0.4").answering("MAIL", "421 4.3.2 later");
        scene.submit("x@lame.example");
        scene.submit("x@drip.example");
        scene.submit("x@gone.example");
        scene.submit("x@busy.example");
        outside.relay();
        await().atMost(Scene.PATIENCE).untilAsserted(() -> {
            assertThat(scene.lastReply("x@lame.example")).startsWith("451 4.4.3 ");
            assertThat(scene.lastReply("x@drip.example"))
                    .startsWith("451 4.4.2 ")
                    .contains("timed out after MAIL");
            assertThat(scene.lastReply("x@gone.example")).startsWith("451 4.4.1 ");
            assertThat(scene.lastReply("x@busy.example")).isEqualTo("421 4.3.2 later");
        });
        drip.answeringAll();
        gone.answeringAll();
        busy.answeringAll();
        await().atMost(Scene.PATIENCE).until(() -> post.count("SELECT count(*) FROM queue_recipient") == 1);
        post.database.transact(tx -> tx.update("UPDATE queue SET expires_at = clock_timestamp()"));
        scene.awaitMail(1);
        assertThat(post.inbox(scene.ann).getFirst())
                .contains("Status: 5.4.7\r\n")
                .contains("451 4.4.3 The mail hosts of");
    }

    @Test
    @DisplayName("the reply to the whole message is lost: sent again, for a duplicate is better than a loss")
    void lostReply() {
        var remote = outside.domain("remote.example", "127.0.0.2").answering("MESSAGE", SmtpSink.HANG_UP);
        scene.submit("x@remote.example");
        outside.relay();
        scene.awaitReply("x@remote.example", "the whole message was lost");
        remote.answeringAll();
        outside.drained();
        assertThat(remote.received()).hasSizeGreaterThanOrEqualTo(2);
    }

    @Test
    @DisplayName("RFC 3207, RFC 7435: TLS where it is offered, whoever's certificate; plain where the handshake fails")
    void opportunisticTls() {
        var secure = outside.domain("secure.example", "127.0.0.2").withTls(Certificates.selfSigned("somebody.example"));
        var broken = outside.domain("broken.example", "127.0.0.3")
                .offering("STARTTLS")
                .answering("STARTTLS", "220 go ahead");
        scene.submit("x@secure.example", "x@broken.example");
        outside.relay();
        outside.drained();
        assertThat(secure.received()).extracting(SmtpSink.Received::secured).containsExactly(true);
        assertThat(broken.received()).extracting(SmtpSink.Received::secured).containsExactly(false);
    }

    @Test
    @DisplayName("a smarthost takes everything, after verified TLS and a login; never without")
    void smarthost() {
        var certificates = Certificates.selfSigned("localhost");
        var sink = outside.host("localhost", "127.0.0.1")
                .offering("PIPELINING", "AUTH PLAIN")
                .withTls(certificates);
        outside.smarthost(new Smarthost(
                "localhost", sink.port(), Security.STARTTLS, Optional.of(new Credentials("us", "secret"))));
        scene.submit("x@one.example", "y@two.example");
        var distrustful = outside.relay();
        scene.awaitReply("x@one.example", "4.7.5 No TLS with localhost");
        distrustful.close();
        assertThat(sink.received()).isEmpty();

        outside.trusting(certificates.certificate()).relay();
        outside.drained();
        assertThat(sink.received()).hasSize(2).allMatch(SmtpSink.Received::secured);
        assertThat(sink.commands()).contains("AUTH PLAIN AHVzAHNlY3JldA==");
    }

    @Test
    @DisplayName(
            "the mail of all domains goes to the smarthost over the same few connections, as many as one domain may have")
    void sharedSmarthost() {
        var sink = outside.host("localhost", "127.0.0.1");
        outside.smarthost(new Smarthost("localhost", sink.port(), Security.PLAIN, Optional.empty()));
        outside.limits(limits -> limits.with(new Concurrency(20, 2)));
        IntStream.range(0, 20).forEach(i -> scene.submit("x@d" + i + ".example"));
        outside.relay();
        outside.drained();
        assertThat(sink.received()).hasSize(20);
        assertThat(sink.mostConnections()).isLessThanOrEqualTo(2);
        assertThat(sink.connections()).isLessThan(10);
    }

    @Test
    @DisplayName("two nodes relay each message once, and leave no row behind")
    void twoNodes() {
        var remote = outside.domain("remote.example", "127.0.0.2");
        IntStream.range(0, 120).forEach(i -> scene.submit("u" + i + "@remote.example"));
        try (var other = scene.node(SCRATCH.anotherNode())) {
            outside.limits(limits -> limits.with(new Concurrency(4, 3)));
            var one = outside.relay();
            var two = outside.relay(other);
            outside.drained();
            one.close();
            two.close();
        }
        assertThat(remote.received()).hasSize(120);
        assertThat(remote.received()).extracting(SmtpSink.Received::recipients).doesNotHaveDuplicates();
        assertThat(post.count("SELECT count(*) FROM queue") + post.count("SELECT count(*) FROM queue_destination"))
                .isZero();
    }

    @Test
    @DisplayName("what a node that died had claimed comes due again after its lease")
    void deadNode() {
        var remote = outside.domain("remote.example", "127.0.0.2");
        scene.submit("x@remote.example");
        post.database.transact(tx -> {
            tx.call("SELECT dispatch_arrivals(10)");
            tx.call("SELECT claim_relay(10, 1, interval '200 milliseconds', 1)");
            return true;
        });
        assertThat(post.count("SELECT count(*) FROM queue_claim")).isEqualTo(1);
        outside.relay();
        outside.drained();
        assertThat(remote.received()).hasSize(1);
    }

    @Test
    @DisplayName("a destination with thousands waiting does not take the turn of another")
    void fairness() {
        var slow = outside.domain("big.example", "127.0.0.2").answering("GREETING", SmtpSink.WAIT);
        var small = outside.domain("small.example", "127.0.0.3");
        IntStream.range(0, 30).forEach(i -> scene.submit("u" + i + "@big.example"));
        outside.limits(limits -> limits.with(new Concurrency(2, 1)));
        outside.relay();
        await().atMost(Scene.PATIENCE).until(() -> slow.connections() > 0);
        scene.submit("x@small.example");
        await().atMost(Scene.PATIENCE).until(() -> small.received().size() == 1);
        assertThat(slow.received()).isEmpty();
        slow.answeringAll();
    }

    @Test
    @DisplayName("what a sender has queued is held while its sending is locked, and goes out when it is unlocked")
    void lockedSender() {
        var remote = outside.domain("remote.example", "127.0.0.2");
        scene.submit("x@remote.example");
        Post.done(post.accounts.sendingLocks().lock(Post.address("ann"), "a test"));
        outside.relay();
        await().atMost(Scene.PATIENCE)
                .until(() -> post.count(
                                "SELECT count(*) FROM queue_recipient WHERE held AND locked_mailbox = ?",
                                scene.ann.value())
                        == 1);
        assertThat(remote.received()).isEmpty();
        Post.done(post.accounts.sendingLocks().unlock(Post.address("ann")));
        outside.drained();
        assertThat(remote.received()).hasSize(1);
    }

    @Test
    @DisplayName("RFC 5321 §6.3: a message that has passed too many hosts is returned")
    void loop() {
        var remote = outside.domain("remote.example", "127.0.0.2");
        post.submit(scene.access, "Received: from a by b; now\r\n".repeat(101) + Scene.MESSAGE, "x@remote.example");
        post.submit(scene.access, "Received: from a by b; now\r\n".repeat(100) + Scene.MESSAGE, "y@remote.example");
        outside.relay();
        outside.drained();
        scene.awaitMail(1);
        assertThat(remote.received()).hasSize(1);
        assertThat(post.inbox(scene.ann).getFirst()).contains("Status: 5.4.6\r\n");
    }

    @Test
    @DisplayName("RFC 1870, RFC 6531: what a host cannot take is returned, not spoilt")
    void unfit() {
        outside.domain("small.example", "127.0.0.2").offering("SIZE 20");
        outside.domain("ascii.example", "127.0.0.3").offering("PIPELINING");
        scene.submit("x@small.example", "b\u00fccher@ascii.example");
        outside.relay();
        outside.drained();
        scene.awaitMail(2);
        assertThat(String.join("", post.inbox(scene.ann)))
                .contains("Status: 5.3.4\r\n")
                .contains("Final-Recipient: utf-8; b\u00fccher@ascii.example\r\nAction: failed\r\nStatus: 5.6.7\r\n")
                .contains("Content-Type: message/global-delivery-status\r\n");
    }
}
