package org.postern.smtp;

import static org.apache.james.protocols.smtp.SMTPSession.CURRENT_HELO_MODE;
import static org.apache.james.protocols.smtp.SMTPSession.CURRENT_HELO_NAME;

import java.util.ArrayList;
import java.util.List;
import org.apache.james.protocols.api.ProtocolSession.State;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.api.handler.ExtensibleHandler;
import org.apache.james.protocols.smtp.SMTPSession;
import org.apache.james.protocols.smtp.core.esmtp.EhloExtension;
import org.postern.line.Command;

/**
 * EHLO, HELO (RFC 5321 §4.1.1.1), LHLO (RFC 2033 §4.1): may be repeated at any time and then acts as RSET. What handlers offer they say themselves, as
 * James' {@link EhloExtension}s.
 */
public final class EhloHandler implements Handler<SmtpSession>, ExtensibleHandler, EhloExtension {
    static final int MAX_NAME = 255;

    private final List<String> verbs;
    private final List<EhloExtension> extensions = new ArrayList<>();

    /** @param verbs EHLO and HELO, or LHLO (RFC 2033 §4.1) */
    public EhloHandler(List<String> verbs) {
        this.verbs = List.copyOf(verbs);
    }

    @Override
    public List<String> verbs() {
        return verbs;
    }

    @Override
    public Response handle(SmtpSession session, Command command) {
        var name = command.argument().orElse("");
        if (!isSane(name)) {
            return Reply.of(501, "5.5.4", command.getCommand() + " wants your host name");
        }
        session.resetState();
        session.greetedBy(name);
        session.setAttachment(CURRENT_HELO_NAME, name, State.Connection);
        session.setAttachment(CURRENT_HELO_MODE, command.getCommand(), State.Connection);
        var host = session.getConfiguration().getHelloName();
        if (command.getCommand().equals("HELO")) {
            return Reply.plain(250, host);
        }
        var lines = new ArrayList<String>();
        lines.add(host + " greets you");
        for (var extension : extensions) {
            lines.addAll(extension.getImplementedEsmtpFeatures(session));
        }
        return Reply.lines(250, lines);
    }

    /**
     * A name that can stand in a Received field: one word, printable, not too long. Whether it is the client's true name nobody
     * can know; mail apps send their bare host name, or an address literal.
     */
    private static boolean isSane(String name) {
        return !name.isEmpty()
                && name.length() <= MAX_NAME
                && name.chars().allMatch(c -> c > ' ' && c < 0x7F && "()<>\\\",;".indexOf(c) < 0);
    }

    @Override
    public List<String> getImplementedEsmtpFeatures(SMTPSession session) {
        var features = new ArrayList<>(List.of("PIPELINING", "8BITMIME", "ENHANCEDSTATUSCODES"));
        if (session instanceof SmtpSession ours) {
            features.add("SIZE " + ours.maxMessageBytes()); // RFC 1870 §4.
        }
        return features;
    }

    @Override
    public List<Class<?>> getMarkerInterfaces() {
        return List.of(EhloExtension.class);
    }

    @Override
    public void wireExtensions(Class<?> type, List<?> found) {
        for (var extension : found) {
            extensions.add((EhloExtension) extension);
        }
    }
}
