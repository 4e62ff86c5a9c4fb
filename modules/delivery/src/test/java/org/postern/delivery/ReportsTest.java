package org.postern.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AutoClose;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.postern.delivery.relay.RelayLimits.Pace;
import org.postern.mime.MessageParser;
import org.postern.mime.Structure;
import org.postern.mime.bytes.Spool;
import org.postern.model.Address;
import org.postern.model.Domain;
import org.postern.testkit.ScratchDatabase;
import org.postern.testkit.SmtpSink;

@DisplayName("Reports to senders")
class ReportsTest {
    private static final Optional<Address> ANN = Optional.of(Post.address("ann"));

    @RegisterExtension
    static final ScratchDatabase SCRATCH = ScratchDatabase.withPoolSize(10);

    @AutoClose
    private final Scene scene = new Scene(SCRATCH);

    private final Post post = scene.post;
    private final Outside outside = scene.outside;

    @Test
    @DisplayName(
            "RFC 3464 §2, RFC 6522 §3: three parts; ENVID and ORCPT come back decoded; small messages come back whole")
    void failure() throws IOException {
        outside.domain("remote.example", "127.0.0.2").answering("RCPT", "550-5.1.1 no\r\n550 5.1.1 such user");
        scene.submit(
                ANN,
                Map.of("ENVID", "QQ+2B1"),
                Map.of("ORCPT", "rfc822;x+2By@remote.example"),
                Scene.MESSAGE,
                "x@remote.example");
        outside.relay();
        var report = scene.onlyMessage();
        assertThat(report)
                .startsWith("Return-Path: <>\r\n")
                .contains("\r\nFrom: Mail Delivery System <mailer-daemon@mail.example.org>\r\n")
                .contains("\r\nAuto-Submitted: auto-replied\r\n")
                .contains("Original-Envelope-Id: QQ+1\r\nReporting-MTA: dns; mail.example.org\r\n")
                .contains("Original-Recipient: rfc822; x+y@remote.example\r\n")
                .contains("\r\nFinal-Recipient: rfc822; x@remote.example\r\nAction: failed\r\nStatus: 5.1.1\r\n")
                .contains("\r\nRemote-MTA: dns; mx.remote.example\r\n")
                .contains("\r\nDiagnostic-Code: smtp; 550 5.1.1 no such user\r\n")
                .contains("Content-Type: message/rfc822\r\n\r\n" + Scene.MESSAGE);
        var parsed = MessageParser.parse(Spool.of(report.getBytes(UTF_8)));
        assertThat(parsed.structure())
                .isInstanceOfSatisfying(
                        Structure.Multipart.class,
                        multipart -> assertThat(multipart.parts()).hasSize(3));
    }

    @Test
    @DisplayName("RFC 3461 §4.3, §5.3: RET=HDRS, and a message of more than 64 KB, give the header alone")
    void headersOnly() {
        outside.domain("remote.example", "127.0.0.2").answering("RCPT", "550 5.1.1 no");
        scene.submit(ANN, Map.of("RET", "HDRS"), Map.of(), Scene.MESSAGE, "x@remote.example");
        scene.submit(
                ANN,
                Map.of("RET", "FULL"),
                Map.of(),
                Scene.MESSAGE + "z".repeat(Reports.MAX_RETURNED_BYTES),
                "y@remote.example");
        outside.relay();
        scene.awaitMail(2);
        assertThat(post.inbox(scene.ann))
                .allSatisfy(report -> assertThat(report)
                        .contains(
                                "Content-Type: text/rfc822-headers\r\n\r\nFrom: ann@example.org\r\nSubject: hello\r\n\r\n--")
                        .doesNotContain("the body"));
    }

