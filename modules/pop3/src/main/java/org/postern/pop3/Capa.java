package org.postern.pop3;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.james.protocols.api.Response;
import org.postern.accounts.CurrentPlans;
import org.postern.accounts.sasl.Sasl;
import org.postern.line.WrittenResponse;

/** CAPA: what this session can be asked for now (RFC 2449 §5). */
final class Capa implements Pop3Command {
    private final Sasl sasl;
    private final CurrentPlans plans;

    Capa(Sasl sasl, CurrentPlans plans) {
        this.sasl = sasl;
        this.plans = plans;
    }

    @Override
    public String verb() {
        return "CAPA";
    }

    @Override
    public Pop3State state() {
        return Pop3State.ANY;
    }

    @Override
    public Response answer(Pop3Session session, Optional<String> argument) {
        var lines = capabilities(session);
        return new WrittenResponse(Pop3Reply.ok("Capability list follows"), out -> {
            for (var line : lines) {
                write(out, line);
            }
            write(out, ".");
        });
    }

    private static void write(OutputStream out, String line) throws IOException {
        out.write((line + "\r\n").getBytes(StandardCharsets.US_ASCII));
    }

    private List<String> capabilities(Pop3Session session) {
        var lines =
                new ArrayList<>(List.of("TOP", "UIDL", "RESP-CODES", "AUTH-RESP-CODE", "PIPELINING", "EXPIRE NEVER"));
        if (session.isTLSStarted()) {
            lines.add("USER");
            lines.add("SASL " + String.join(" ", sasl.offeredTo(session.saslClient())));
            lines.add("UTF8 USER");
        } else {
            lines.add("STLS");
        }
        loginDelay(session).ifPresent(lines::add);
        lines.add("IMPLEMENTATION Postern");
        return lines;
    }

    /** The mailbox's own; before it is known, the longest that there is, and that it differs (RFC 2449 §6.5). */
    private Optional<String> loginDelay(Pop3Session session) {
        return session.access()
                .map(access -> access.plan().pop3().loginDelay().map(delay -> "LOGIN-DELAY " + delay.toSeconds()))
                .orElseGet(() ->
                        plans.all().longestLoginDelay().map(delay -> "LOGIN-DELAY " + delay.toSeconds() + " USER"));
    }
}
