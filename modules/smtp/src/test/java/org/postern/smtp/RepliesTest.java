package org.postern.smtp;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.model.AtLimit;
import org.postern.model.ConnectionCap;
import org.postern.model.HelpLine;
import org.postern.model.NewRecipientLimit;
import org.postern.model.PlanName;
import org.postern.model.Protocol;
import org.postern.model.Refusal;
import org.postern.model.SendQuota;
import org.postern.model.StorageLimit;

class RepliesTest {
    private final Replies replies = new Replies(new HelpLine("See https://help.example."));

    private String closing(Refusal refusal) {
        return new String(replies.closing(refusal), UTF_8);
    }

    @Test
    @DisplayName("RFC 5321 §3.8: a connection that we end hears 421, with the reason's own code")
    void closes() {
        assertThat(closing(new Refusal.ShuttingDown())).startsWith("421 4.3.2 ").endsWith("\r\n");
        assertThat(closing(new Refusal.IdleTooLong(Duration.ofMinutes(5))))
                .isEqualTo("421 4.4.2 Idle for 5 minutes\r\n");
        assertThat(closing(new Refusal.AccessEnded())).startsWith("421 4.3.2 ");
        assertThat(closing(new Refusal.Unavailable())).startsWith("421 4.3.0 ");
        assertThat(closing(new Refusal.ClearTextOnTlsPort())).startsWith("554 5.7.0 This port speaks TLS");
    }

    private static SendQuota quota(AtLimit atLimit) {
        return new SendQuota(SendQuota.Subject.MAILBOX, Duration.ofHours(1), SendQuota.Counting.MESSAGES, 5, atLimit);
    }

    static Stream<Arguments> codes() {
        var plan = new PlanName("starter");
        var slot = Instant.parse("2026-11-21T10:00:05Z");
        var capped = new Refusal.CapReached(Protocol.SMTP, 5, 5, ConnectionCap.Per.TOKEN, plan);
        return Stream.of(
                Arguments.of("535 5.7.8", new Refusal.AuthFailed()),
                Arguments.of("535 5.7.8", new Refusal.ScopeMissing(Protocol.SMTP)),
                Arguments.of("530 5.7.0", new Refusal.TlsRequired()),
                Arguments.of("421 4.7.0", new Refusal.SlowDown()),
                Arguments.of("454 4.7.0 Maximum connections exceeded: 5 of 5 with this client token", capped),
                Arguments.of("451 4.3.0", new Refusal.Unavailable()),
                Arguments.of("452 4.2.2", new Refusal.MailboxFull(StorageLimit.Resource.MESSAGES, 5, 5)),
                Arguments.of("552 5.3.4", new Refusal.MessageTooBig(100)),
                Arguments.of(
                        "550 5.7.1 The starter plan does not include sending.", new Refusal.SendingNotInPlan(plan)),
                Arguments.of(
                        "451 4.7.1 Hourly sending limit reached: 5 of 5 messages. Next slot at 2026-11-21 10:00:05 UTC.",
                        new Refusal.QuotaReached(quota(AtLimit.DEFER), 5, slot)),
                Arguments.of(
                        "550 5.7.1 Hourly sending limit reached: 5 of 5 messages. Next slot at",
                        new Refusal.QuotaReached(quota(AtLimit.REFUSE), 5, slot)),
                Arguments.of(
                        "451 4.7.1 Daily limit of new recipients reached: 5 of 5.",
                        new Refusal.NewRecipientsReached(new NewRecipientLimit(5, AtLimit.DEFER), 5, slot)),
                Arguments.of(
                        "550 5.7.1 Daily limit of new recipients reached: 5 of 5.",
                        new Refusal.NewRecipientsReached(new NewRecipientLimit(5, AtLimit.REFUSE), 5, slot)),
                Arguments.of("550 5.5.3 Too many new recipients", new Refusal.TooManyNewRecipients(5)),
                Arguments.of("452 4.5.3", new Refusal.TooManyRecipients(5)),
                Arguments.of("550 5.7.1 Sending from this mailbox is locked.", new Refusal.SendingLocked()),
                Arguments.of("553 5.7.1", new Refusal.NotYourAddress("a@b.example")),
                Arguments.of("421 4.3.2", new Refusal.Replaced()),
                Arguments.of("421 4.4.2", new Refusal.IdleTooLong(Duration.ofMinutes(5))));
    }

    @ParameterizedTest
    @MethodSource("codes")
    @DisplayName(
            "REPLIES: every refusal has its code, and a limit that time clears is deferred or refused as the plan says")
    void codes(String begins, Refusal refusal) {
        assertThat(replies.to(refusal).getLines().getFirst().toString()).startsWith(begins);
    }

    @Test
    void refusesWithTheRegisteredCode() {
        assertThat(replies.to(new Refusal.AuthFailed()).getLines().getFirst().toString())
                .startsWith("535 5.7.8 Authentication failed.")
                .endsWith("See https://help.example.");
    }
}