    @Test
    @DisplayName(
            "RFC 3461 §4.1: NOTIFY=NEVER hears nothing; SUCCESS hears of relaying to a host without DSN, and of local delivery")
    void notifies() {
        var silent = outside.domain("silent.example", "127.0.0.2").offering("PIPELINING");
        var speaking = outside.domain("speaking.example", "127.0.0.3");
        outside.domain("bad.example", "127.0.0.4").answering("RCPT", "550 5.1.1 no");
        post.mailbox("bob");
        scene.submit(ANN, Map.of(), Map.of("NOTIFY", "NEVER"), Scene.MESSAGE, "x@bad.example");
        scene.submit(
                ANN,
                Map.of("RET", "HDRS", "ENVID", "e1"),
                Map.of("NOTIFY", "SUCCESS,FAILURE"),
                Scene.MESSAGE,
                "x@silent.example",
                "x@speaking.example",
                "bob@example.org");
        outside.relay();
        outside.drained();
        scene.awaitMail(2);
        assertThat(String.join("", post.inbox(scene.ann)))
                .contains("Final-Recipient: rfc822; x@silent.example\r\nAction: relayed\r\n")
                .contains("Final-Recipient: rfc822; bob@example.org\r\nAction: delivered\r\n")
                .doesNotContain("speaking.example")
                .doesNotContain("bad.example");
        assertThat(speaking.received().getFirst().mail()).endsWith(" RET=HDRS ENVID=e1");
        assertThat(speaking.received().getFirst().recipients())
                .containsExactly("<x@speaking.example> NOTIFY=SUCCESS,FAILURE");
        assertThat(silent.received().getFirst().mail()).isEqualTo("<ann@example.org>");
    }

    @Test
    @DisplayName("RFC 3464 §2.3.3: a delay is told once, and only to who wants to hear of it")
    void delay() {
        outside.domain("remote.example", "127.0.0.2").answering("RCPT", "450 4.2.0 later");
        scene.submit(ANN, Map.of(), Map.of(), Scene.MESSAGE, "x@remote.example");
        scene.submit(ANN, Map.of(), Map.of("NOTIFY", "FAILURE"), Scene.MESSAGE, "y@remote.example");
        outside.relay();
        await().atMost(Scene.PATIENCE).until(() -> post.count("SELECT min(attempts) FROM queue_recipient") > 0);
        post.database.transact(tx -> tx.update("UPDATE queue SET delay_notice_at = clock_timestamp()"));
        var report = scene.onlyMessage();
        assertThat(report)
                .contains("Final-Recipient: rfc822; x@remote.example\r\nAction: delayed\r\nStatus: 4.4.1\r\n")
                .contains("Diagnostic-Code: smtp; 450 4.2.0 later\r\n")
                .contains("Will-Retry-Until: ")
                .contains("Content-Type: text/rfc822-headers\r\n");
        assertThat(post.count("SELECT count(*) FROM queue WHERE delay_notice_at IS NOT NULL"))
                .isZero();
    }

    @Test
    @DisplayName(
            "RFC 5321 §6.1: nothing is reported to the null return path, nor of a report: an event says what was dropped")
    void doubleBounce() {
        outside.domain("remote.example", "127.0.0.2").answering("RCPT", "550 5.1.1 no");
        scene.submit(Optional.empty(), Map.of(), Map.of(), Scene.MESSAGE, "x@remote.example");
        scene.submit(
                Optional.of(Address.parse("list@remote.example").orElseThrow()),
                Map.of(),
                Map.of(),
                Scene.MESSAGE,
                "y@remote.example");
        outside.relay();
        outside.drained();
        await().atMost(Scene.PATIENCE)
                .until(() -> post.count("SELECT count(*) FROM event WHERE case_name = 'double-bounce'") == 2);
        assertThat(post.messages(scene.ann)).isZero();
        assertThat(post.count("SELECT count(*) FROM event WHERE case_name = 'bounced' AND token_id IS NOT NULL"))
                .isEqualTo(2);
    }

    @Test
    @DisplayName("RFC 2852 §4.1.4: DELIVERBY with return: a message that is late comes back")
    void deliverBy() {
        outside.domain("remote.example", "127.0.0.2")
                .offering("PIPELINING", "DELIVERBY")
                .answering("RCPT", "450 4.2.0 later");
        scene.submit(ANN, Map.of("BY", "120;R"), Map.of(), Scene.MESSAGE, "x@remote.example");
        outside.relay();
        scene.awaitReply("x@remote.example", "450 4.2.0 later");
        assertThat(post.count("SELECT count(*) FROM queue WHERE expires_at <= accepted_at + interval '2 minutes'"))
                .isEqualTo(1);
        post.database.transact(tx -> tx.update("UPDATE queue SET expires_at = clock_timestamp()"));
        assertThat(scene.onlyMessage())
                .contains("Action: failed\r\nStatus: 5.4.7\r\n")
                .contains("450 4.2.0 later");
    }

