package org.postern.delivery.relay.client;

import java.time.Duration;
import java.time.Instant;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postern.delivery.QueuedMail;
import org.postern.delivery.QueuedRecipient;
import org.postern.model.Address;

/** MAIL and RCPT with the parameters that the other host knows (RFC 5321 §4.1.1.2, §4.1.1.3). */
final class Commands {
    /** {@code esmtp-value} (RFC 5321 §4.1.2), for a value of ours may have come from anywhere. */
    private static final Pattern VALUE = Pattern.compile("[\\x21-\\x3C\\x3E-\\x7E]{1,500}");

    private static final Pattern BY = Pattern.compile("(-?\\d{1,9});([RN]T?)");

    private final Capabilities offered;

    Commands(Capabilities offered) {
        this.offered = offered;
    }

    String mail(QueuedMail mail, boolean utf8, Instant now) {
        var line = new StringBuilder("MAIL FROM:<")
                .append(mail.returnPath().map(Address::toString).orElse(""))
                .append('>');
        if (offered.offers("SIZE")) {
            line.append(" SIZE=").append(mail.outgoingSize());
        }
        if (!mail.bodyType().equals("7BIT") && offered.offers("8BITMIME")) {
            line.append(" BODY=").append(mail.bodyType());
        }
        if (utf8) {
            line.append(" SMTPUTF8");
        }
        if (mail.requiresTls() && offered.offers("REQUIRETLS")) {
            line.append(" REQUIRETLS");
        }
        pass(line, "DSN", "RET", mail.parameters().get("RET"));
        pass(line, "DSN", "ENVID", mail.parameters().get("ENVID"));
        pass(line, "MT-PRIORITY", "MT-PRIORITY", mail.parameters().get("MT-PRIORITY"));
        if (mail.parameters().containsKey("BY")) {
            pass(line, "DELIVERBY", "BY", remaining(mail.parameters().get("BY"), mail.acceptedAt(), now));
        }
        return line.toString();
    }

    String rcpt(QueuedRecipient recipient) {
        var line = new StringBuilder("RCPT TO:<").append(recipient.address()).append('>');
        pass(line, "DSN", "NOTIFY", recipient.parameters().get("NOTIFY"));
        pass(line, "DSN", "ORCPT", recipient.parameters().get("ORCPT"));
        return line.toString();
    }

    private void pass(StringBuilder line, String extension, String keyword, @Nullable String value) {
        if (value != null && offered.offers(extension) && VALUE.matcher(value).matches()) {
            line.append(' ').append(keyword).append('=').append(value);
        }
    }

    /** Whether the time is over by which the message was to be there, or else to come back: that cannot be asked of another host any more. */
    static boolean isTooLate(QueuedMail mail, Instant now) {
        var asked = BY.matcher(mail.parameters().getOrDefault("BY", ""));
        return asked.matches() && asked.group(2).startsWith("R") && left(asked, mail.acceptedAt(), now) <= 0;
    }

    /** What is left of the time by which the message should be there (RFC 2852 §4.1.2). */
    private static String remaining(String by, Instant accepted, Instant now) {
        var asked = BY.matcher(by);
        return asked.matches() ? left(asked, accepted, now) + ";" + asked.group(2) : "";
    }

    private static long left(MatchResult asked, Instant accepted, Instant now) {
        return Long.parseLong(asked.group(1)) - Duration.between(accepted, now).toSeconds();
    }
}
