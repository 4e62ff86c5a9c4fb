package org.postern.console.owner;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.postern.net.Input;
import org.postern.net.LineTooLong;

/**
 * One request of HTTP/1.1 (RFC 9112), as far as a form needs it: a body has a length and is never chunked, so what is read and
 * what is not cannot be disputed between us and a proxy.
 *
 * @param target as sent: a path, perhaps with a query
 * @param fields by name in lower case; each once
 */
@SuppressWarnings("ArrayRecordComponent") // Read once, never compared.
record HttpRequest(String method, String target, Map<String, String> fields, byte[] body) {
    private static final Pattern REQUEST_LINE = Pattern.compile("([!-~]{1,16}) (/[!-~]*) HTTP/(\\d)\\.(\\d)");
    private static final Pattern FIELD = Pattern.compile("([!#$%&'*+.^_`|~0-9A-Za-z-]+):[ \\t]*(.*?)[ \\t]*");
    private static final Pattern LENGTH = Pattern.compile("\\d{1,9}");

    HttpRequest {
        fields = Map.copyOf(fields);
    }

    /** @throws BadRequest when it is malformed or over a bound: what follows is not to be read */
    static HttpRequest read(Input in, HttpLimits limits) throws IOException, BadRequest {
        var line = REQUEST_LINE.matcher(line(in, limits, Status.BAD_REQUEST));
        if (!line.matches()) {
            throw new BadRequest(Status.BAD_REQUEST, "This is not a request.");
        }
        if (!line.group(3).equals("1")) {
            throw new BadRequest(Status.VERSION_NOT_SUPPORTED, "Only HTTP/1.1 is spoken here.");
        }
        var fields = fields(in, limits);
        if (!fields.containsKey("host") && !line.group(4).equals("0")) {
            throw new BadRequest(Status.BAD_REQUEST, "The Host field is missing."); // RFC 9112 §3.2.
        }
        return new HttpRequest(line.group(1), line.group(2), fields, body(in, fields, limits));
    }

    /** The target without its query. */
    String path() {
        int query = target.indexOf('?');
        return query < 0 ? target : target.substring(0, query);
    }

    Optional<String> field(String lowerCaseName) {
        return Optional.ofNullable(fields.get(lowerCaseName));
    }

    private static Map<String, String> fields(Input in, HttpLimits limits) throws IOException, BadRequest {
        var fields = new HashMap<String, String>();
        for (int n = 0; ; n++) {
            var text = line(in, limits, Status.FIELDS_TOO_LARGE);
            if (text.isEmpty()) {
                return fields;
            }
            if (n == limits.fields()) {
                throw new BadRequest(Status.FIELDS_TOO_LARGE, "The request has too many header fields.");
            }
            var field = FIELD.matcher(text); // A folded line matches no more than any other garbage (RFC 9112 §5.2).
            if (!field.matches()) {
                throw new BadRequest(Status.BAD_REQUEST, "A header field is malformed.");
            }
            var name = field.group(1).toLowerCase(Locale.ROOT);
            var before = fields.put(name, field.group(2));
            if (before != null && (name.equals("content-length") || name.equals("host"))) {
                throw new BadRequest(Status.BAD_REQUEST, "A header field is there twice.");
            }
        }
    }

    private static byte[] body(Input in, Map<String, String> fields, HttpLimits limits) throws IOException, BadRequest {
        if (fields.containsKey("transfer-encoding")) {
            throw new BadRequest(Status.LENGTH_REQUIRED, "A body is taken only with its Content-Length.");
        }
        var length = fields.getOrDefault("content-length", "0");
        if (!LENGTH.matcher(length).matches()) {
            throw new BadRequest(Status.BAD_REQUEST, "The Content-Length is not a number.");
        }
        int bytes = Integer.parseInt(length);
        if (bytes > limits.body()) {
            throw new BadRequest(Status.CONTENT_TOO_LARGE, "A request has at most " + limits.body() + " bytes.");
        }
        var body = new byte[bytes];
        for (int have = 0; have < bytes; ) {
            have += in.read(body, have, bytes - have);
        }
        return body;
    }

    private static String line(Input in, HttpLimits limits, Status tooLong) throws IOException, BadRequest {
        byte[] line;
        try {
            line = in.readLine(limits.line());
        } catch (LineTooLong e) {
            throw new BadRequest(tooLong, "A line has at most " + limits.line() + " bytes.");
        }
        int end = line.length;
        if (end > 0 && line[end - 1] == '\n') {
            end -= end > 1 && line[end - 2] == '\r' ? 2 : 1;
        }
        return new String(line, 0, end, StandardCharsets.ISO_8859_1);
    }
}
