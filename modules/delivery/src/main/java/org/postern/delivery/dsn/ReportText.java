package org.postern.delivery.dsn;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.postern.model.Domain;
import org.postern.model.HelpLine;

/**
 * Writes reports: {@code multipart/report} with a text for people, the status for machines and what is returned (RFC 6522 §3, RFC
 * 3464 §2), marked so that nobody answers them by machine (RFC 3834 §5).
 */
public final class ReportText {
    private static final DateTimeFormatter DATE = DateTimeFormatter.ofPattern("EEE, d MMM yyyy HH:mm:ss Z", Locale.ROOT)
            .withZone(ZoneOffset.UTC);
    private static final int BOUNDARY_BYTES = 16;

    private final Domain hostname;
    private final HelpLine help;
    private final RandomGenerator random;

    /** @param hostname whose mailer-daemon writes */
    public ReportText(Domain hostname, HelpLine help, RandomGenerator random) {
        this.hostname = hostname;
        this.help = help;
        this.random = random;
    }

    /**
     * One report.
     *
     * @param id of the report's Message-ID, unique on this host
     * @param recipients all with the same action; at least one
     * @return the message, line ends CRLF; with 8-bit bytes where what it returns has them
     */
    public byte[] write(
            String id, ReportedMail mail, List<RecipientReport> recipients, Original original, Instant now) {
        var boundary = "=_" + HexFormat.of().formatHex(randomBytes());
        boolean global = mail.smtpUtf8()
                || !mail.returnPath().isAscii()
                || recipients.stream().anyMatch(each -> !each.address().isAscii());
        var out = new ByteArrayOutputStream();
        print(out, header(id, mail, recipients.getFirst().action(), boundary, now));
        part(out, boundary, "text/plain; charset=utf-8", true, text(mail, recipients));
        part(
                out,
                boundary,
                global ? "message/global-delivery-status" : "message/delivery-status",
                global,
                status(mail, recipients, now));
        print(out, "--" + boundary + "\r\nContent-Type: " + returnedType(original, global) + "\r\n");
        print(out, original.isEightBit() ? "Content-Transfer-Encoding: 8bit\r\n\r\n" : "\r\n");
        out.writeBytes(original.bytes());
        print(out, "\r\n--" + boundary + "--\r\n");
        return out.toByteArray();
    }

    private byte[] randomBytes() {
        var bytes = new byte[BOUNDARY_BYTES];
        random.nextBytes(bytes);
        return bytes;
    }

    private String header(String id, ReportedMail mail, Action action, String boundary, Instant now) {
        return "Date: " + DATE.format(now) + "\r\nFrom: Mail Delivery System <mailer-daemon@" + hostname + ">\r\nTo: <"
                + mail.returnPath() + ">\r\nSubject: " + action.subject() + "\r\nMessage-ID: <" + id + '@' + hostname
                + ">\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
                + "Content-Type: multipart/report; report-type=delivery-status;\r\n\tboundary=\"" + boundary
                + "\"\r\n\r\n";
    }

    private String text(ReportedMail mail, List<RecipientReport> recipients) {
        var action = recipients.getFirst().action();
        var text = new StringBuilder("This is the mail system at ")
                .append(hostname)
                .append(".\r\n\r\n")
                .append(action.opening())
                .append("\r\n\r\n");
        recipients.forEach(each -> text.append("  ").append(each.sentence()).append("\r\n"));
        text.append("\r\n").append(explanation(mail, action)).append("\r\n");
        if (!help.text().isEmpty()) {
            text.append("\r\n").append(help.text()).append("\r\n");
        }
        return text.toString();
    }

    private static String explanation(ReportedMail mail, Action action) {
        return switch (action) {
            case FAILED -> "It will not be tried again. What was said about the reason stands behind each address.";
            case DELAYED ->
                "You need not do anything: it is tried again and again until " + DATE.format(mail.expires())
                        + ". You will hear if it fails.";
            case RELAYED -> "Whether it arrives is not known here.";
            case DELIVERED -> "This is what your message asked to be told.";
        };
    }

    private String status(ReportedMail mail, List<RecipientReport> recipients, Instant now) {
        var fields = new StringBuilder();
        mail.envid().ifPresent(envid -> field(fields, "Original-Envelope-Id", XText.decode(envid)));
        field(fields, "Reporting-MTA", "dns; " + hostname);
        field(fields, "Arrival-Date", DATE.format(mail.arrived()));
        field(fields, "X-Postern-Trace", mail.traceId());
        for (var each : recipients) {
            fields.append("\r\n");
            each.orcpt().ifPresent(orcpt -> field(fields, "Original-Recipient", original(orcpt)));
            field(fields, "Final-Recipient", (each.address().isAscii() ? "rfc822; " : "utf-8; ") + each.address());
            field(fields, "Action", each.action().wire());
            field(fields, "Status", each.status());
            each.host().ifPresent(host -> field(fields, "Remote-MTA", "dns; " + host));
            each.reply()
                    .filter(reply -> each.host().isPresent())
                    .ifPresent(reply -> field(fields, "Diagnostic-Code", "smtp; " + reply));
            field(fields, "Last-Attempt-Date", DATE.format(now));
            if (each.action() == Action.DELAYED) {
                field(fields, "Will-Retry-Until", DATE.format(mail.expires()));
            }
        }
        return fields.toString();
    }

    /** {@code addr-type ";" xtext} becomes {@code addr-type ";" text} (RFC 3464 §2.3.1). */
    private static String original(String orcpt) {
        int semicolon = orcpt.indexOf(';');
        return semicolon < 0
                ? "rfc822; " + XText.decode(orcpt)
                : XText.decode(orcpt.substring(0, semicolon)) + "; " + XText.decode(orcpt.substring(semicolon + 1));
    }

    private static String returnedType(Original original, boolean global) {
        if (global) {
            return original.whole() ? "message/global" : "message/global-headers";
        }
        return original.whole() ? "message/rfc822" : "text/rfc822-headers";
    }

    private static void part(ByteArrayOutputStream out, String boundary, String type, boolean eightBit, String body) {
        print(out, "--" + boundary + "\r\nContent-Type: " + type + "\r\n");
        print(out, eightBit ? "Content-Transfer-Encoding: 8bit\r\n\r\n" : "\r\n");
        print(out, body);
        print(out, "\r\n");
    }

    private static void field(StringBuilder out, String name, String value) {
        out.append(name).append(": ").append(value).append("\r\n");
    }

    private static void print(ByteArrayOutputStream out, String text) {
        out.writeBytes(text.getBytes(UTF_8));
    }
}
