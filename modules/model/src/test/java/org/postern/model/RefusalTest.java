package org.postern.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.postern.model.StorageLimit.Resource;

class RefusalTest {
    private static final HelpLine HELP = new HelpLine("See https://help.example/mail");
    private static final PlanName PLAN = new PlanName("starter");

    static Stream<Arguments> texts() {
        return Stream.of(
                Arguments.of(
                        new Refusal.AuthFailed(),
                        "Authentication failed. Use your full email address and a client token, not your account"
                                + " password. See https://help.example/mail"),
                Arguments.of(
                        new Refusal.ScopeMissing(Protocol.IMAP),
                        "This client token does not allow IMAP. See https://help.example/mail"),
                Arguments.of(
                        new Refusal.CapReached(Protocol.IMAP, 25, 25, ConnectionCap.Per.CLIENT_ADDRESS, PLAN),
                        "Maximum connections exceeded: 25 of 25 from your network address on the starter plan. Close a"
                                + " mail app or wait for idle connections to end."),
                Arguments.of(
                        new Refusal.CapReached(Protocol.IMAP, 40, 40, ConnectionCap.Per.MAILBOX, PLAN),
                        "Maximum connections exceeded: 40 of 40 for this mailbox on the starter plan. Close a mail app"
                                + " or wait for idle connections to end."),
                Arguments.of(
                        new Refusal.CapReached(Protocol.IMAP, 5, 5, ConnectionCap.Per.TOKEN, PLAN),
                        "Maximum connections exceeded: 5 of 5 with this client token on the starter plan. Close a mail"
                                + " app or wait for idle connections to end."),
                Arguments.of(
                        new Refusal.Replaced(),
                        "This connection was idle longest, and a newer one with the same client token took its place."),
                Arguments.of(new Refusal.TlsRequired(), "Start TLS before you log in."),
                Arguments.of(
                        new Refusal.SlowDown(),
                        "Too many failed logins. Try again later. See https://help.example/mail"),
                Arguments.of(
                        new Refusal.MaildropInUse(),
                        "Another POP3 session has this mailbox open. Try again when it has ended."),
                Arguments.of(new Refusal.Unavailable(), "The server cannot do this right now. Try again later."),
                Arguments.of(
                        new Refusal.MailboxFull(Resource.BYTES, 1024 << 20, 1024 << 20),
                        "The mailbox is full: 1024 of 1024 MiB are used. Delete mail to make room."),
                Arguments.of(
                        new Refusal.MailboxFull(Resource.MESSAGES, 999, 1000),
                        "The mailbox is full: 999 of 1000 messages are stored. Delete mail to make room."),
                Arguments.of(new Refusal.MessageTooBig(100), "Message too big: the limit is 100 bytes"),
                Arguments.of(new Refusal.TooManyRecipients(100), "Too many recipients: at most 100 for one message"),
                Arguments.of(
                        new Refusal.NewRecipientsReached(
                                new NewRecipientLimit(50, AtLimit.DEFER), 49, Instant.parse("2026-11-21T10:00:05Z")),
                        "Daily limit of new recipients reached: 49 of 50. Next slot at 2026-11-21 10:00:05 UTC."),
                Arguments.of(
                        new Refusal.TooManyNewRecipients(50),
                        "Too many new recipients: at most 50 in a day. Send to fewer of them at once."),
                Arguments.of(
                        new Refusal.SendingLocked(),
                        "Sending from this mailbox is locked. See https://help.example/mail"),
                Arguments.of(
                        new Refusal.AccessEnded(),
                        "Access with this client token has ended. See https://help.example/mail"),
                Arguments.of(new Refusal.ShuttingDown(), "The server is restarting. Connect again in a moment."),
                Arguments.of(new Refusal.TooManyConnections(), "Too many connections. Try again later."),
                Arguments.of(new Refusal.CheckedTooOften(Duration.ofSeconds(61)), "Check again in 2 min."),
                Arguments.of(
                        new Refusal.SendingNotInPlan(PLAN),
                        "The starter plan does not include sending. See https://help.example/mail"),
                Arguments.of(
                        new Refusal.QuotaReached(
                                new SendQuota(
                                        SendQuota.Subject.MAILBOX,
                                        Duration.ofHours(1),
                                        SendQuota.Counting.MESSAGES,
                                        500,
                                        AtLimit.DEFER),
                                500,
                                Instant.parse("2026-11-21T10:00:05Z")),
                        "Hourly sending limit reached: 500 of 500 messages. Next slot at 2026-11-21 10:00:05 UTC."),
                Arguments.of(
                        new Refusal.QuotaReached(
                                new SendQuota(
                                        SendQuota.Subject.ACCOUNT,
                                        Duration.ofDays(1),
                                        SendQuota.Counting.RECIPIENTS,
                                        6000,
                                        AtLimit.REFUSE),
                                6000,
                                Instant.parse("2026-11-21T10:00:05Z")),
                        "Daily sending limit of the account reached: 6000 of 6000 recipients. Next slot at 2026-11-21"
                                + " 10:00:05 UTC."),
                Arguments.of(new Refusal.NotYourAddress("x@y.example"), "x@y.example is not one of your addresses."),
                Arguments.of(
                        new Refusal.ClearTextOnTlsPort(),
                        "This port speaks TLS from the first byte. Choose SSL/TLS in your mail app."),
                Arguments.of(new Refusal.IdleTooLong(Duration.ofMinutes(30)), "Idle for 30 minutes"));
    }

    @ParameterizedTest
    @MethodSource("texts")
    @DisplayName("a refusal says what happened, why, and what to do")
    void text(Refusal refusal, String text) {
        assertThat(refusal.text(HELP)).isEqualTo(text);
        assertThat(refusal.caseName()).matches("[a-z0-9-]+");
    }

    @Test
    @DisplayName("a help line is one line of at most 200 ASCII characters")
    void helpLine() {
        assertThat(new HelpLine("x".repeat(HelpLine.MAX_LENGTH)).text()).hasSize(200);
        assertThatThrownBy(() -> new HelpLine("x".repeat(HelpLine.MAX_LENGTH + 1)))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new HelpLine("a\r\nb")).isInstanceOf(IllegalArgumentException.class);
    }
}
