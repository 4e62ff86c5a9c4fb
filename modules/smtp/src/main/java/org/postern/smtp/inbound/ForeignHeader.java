package org.postern.smtp.inbound;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Instant;
import java.util.Locale;
import java.util.regex.Pattern;
import org.postern.model.Domain;
import org.postern.smtp.Received;
import org.postern.smtp.Transaction;
import org.postern.smtp.message.HeaderEdit;
import org.postern.smtp.message.MessageHeader;

/**
 * What is done to the header of a message from outside: our Received in front; what only we may say is taken out, for it is
 * somebody's lie (RFC 8601 §5), and Return-Path, which final delivery writes (RFC 5321 §4.4).
 */
final class ForeignHeader implements HeaderEdit {
    /** Comments and white space, which may stand before the name (RFC 8601 §2.2). */
    private static final Pattern COMMENTS = Pattern.compile("\\([^()]*\\)|[ \t\r\n]+");

    private final InboundSession session;
    private final Transaction transaction;
    private final String traceId;
    private final Domain host;
    private final boolean asksFilter;
    private final Instant now;

    /** @param asksFilter whether our own spam filter is asked: then it alone says what is spam */
    ForeignHeader(
            InboundSession session,
            Transaction transaction,
            String traceId,
            Domain host,
            boolean asksFilter,
            Instant now) {
        this.session = session;
        this.transaction = transaction;
        this.traceId = traceId;
        this.host = host;
        this.asksFilter = asksFilter;
        this.now = now;
    }

    @Override
    public byte[] front(MessageHeader header) {
        return Received.field(session, transaction, traceId, host, true, session.receivedWith(), now)
                .getBytes(UTF_8);
    }

    @Override
    public boolean withholds(String name, String field) {
        return switch (name) {
            case "return-path" -> true;
            case "authentication-results" -> answersAs(field.substring(field.indexOf(':') + 1));
            case "x-spam", "x-spam-status" -> asksFilter;
            default -> false;
        };
    }

    private boolean answersAs(String value) {
        var who = COMMENTS.matcher(value).replaceAll("").toLowerCase(Locale.ROOT);
        return who.startsWith(host.name()) && !isNameCharacter(who, host.name().length());
    }

    private static boolean isNameCharacter(String text, int at) {
        return at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || "-._".indexOf(text.charAt(at)) >= 0);
    }
}
