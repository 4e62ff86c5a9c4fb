package org.postern.console.owner;

import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The fields of a form that a browser sent ({@code application/x-www-form-urlencoded}). */
final class Form {
    private static final String TYPE = "application/x-www-form-urlencoded";

    private final Map<String, List<String>> values = new HashMap<>();

    private Form() {}

    static Form of(HttpRequest request) throws BadRequest {
        var type = request.field("content-type").orElse("").toLowerCase(Locale.ROOT);
        if (!type.equals(TYPE) && !type.startsWith(TYPE + ';')) {
            throw new BadRequest(Status.UNSUPPORTED_MEDIA_TYPE, "Send the form as " + TYPE + '.');
        }
        var form = new Form();
        for (var pair : new String(request.body(), StandardCharsets.ISO_8859_1).split("&", -1)) {
            int equals = pair.indexOf('=');
            if (equals > 0) {
                form.values
                        .computeIfAbsent(decoded(pair.substring(0, equals)), name -> new ArrayList<>())
                        .add(decoded(pair.substring(equals + 1)));
            }
        }
        return form;
    }

    private static String decoded(String text) throws BadRequest {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw new BadRequest(Status.BAD_REQUEST, "The form is malformed.");
        }
    }

    /** The field's only value; empty where it is missing. */
    String value(String name) {
        var all = values(name);
        return all.isEmpty() ? "" : all.getFirst();
    }

    List<String> values(String name) {
        return List.copyOf(values.getOrDefault(name, List.of()));
    }
}
