package org.postern.server.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/**
 * Things with named fields, printed as a table, as lines, or as JSON; the names are the same in all three.
 *
 * <p>A field is a String, a number, a Boolean, an Instant, a Duration (seconds in JSON), a Collection, an Optional or a Map
 * of those; everything else is printed as its toString.
 */
final class Answer {
    private static final int GAP = 2;

    private Answer() {}

    /** A thing's fields, in the order given: name, value, name, value … */
    static Map<String, Object> fields(Object... namesAndValues) {
        var fields = new LinkedHashMap<String, Object>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            fields.put(namesAndValues[i].toString(), namesAndValues[i + 1]);
        }
        return fields;
    }

    /** Many things: a JSON array, or a table with a line of headings; nothing at all when there are none. */
    static void list(PrintWriter out, boolean json, List<Map<String, Object>> things) {
        if (json) {
            out.println(toJson(things));
        } else if (!things.isEmpty()) {
            table(out, things);
        }
    }

    /** One thing: a JSON object, or a line for each field. */
    static void show(PrintWriter out, boolean json, Map<String, Object> thing) {
        if (json) {
            out.println(toJson(thing));
            return;
        }
        int width = thing.keySet().stream().mapToInt(String::length).max().orElse(0) + 1;
        thing.forEach((name, value) -> {
            if (value instanceof List<?> list && !list.isEmpty() && list.getFirst() instanceof Map) {
                out.println(name + ':');
                table(out, list.stream().map(Answer::asMap).toList());
            } else {
                out.println(padded(name + ':', width + 1) + text(value));
            }
        });
    }

    private static Map<String, Object> asMap(Object value) {
        var map = new LinkedHashMap<String, Object>();
        ((Map<?, ?>) value).forEach((key, each) -> map.put(String.valueOf(key), each));
        return map;
    }

    private static void table(PrintWriter out, List<Map<String, Object>> things) {
        var names = List.copyOf(things.getFirst().keySet());
        var widths = new LinkedHashMap<String, Integer>();
        for (var name : names) {
            int widest = things.stream()
                    .mapToInt(thing -> text(thing.getOrDefault(name, "")).length())
                    .max()
                    .orElse(0);
            widths.put(name, Math.max(widest, name.length()) + GAP);
        }
        line(out, names, widths, name -> name.toUpperCase(Locale.ROOT).replace('_', ' '));
        things.forEach(thing -> line(out, names, widths, name -> text(thing.getOrDefault(name, ""))));
    }

    private static void line(
            PrintWriter out, List<String> names, Map<String, Integer> widths, Function<String, String> cell) {
        var line = names.stream()
                .map(name -> padded(cell.apply(name), widths.getOrDefault(name, 0)))
                .collect(Collectors.joining());
        out.println(line.stripTrailing());
    }

    private static String padded(String text, int width) {
        return text + " ".repeat(Math.max(0, width - text.length()));
    }

    private static String text(Object value) {
        return switch (value) {
            case Optional<?> optional -> optional.map(Answer::text).orElse("-");
            case Instant instant -> instant.truncatedTo(ChronoUnit.SECONDS).toString();
            case Duration duration -> span(duration);
            case Collection<?> all ->
                all.isEmpty() ? "-" : all.stream().map(Answer::text).collect(Collectors.joining(","));
            case Map<?, ?> map ->
                map.entrySet().stream()
                        .map(entry -> entry.getKey() + "=" + text(entry.getValue()))
                        .collect(Collectors.joining(" "));
            case Boolean truth -> truth ? "yes" : "no";
            default -> value.toString();
        };
    }

    private static String span(Duration duration) {
        if (duration.toSeconds() % Duration.ofDays(1).toSeconds() == 0) {
            return duration.toDays() + "d";
        }
        if (duration.toSeconds() % Duration.ofHours(1).toSeconds() == 0) {
            return duration.toHours() + "h";
        }
        return duration.toSeconds() % Duration.ofMinutes(1).toSeconds() == 0
                ? duration.toMinutes() + "m"
                : duration.toSeconds() + "s";
    }

    static String toJson(Object value) {
        var text = new StringWriter();
        try (var out = new JsonFactory().createGenerator(ObjectWriteContext.empty(), text)) {
            write(out, value);
        }
        return text.toString();
    }

    private static void write(JsonGenerator out, Object value) {
        switch (value) {
            case Optional<?> optional -> optional.ifPresentOrElse(each -> write(out, each), out::writeNull);
            case Map<?, ?> map -> {
                out.writeStartObject();
                map.forEach((name, each) -> {
                    out.writeName(String.valueOf(name));
                    write(out, each);
                });
                out.writeEndObject();
            }
            case Collection<?> all -> {
                out.writeStartArray();
                all.forEach(each -> write(out, each));
                out.writeEndArray();
            }
            case Integer number -> out.writeNumber(number);
            case Long number -> out.writeNumber(number);
            case Duration duration -> out.writeNumber(duration.toSeconds());
            case Boolean truth -> out.writeBoolean(truth);
            default -> out.writeString(value.toString());
        }
    }
}
