package org.postern.model;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * Every refusal that a mail app may show its user: what happened, why, and what to do, never telling a stranger whether
 * a mailbox exists. Sessions pick only their protocol's code for the case.
 */
public sealed interface Refusal {
    /** The case's name in logs, metrics and events; never changes. */
    String caseName();

    /** One line of ASCII without a code. */
    String text(HelpLine help);

    /** Wrong or missing secret; unknown, paused or switched-off mailbox: a stranger can not tell which. */
    record AuthFailed() implements Refusal {
        @Override
        public String caseName() {
            return "auth-failed";
        }

        @Override
        public String text(HelpLine help) {
            return help.after("Authentication failed. Use your full email address and a client token,"
                    + " not your account password.");
        }
    }

    /** The secret is right, but not made for this protocol. */
    record ScopeMissing(Protocol protocol) implements Refusal {
        @Override
        public String caseName() {
            return "scope-missing";
        }

        @Override
        public String text(HelpLine help) {
            return help.after("This client token does not allow " + protocol + '.');
        }
    }

    record TlsRequired() implements Refusal {
        @Override
        public String caseName() {
            return "tls-required";
        }

        @Override
        public String text(HelpLine help) {
            return "Start TLS before you log in.";
        }
    }

    record SlowDown() implements Refusal {
        @Override
        public String caseName() {
            return "slow-down";
        }

        @Override
        public String text(HelpLine help) {
            return help.after("Too many failed logins. Try again later.");
        }
    }

    /** @param open how many connections are open now, the cap or more */
    record CapReached(Protocol protocol, int open, int max, ConnectionCap.Per per, PlanName plan) implements Refusal {
        @Override
        public String caseName() {
            return "cap-reached";
        }

        @Override
        public String text(HelpLine help) {
            var where = switch (per) {
                case CLIENT_ADDRESS -> "from your network address";
                case TOKEN -> "with this client token";
                case MAILBOX -> "for this mailbox";
            };
            return "Maximum connections exceeded: " + open + " of " + max + ' ' + where + " on the " + plan
                    + " plan. Close a mail app or wait for idle connections to end.";
        }
    }

    /** The plan has the longest-idle connection of a token make room for a new one. */
    record Replaced() implements Refusal {
        @Override
        public String caseName() {
            return "replaced";
        }

        @Override
        public String text(HelpLine help) {
            return "This connection was idle longest, and a newer one with the same client token took its place.";
        }
    }

    record MaildropInUse() implements Refusal {
        @Override
        public String caseName() {
            return "in-use";
        }

        @Override
        public String text(HelpLine help) {
            return "Another POP3 session has this mailbox open. Try again when it has ended.";
        }
    }

    record CheckedTooOften(Duration left) implements Refusal {
        @Override
        public String caseName() {
            return "login-delay";
        }

        @Override
        public String text(HelpLine help) {
            return "Check again in " + Math.max(1, left.plusSeconds(59).toMinutes()) + " min.";
        }
    }

    /** The database is away or the server has more to do than it can. */
    record Unavailable() implements Refusal {
        @Override
        public String caseName() {
            return "unavailable";
        }

        @Override
        public String text(HelpLine help) {
            return "The server cannot do this right now. Try again later.";
        }
    }

    record MailboxFull(StorageLimit.Resource resource, long used, long max) implements Refusal {
        @Override
        public String caseName() {
            return "mailbox-full";
        }

        @Override
        public String text(HelpLine help) {
            var amount = switch (resource) {
                case BYTES -> used / MIB + " of " + max / MIB + " MiB are used.";
                case MESSAGES -> used + " of " + max + " messages are stored.";
            };
            return "The mailbox is full: " + amount + " Delete mail to make room.";
        }
    }

    record MessageTooBig(long max) implements Refusal {
        @Override
        public String caseName() {
            return "message-too-big";
        }

        @Override
        public String text(HelpLine help) {
            return "Message too big: the limit is " + max + " bytes";
        }
    }

    record SendingNotInPlan(PlanName plan) implements Refusal {
        @Override
        public String caseName() {
            return "sending-not-in-plan";
        }

        @Override
        public String text(HelpLine help) {
            return help.after("The " + plan + " plan does not include sending.");
        }
    }

