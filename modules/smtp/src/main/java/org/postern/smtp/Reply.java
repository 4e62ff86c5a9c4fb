package org.postern.smtp;

import java.util.List;
import org.apache.james.protocols.api.Response;
import org.apache.james.protocols.smtp.SMTPResponse;

/** An SMTP reply: code, enhanced code (RFC 2034, RFC 3463), text (RFC 5321 §4.2.1). */
public final class Reply {
    private Reply() {}

    /** @param enhanced {@code class.subject.detail}; RFC 2034 §4 */
    public static Response of(int code, String enhanced, String text) {
        return plain(code, enhanced + ' ' + text);
    }

    /** Without an enhanced code, where RFC 2034 §4 has none: 220 of the greeting, EHLO, 334, 354. */
    public static Response plain(int code, String text) {
        return new SMTPResponse(Integer.toString(code), text).immutable();
    }

    public static Response lines(int code, List<String> lines) {
        var response = new SMTPResponse(Integer.toString(code), lines.getFirst());
        lines.stream().skip(1).forEach(response::appendLine);
        return response.immutable();
    }

    /** The reply, after which the connection is closed. */
    public static Response last(int code, String enhanced, String text) {
        var response = new SMTPResponse(Integer.toString(code), enhanced + ' ' + text);
        response.setEndSession(true);
        return response.immutable();
    }

    /** The same reply, after which the connection is closed. */
    static Response last(Response reply) {
        var text = reply.getLines().getFirst().toString();
        var response = new SMTPResponse(reply.getRetCode(), text.substring(text.indexOf(' ') + 1));
        response.setEndSession(true);
        return response.immutable();
    }
}
