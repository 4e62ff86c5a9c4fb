package org.postern.server.config;

import java.lang.reflect.RecordComponent;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The opposite of the {@link Binder}: every key of a bound record, defaults too, as a file would have it. */
final class WrittenKeys {
    private final Map<String, String> texts = new TreeMap<>();

    private WrittenKeys() {}

    /** The values by the path of their key; keys that have no value are left out. */
    static Map<String, String> of(Record bound) {
        var keys = new WrittenKeys();
        keys.add("", bound);
        return keys.texts;
    }

    private void add(String path, Record bound) {
        for (var component : bound.getClass().getRecordComponents()) {
            var keyPath = path.isEmpty() ? Binder.keyOf(component) : path + '.' + Binder.keyOf(component);
            var value = valueOf(component, bound);
            if (value instanceof Optional<?> optional) {
                var word = Optional.ofNullable(component.getAnnotation(OrWord.class));
                optional.ifPresentOrElse(
                        each -> add(keyPath, each), () -> word.ifPresent(or -> texts.put(keyPath, or.value())));
            } else {
                add(keyPath, value);
            }
        }
    }

    private void add(String path, Object value) {
        switch (value) {
            case Map<?, ?> map -> map.forEach((key, each) -> add(path + '.' + text(key), each));
            case ByteSize size -> texts.put(path, size.toString());
            case Record nested -> add(path, nested);
            default -> texts.put(path, text(value));
        }
    }

    private static String text(Object value) {
        return switch (value) {
            case Duration duration -> Durations.text(duration);
            case Window window -> Durations.text(window.length());
            case List<?> list -> list.stream().map(WrittenKeys::text).collect(Collectors.joining(", ", "[", "]"));
            case Enum<?> constant -> constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
            default -> value.toString();
        };
    }

    private static Object valueOf(RecordComponent component, Record bound) {
        try {
            component.getAccessor().setAccessible(true);
            return component.getAccessor().invoke(bound);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(component + " cannot be read", e);
        }
    }
}