    /** @param nextSlot when this message would fit */
    record QuotaReached(SendQuota quota, long used, Instant nextSlot) implements Refusal {
        @Override
        public String caseName() {
            return "quota-reached";
        }

        @Override
        public String text(HelpLine help) {
            var name = quota.windowName();
            var window = Character.toUpperCase(name.charAt(0)) + name.substring(1);
            var whose = quota.subject() == SendQuota.Subject.ACCOUNT ? " of the account" : "";
            return window + " sending limit" + whose + " reached: " + used + " of " + quota.max() + ' '
                    + quota.counting().lowerCase() + ". Next slot at " + time(nextSlot) + '.';
        }
    }

    /** @param nextSlot when this message would fit */
    record NewRecipientsReached(NewRecipientLimit limit, long used, Instant nextSlot) implements Refusal {
        @Override
        public String caseName() {
            return "new-recipients-reached";
        }

        @Override
        public String text(HelpLine help) {
            return "Daily limit of new recipients reached: " + used + " of " + limit.perDay() + ". Next slot at "
                    + time(nextSlot) + '.';
        }
    }

    /** One message to more new recipients than a day allows: it never fits. */
    record TooManyNewRecipients(int max) implements Refusal {
        @Override
        public String caseName() {
            return "too-many-new-recipients";
        }

        @Override
        public String text(HelpLine help) {
            return "Too many new recipients: at most " + max + " in a day. Send to fewer of them at once.";
        }
    }

    record TooManyRecipients(int max) implements Refusal {
        @Override
        public String caseName() {
            return "too-many-recipients";
        }

        @Override
        public String text(HelpLine help) {
            return "Too many recipients: at most " + max + " for one message";
        }
    }

    record SendingLocked() implements Refusal {
        @Override
        public String caseName() {
            return "sending-locked";
        }

        @Override
        public String text(HelpLine help) {
            return help.after("Sending from this mailbox is locked.");
        }
    }

    record NotYourAddress(String address) implements Refusal {
        @Override
        public String caseName() {
            return "not-your-address";
        }

        @Override
        public String text(HelpLine help) {
            return address + " is not one of your addresses.";
        }
    }

    record NoSuchRecipient(Address address) implements Refusal {
        @Override
        public String caseName() {
            return "no-such-recipient";
        }

        @Override
        public String text(HelpLine help) {
            return "There is no mailbox " + address + " here.";
        }
    }

    /** Paused, or its account suspended, where mail for such mailboxes is refused. */
    record MailboxPaused(Address address) implements Refusal {
        @Override
        public String caseName() {
            return "mailbox-paused";
        }

        @Override
        public String text(HelpLine help) {
            return address + " takes no mail at the moment.";
        }
    }

    /** A client without TLS on a port that speaks TLS from the first byte. */
    record ClearTextOnTlsPort() implements Refusal {
        @Override
        public String caseName() {
            return "clear-text-on-tls-port";
        }

        @Override
        public String text(HelpLine help) {
            return "This port speaks TLS from the first byte. Choose SSL/TLS in your mail app.";
        }
    }

    /** The server drains or stops. */
    record ShuttingDown() implements Refusal {
        @Override
        public String caseName() {
            return "shutting-down";
        }

        @Override
        public String text(HelpLine help) {
            return "The server is restarting. Connect again in a moment.";
        }
    }

    /** The token was revoked, the mailbox paused, or an admin ended the connection. */
    record AccessEnded() implements Refusal {
        @Override
        public String caseName() {
            return "access-ended";
        }

        @Override
        public String text(HelpLine help) {
            return help.after("Access with this client token has ended.");
        }
    }

    record IdleTooLong(Duration limit) implements Refusal {
        @Override
        public String caseName() {
            return "idle";
        }

        @Override
        public String text(HelpLine help) {
            return "Idle for " + limit.toMinutes() + " minutes";
        }
    }

    record TooManyConnections() implements Refusal {
        @Override
        public String caseName() {
            return "too-many-connections";
        }

        @Override
        public String text(HelpLine help) {
            return "Too many connections. Try again later.";
        }
    }

    private static String time(Instant moment) {
        return DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
                .withZone(ZoneOffset.UTC)
                .format(moment);
    }

    /** Bytes in a mebibyte. */
    long MIB = 1 << 20;
}
