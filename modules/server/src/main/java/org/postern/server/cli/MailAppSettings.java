package org.postern.server.cli;

import java.io.PrintWriter;
import java.util.List;
import org.postern.net.TlsMode;
import org.postern.server.Postern;
import org.postern.server.config.ListenerProtocol;

/** What a person types into a mail app. */
final class MailAppSettings {
    private MailAppSettings() {}

    static void print(Postern postern, PrintWriter out) {
        out.println();
        out.println("Settings for mail apps:");
        var ports = postern.ports();
        for (var protocol : List.of(ListenerProtocol.IMAP, ListenerProtocol.POP3, ListenerProtocol.SMTP)) {
            ports.stream()
                    .filter(port -> port.protocol() == protocol)
                    .forEach(port -> out.println("  " + direction(protocol) + port.hostname() + ", port "
                            + port.number() + ", " + security(port.tls())));
        }
        out.println("  User name      the full email address");
        out.println("  Password       a client token: scripts/postern token add ADDRESS --name \"Phone\"");
        for (var own : postern.selfSigned()) {
            out.println("  Certificate    self-signed" + (own.madeNow() ? " (made just now): " : ": ") + own.chain());
            out.println(
                    "                 Mail apps warn about it; put a real one into postern.yml (tls.certificates).");
        }
        ports.stream()
                .filter(port -> port.protocol() == ListenerProtocol.HTTPS)
                .forEach(
                        port -> out.println("  For owners     https://" + port.hostname() + ":" + port.number() + "/"));
        postern.consolePort()
                .ifPresent(
                        port -> out.println("  For operators  http://localhost:" + port + "/metrics, /health/ready"));
        out.println();
    }

    private static String direction(ListenerProtocol protocol) {
        return switch (protocol) {
            case IMAP -> "Incoming IMAP  ";
            case POP3 -> "Incoming POP3  ";
            case SMTP -> "Outgoing SMTP  ";
            case LMTP, MX -> "Servers only   ";
            case HTTPS -> "Browsers only  ";
        };
    }

    private static String security(TlsMode tls) {
        return switch (tls) {
            case IMPLICIT -> "SSL/TLS";
            case STARTTLS -> "STARTTLS";
            case DETECT -> "STARTTLS (or SSL/TLS)";
        };
    }
}