    @Test
    @DisplayName(
            "RFC 2852 §4: time that runs out while the other host takes its own is not passed on: the message comes back")
    void deliverByTooLate() {
        var remote = outside.domain("remote.example", "127.0.0.2")
                .offering("PIPELINING", "DELIVERBY")
                .answering("EHLO", SmtpSink.WAIT);
        scene.submit(ANN, Map.of("BY", "1;R"), Map.of(), Scene.MESSAGE, "x@remote.example");
        outside.relay();
        await().atMost(Scene.PATIENCE)
                .until(() -> post.count("SELECT count(*) FROM queue WHERE expires_at < clock_timestamp()") == 1
                        && remote.connections() > 0);
        remote.answeringAll();
        assertThat(scene.onlyMessage()).contains("Action: failed\r\nStatus: 5.4.7\r\n");
        assertThat(remote.commands()).noneMatch(line -> line.startsWith("MAIL"));
    }

    @Test
    @DisplayName("administrators see, hold, release, retry and delete what waits")
    void waitingMail() {
        var remote = outside.domain("remote.example", "127.0.0.2").answering("RCPT", "450 4.2.0 later");
        outside.domain("other.example", "127.0.0.3").answering("RCPT", "450 4.2.0 later");
        scene.submit(ANN, Map.of("ENVID", "e1"), Map.of(), Scene.MESSAGE, "x@remote.example", "y@other.example");
        outside.limits(limits -> limits.with(new Pace(
                Duration.ofSeconds(8),
                new Backoff(Duration.ofHours(1), Duration.ofHours(1)),
                new Backoff(Duration.ofHours(1), Duration.ofHours(1)),
                Pace.DEFAULT.settle(),
                Duration.ofMillis(500))));
        outside.relay();
        var waiting = new WaitingMail(post.database);
        var all = selection(Optional.empty());
        var remoteOnly = selection(Optional.of("remote.example"));
        await().atMost(Scene.PATIENCE)
                .untilAsserted(() -> assertThat(waiting.list(all, 10))
                        .extracting(WaitingMail.Waiting::state)
                        .containsExactly(WaitingMail.State.DEFERRED, WaitingMail.State.DEFERRED));
        assertThat(waiting.list(all, 1)).hasSize(1);
        assertThat(waiting.list(remoteOnly, 10)).singleElement().satisfies(each -> {
            assertThat(each.lastReply()).contains("450 4.2.0 later");
            assertThat(each.lastHost()).contains("mx.remote.example");
            assertThat(each.mailbox()).contains("ann@example.org");
        });
        long id = waiting.list(all, 1).getFirst().recipient().queueId();
        assertThat(waiting.show(id, 10).orElseThrow().mail().parameters()).containsEntry("ENVID", "e1");

        assertThat(waiting.hold(remoteOnly)).isEqualTo(1);
        assertThat(waiting.hold(remoteOnly)).isZero();
        assertThat(waiting.list(remoteOnly, 10).getFirst().state()).isEqualTo(WaitingMail.State.HELD);
        remote.answeringAll();
        assertThat(waiting.retry(remoteOnly)).isZero();
        assertThat(waiting.release(remoteOnly)).isEqualTo(1);
        await().atMost(Scene.PATIENCE).until(() -> remote.received().size() == 1);
        assertThat(waiting.retry(all)).isEqualTo(1);
        await().atMost(Scene.PATIENCE).until(() -> post.count("SELECT max(attempts) FROM queue_recipient") == 2);
        await().atMost(Scene.PATIENCE).until(() -> waiting.delete(all) == 1);
        assertThat(waiting.list(all, 10)).isEmpty();
    }

    private static WaitingMail.Selection selection(Optional<String> domain) {
        return new WaitingMail.Selection(
                OptionalLong.empty(), domain.map(Domain::new), Optional.empty(), Optional.empty());
    }
}
