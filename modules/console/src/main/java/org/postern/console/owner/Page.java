package org.postern.console.owner;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.postern.accounts.AccessSwitch;
import org.postern.model.Protocol;

/**
 * The page as HTML: one form, above it what was last done. Without scripts; works in any browser.
 *
 * @param address in its field
 * @param message empty when there is nothing to say
 * @param switches empty when it is not known who asks
 */
record Page(String address, String message, List<AccessSwitch> switches) {
    static final Page EMPTY = new Page("", "", List.of());

    /** The only style there is; {@link OwnerPages} allows browsers no other. */
    static final String STYLE =
            "body{font:1rem/1.5 system-ui,sans-serif;max-width:34rem;margin:2rem auto;padding:0 1rem}"
                    + "label,legend{display:block;margin-top:1rem}input[type=email],input[type=password]{width:100%;font:inherit}"
                    + "fieldset label{display:inline;margin-right:1.5rem}button{font:inherit;margin:1rem .5rem 0 0}"
                    + "td,th{text-align:left;padding:.2rem 1rem .2rem 0}";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'", Locale.ROOT).withZone(ZoneOffset.UTC);

    Page {
        switches = List.copyOf(switches);
    }

    String html() {
        var said = message.isEmpty() ? "" : "<p role=\"status\">" + escaped(message) + "</p>\n";
        return """
            <!doctype html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width">
            <title>Access by mail apps</title>
            <style>%s</style>
            </head>
            <body>
            <h1>Access by mail apps</h1>
            %s%s<form method="post" action="/">
            <label for="address">Email address</label>
            <input id="address" name="address" type="email" autocomplete="username" required value="%s">
            <label for="password">Account password (not a client token)</label>
            <input id="password" name="password" type="password" autocomplete="current-password" required>
            <fieldset>
            <legend>Over</legend>
            %s</fieldset>
            <button name="do" value="on">Switch on</button>
            <button name="do" value="off">Switch off</button>
            <button name="do" value="show">Show</button>
            </form>
            </body>
            </html>
            """.formatted(STYLE, said, table(), escaped(address), boxes());
    }

    private String table() {
        if (switches.isEmpty()) {
            return "";
        }
        return switches.stream()
                .map(each -> "<tr><th scope=\"row\">" + each.protocol() + "</th><td>" + escaped(state(each))
                        + "</td></tr>\n")
                .collect(Collectors.joining("", "<table>\n", "</table>\n"));
    }

    private static String state(AccessSwitch each) {
        return switch (each.state()) {
            case ON -> "on";
            case COMING_ON -> "works from " + time(each.since());
            case NOT_IN_PLAN -> "not in your plan";
            case OFF -> each.changedBy().equals("plan") ? "off" : "off since " + time(each.since()) + reason(each);
        };
    }

    private static String reason(AccessSwitch each) {
        return each.why().isEmpty()
                ? ", by the " + each.changedBy()
                : ", by the " + each.changedBy() + ": " + each.why();
    }

    private static String time(Instant instant) {
        return TIME.format(instant);
    }

    /** All but POP3 are what a mail app usually needs. */
    private static String boxes() {
        var boxes = new StringBuilder();
        for (var protocol : Protocol.values()) {
            boxes.append(
                    "<input type=\"checkbox\" name=\"over\" id=\"%1$s\" value=\"%1$s\"%2$s><label for=\"%1$s\">%3$s</label>%n"
                            .formatted(
                                    protocol.lowerCase(),
                                    protocol == Protocol.POP3 ? "" : " checked",
                                    label(protocol)));
        }
        return boxes.toString();
    }

    private static String label(Protocol protocol) {
        return switch (protocol) {
            case IMAP -> "IMAP";
            case POP3 -> "POP3";
            case SMTP -> "sending (SMTP)";
        };
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
