package org.postern.console.owner;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Base64;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.postern.accounts.AccessSwitch;
import org.postern.accounts.AccessSwitches;
import org.postern.accounts.AccessSwitches.By;
import org.postern.accounts.Outcome;
import org.postern.accounts.OwnerLogins;
import org.postern.accounts.OwnerProof;
import org.postern.database.DatabaseUnavailable;
import org.postern.model.Address;
import org.postern.model.HelpLine;
import org.postern.model.Protocol;
import org.postern.model.Refusal;
import org.postern.net.Connection;
import org.postern.net.SessionFactory;
import org.postern.net.Wake;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The page for owners: a form with address, account password and a button that switches access on or off.
 *
 * <p>Every request proves itself by the password: there is no session, no cookie, and nothing for another site to ride on. One
 * request for each connection.
 */
public final class OwnerPages implements SessionFactory {
    private static final Logger LOG = LoggerFactory.getLogger(OwnerPages.class);

    /** What every answer says to browsers: keep nothing, run nothing, show it in nobody's frame, send the form only here. */
    private static final String FIELDS = """
            Connection: close\r
            Cache-Control: no-store\r
            Referrer-Policy: no-referrer\r
            X-Content-Type-Options: nosniff\r
            Content-Security-Policy: default-src 'none'; style-src 'sha256-%s'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'\r
            """.formatted(sha256(Page.STYLE));

    private final OwnerLogins owners;
    private final AccessSwitches switches;
    private final HttpLimits limits;
    private final HelpLine help;
    private final MeterRegistry meters;

    public OwnerPages(
            OwnerLogins owners, AccessSwitches switches, HttpLimits limits, HelpLine help, MeterRegistry meters) {
        this.owners = owners;
        this.switches = switches;
        this.limits = limits;
        this.help = help;
        this.meters = meters;
    }

    /** @param delay before it is given */
    private record Answer(Status status, Page page, Duration delay) {
        Answer(Status status, Page page) {
            this(status, page, Duration.ZERO);
        }
    }

    @Override
    public void run(Connection connection) throws IOException {
        if (connection.await(limits.request()) != Wake.BYTES) {
            return; // It came and asked for nothing.
        }
        boolean headOnly = false;
        Answer answer;
        try {
            var request = HttpRequest.read(connection.in(), limits);
            headOnly = request.method().equals("HEAD");
            answer = answer(request, connection);
        } catch (BadRequest e) {
            answer = new Answer(e.status(), new Page("", said(e), List.of()));
        }
        connection.pause(answer.delay());
        write(connection, answer, headOnly);
        Counter.builder("postern.owner.pages")
                .description("Answers of the owners' page, by status")
                .tag("status", Integer.toString(answer.status().code()))
                .register(meters)
                .increment();
    }

    private static String said(BadRequest e) {
        return e.getMessage() == null ? "" : e.getMessage();
    }

    private Answer answer(HttpRequest request, Connection connection) throws BadRequest {
        if (!request.path().equals("/")) {
            throw new BadRequest(Status.NOT_FOUND, "There is no such page.");
        }
        return switch (request.method()) {
            case "GET", "HEAD" -> new Answer(Status.OK, Page.EMPTY);
            case "POST" -> act(Form.of(request), connection);
            default -> throw new BadRequest(Status.METHOD_NOT_ALLOWED, "Only GET, HEAD and POST are answered.");
        };
    }

    private Answer act(Form form, Connection connection) throws BadRequest {
        var wish = form.value("do");
        if (!Set.of("on", "off", "show").contains(wish)) {
            throw new BadRequest(Status.BAD_REQUEST, "The form does not say what to do.");
        }
        var over = EnumSet.noneOf(Protocol.class);
        for (var name : form.values("over")) {
            over.add(protocol(name));
        }
        var typed = form.value("address");
        return switch (owners.prove(typed, form.value("password"), connection.client())) {
            case OwnerProof.Owner(var address) -> turn(address, wish, over, connection);
            case OwnerProof.Wrong(var delay, var tooOften) -> wrong(typed, delay, tooOften);
            case OwnerProof.Unavailable _ -> unavailable(typed);
        };
    }

    private static Protocol protocol(String name) throws BadRequest {
        for (var protocol : Protocol.values()) {
            if (protocol.lowerCase().equals(name)) {
                return protocol;
            }
        }
        throw new BadRequest(Status.BAD_REQUEST, "The form names an unknown protocol.");
    }

    private Answer turn(Address address, String wish, Set<Protocol> over, Connection connection) {
        Outcome<List<AccessSwitch>> outcome;
        try {
            outcome = switch (wish) {
                case "on" -> switches.switchOn(address, over, By.OWNER, false);
                case "off" -> switches.switchOff(address, over, By.OWNER, "");
                default -> switches.show(address);
            };
        } catch (DatabaseUnavailable e) {
            LOG.atWarn().addKeyValue("session", connection.id()).log("access not changed: {}", e.getMessage());
            return unavailable(address.toString());
        }
        var message = wish.equals("show") ? "" : over.isEmpty() ? "Choose at least one, and press again." : "Done.";
        return switch (outcome) {
            case Outcome.Done(var now) -> new Answer(Status.OK, new Page(address.toString(), message, now));
            case Outcome.Failed(var problem) ->
                new Answer(Status.FORBIDDEN, new Page(address.toString(), problem.text(), List.of()));
        };
    }

    private Answer wrong(String typed, Duration delay, boolean tooOften) {
        var text = help.after("The address or the account password is wrong. A client token does not open this page.");
        return tooOften
                ? new Answer(
                        Status.TOO_MANY_REQUESTS, new Page(typed, new Refusal.SlowDown().text(help), List.of()), delay)
                : new Answer(Status.FORBIDDEN, new Page(typed, text, List.of()), delay);
    }

    private Answer unavailable(String typed) {
        return new Answer(Status.UNAVAILABLE, new Page(typed, new Refusal.Unavailable().text(help), List.of()));
    }

    private static void write(Connection connection, Answer answer, boolean headOnly) throws IOException {
        var html = answer.page().html().getBytes(StandardCharsets.UTF_8);
        var head = new StringBuilder(answer.status().line()).append("\r\n").append(FIELDS);
        if (answer.status() == Status.METHOD_NOT_ALLOWED) {
            head.append("Allow: GET, HEAD, POST\r\n");
        }
        head.append("Content-Type: text/html; charset=utf-8\r\nContent-Length: ")
                .append(html.length)
                .append("\r\n\r\n");
        connection.out().writeAscii(head);
        if (!headOnly) {
            connection.out().write(html);
        }
        connection.out().flush();
    }

    /** What a client hears that is not served at all. */
    public static byte[] closing(Refusal refusal, HelpLine help) {
        var status = refusal instanceof Refusal.ClearTextOnTlsPort ? Status.BAD_REQUEST : Status.UNAVAILABLE;
        var text = refusal.text(help) + "\r\n";
        return (status.line() + "\r\nConnection: close\r\nContent-Type: text/plain\r\nContent-Length: " + text.length()
                        + "\r\n\r\n" + text)
                .getBytes(StandardCharsets.US_ASCII);
    }

    private static String sha256(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return Base64.getEncoder().encodeToString(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
