package org.postern.delivery;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.postern.accounts.AccessSwitches;
import org.postern.accounts.Notice;
import org.postern.accounts.SendingLocks;
import org.postern.model.Domain;
import org.postern.model.HelpLine;

/**
 * Notices as messages (RFC 5322), marked so that nobody answers them by machine (RFC 3834 §5): what happened, when and why, and
 * what to do.
 */
public final class NoticeText {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final Domain hostname;
    private final HelpLine help;

    /** @param hostname whose postmaster writes */
    public NoticeText(Domain hostname, HelpLine help) {
        this.hostname = hostname;
        this.help = help;
    }

    private record Text(String subject, List<String> lines) {}

    /** The whole message, line ends CRLF. The Message-ID is the notice's own. */
    byte[] message(Notice notice) {
        var text = text(notice);
        var lines = new StringBuilder();
        field(lines, "From", "Mail service <postmaster@" + hostname + '>');
        field(lines, "To", '<' + notice.address().toString() + '>');
        field(lines, "Date", DATE.format(notice.at()));
        field(lines, "Subject", text.subject());
        field(lines, "Message-ID", "<notice." + notice.id() + '.' + notice.at().toEpochMilli() + '@' + hostname + '>');
        field(lines, "Auto-Submitted", "auto-generated");
        field(lines, "MIME-Version", "1.0");
        field(lines, "Content-Type", "text/plain; charset=utf-8");
        field(lines, "Content-Transfer-Encoding", "8bit");
        lines.append("\r\n");
        text.lines().forEach(line -> lines.append(line).append("\r\n"));
        if (!help.text().isEmpty()) {
            lines.append("\r\n").append(help.text()).append("\r\n");
        }
        return lines.toString().getBytes(UTF_8);
    }

    private static void field(StringBuilder out, String name, String value) {
        out.append(name).append(": ").append(value).append("\r\n");
    }

    private static Text text(Notice notice) {
        var detail = notice.detail();
        return switch (notice.caseName()) {
            case AccessSwitches.SWITCHED_ON -> switchedOn(notice, protocol(detail));
            case AccessSwitches.SWITCHED_OFF -> switchedOff(notice, protocol(detail));
            case SendingLocks.LOCKED -> locked(notice);
            case SendingLocks.UNLOCKED -> unlocked(notice);
            default -> new Text("Notice: " + notice.caseName(), List.of("At " + TIME.format(notice.at()) + '.'));
        };
    }

    private static Text switchedOn(Notice notice, String protocol) {
        return new Text(
                protocol + " access to " + notice.address() + " is switched on",
                List.of(
                        "At " + TIME.format(notice.at()) + ' ' + who(notice) + " switched on " + protocol
                                + " access to the mailbox " + notice.address() + '.',
                        "It works from " + time(notice.detail().getOrDefault("from", "")) + " on.",
                        "",
                        "If this was not you, switch it off again and look at your client tokens."));
    }

    private static Text switchedOff(Notice notice, String protocol) {
        var why = notice.detail().getOrDefault("why", "");
        return new Text(
                protocol + " access to " + notice.address() + " is switched off",
                List.of(
                        "At " + TIME.format(notice.at()) + ' ' + who(notice) + " switched off " + protocol
                                + " access to the mailbox " + notice.address() + '.',
                        why.isEmpty() ? "No reason was given." : "The reason: " + why + '.',
                        "",
                        "Your mail is safe. Mail apps that use " + protocol
                                + " cannot log in until it is switched on again, in one step."));
    }

    private static Text locked(Notice notice) {
        return new Text(
                "Sending from " + notice.address() + " is locked",
                List.of(
                        "At " + TIME.format(notice.at()) + " sending from the mailbox " + notice.address()
                                + " was locked.",
                        "The reason: " + notice.detail().getOrDefault("why", "") + '.',
                        "",
                        "Reading works as before. If a client token was used by somebody else, revoke it.",
                        "An administrator unlocks sending."));
    }

    private static Text unlocked(Notice notice) {
        return new Text(
                "Sending from " + notice.address() + " is unlocked",
                List.of("At " + TIME.format(notice.at()) + " an administrator unlocked sending from the mailbox "
                        + notice.address() + '.'));
    }

    private static String protocol(Map<String, String> detail) {
        return detail.getOrDefault("protocol", "").toUpperCase(Locale.ROOT);
    }

    private static String who(Notice notice) {
        return switch (notice.detail().getOrDefault("by", "")) {
            case "owner" -> "you";
            case "admin" -> "an administrator";
            default -> "the server";
        };
    }

    private static String time(String instant) {
        return instant.isEmpty() ? "now" : TIME.format(Instant.parse(instant));
    }
}
