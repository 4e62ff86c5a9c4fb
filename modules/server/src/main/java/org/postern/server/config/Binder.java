package org.postern.server.config;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.server.config.Node.Kind;
import org.postern.server.config.Node.Listing;
import org.postern.server.config.Node.Mapping;
import org.postern.server.config.Node.Scalar;

/**
 * Turns a YAML mapping into a record: one key per component, written with dashes; every problem is collected.
 *
 * <p>A component is a scalar of {@link Form}, an enum, a record, an {@code Optional}, a {@code List} or a
 * {@code Map} of those, whose keys are scalars too.
 */
final class Binder {
    private final String file;
    private final Map<Class<?>, Form<?>> forms;
    private final List<Problem> problems = new ArrayList<>();

    /** @param folder what relative paths are relative to */
    Binder(String file, Path folder) {
        this.file = file;
        this.forms = Form.all(folder);
    }

    /** The record, or all that is wrong with the file. */
    static <T extends Record> T bind(Class<T> type, String file, Path folder, Mapping root) throws ConfigRefused {
        return bind(type, file, folder, root, "");
    }

    /**
     * The same for a part of a file.
     *
     * @param path of the key that {@code part} is the value of
     */
    static <T extends Record> T bind(Class<T> type, String file, Path folder, Mapping part, String path)
            throws ConfigRefused {
        var binder = new Binder(file, folder);
        var bound = binder.record(type, part, path);
        if (!binder.problems.isEmpty() || bound.isEmpty()) {
            throw new ConfigRefused(binder.problems);
        }
        return type.cast(bound.get());
    }

    /** The key of a component: {@code poolSize} is written {@code pool-size}. */
    static String keyOf(RecordComponent component) {
        var key = new StringBuilder();
        for (char c : component.getName().toCharArray()) {
            if (Character.isUpperCase(c)) {
                key.append('-').append(Character.toLowerCase(c));
            } else {
                key.append(c);
            }
        }
        return key.toString();
    }

    private Optional<Object> record(Class<?> type, Mapping given, String path) {
        var components = type.getRecordComponents();
        refuseUnknown(given, Arrays.stream(components).map(Binder::keyOf).toList(), path);
        var values = new ArrayList<Object>();
        for (var component : components) {
            component(component, given, path).ifPresent(values::add);
        }
        return values.size() == components.length ? construct(type, components, values, given, path) : Optional.empty();
    }

    private Optional<Object> construct(
            Class<?> type, RecordComponent[] components, List<Object> values, Mapping given, String path) {
        try {
            var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
            var constructor = type.getDeclaredConstructor(types);
            constructor.setAccessible(true);
            return Optional.of(constructor.newInstance(values.toArray()));
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof IllegalArgumentException refused) {
                problem(given.at(), path, String.valueOf(refused.getMessage()));
                return Optional.empty();
            }
            throw new IllegalStateException(type + " cannot be made", e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(type + " cannot be made", e);
        }
    }

    private void refuseUnknown(Mapping given, List<String> known, String path) {
        given.entries().forEach((key, entry) -> {
            if (!known.contains(key)) {
                var nearest = Nearest.to(key, known)
                        .map(match -> "; did you mean " + match + "?")
                        .orElse("; the keys here are " + String.join(", ", known));
                problem(entry.keyAt(), join(path, key), "no such key" + nearest);
            }
        });
    }

    /** What a component's annotations allow beyond its type. */
    private record Allowed(Optional<Bounds> bounds, Optional<String> word) {
        static final Allowed ANY = new Allowed(Optional.empty(), Optional.empty());

        static Allowed of(RecordComponent component) {
            return new Allowed(
                    Optional.ofNullable(component.getAnnotation(Bounds.class)),
                    Optional.ofNullable(component.getAnnotation(OrWord.class)).map(OrWord::value));
        }

        String range() {
            var range = bounds.map(each -> each.min() + " to " + each.max());
            return range.map(each -> word.map(or -> each + ", or " + or).orElse(each))
                    .orElseGet(() -> word.map(or -> "or " + or).orElse(""));
        }
    }

    private Optional<Object> component(RecordComponent component, Mapping given, String path) {
        var key = keyOf(component);
        var keyPath = join(path, key);
        var entry = given.entries().get(key);
        var fallback =
                Optional.ofNullable(component.getAnnotation(Default.class)).map(Binder::defaultOf);
        var allowed = Allowed.of(component);
        if (entry != null) {
            var value = entry.value() instanceof Mapping high && fallback.orElse(null) instanceof Mapping low
                    ? high.over(low)
                    : entry.value();
            return value(component.getGenericType(), value, keyPath, allowed);
        }
        if (fallback.isPresent()) {
            return value(component.getGenericType(), fallback.get(), keyPath, allowed);
        }
        if (component.getType() == Optional.class) {
            return Optional.of(Optional.empty());
        }
        if (component.getType().isRecord() && !forms.containsKey(component.getType())) {
            return record(component.getType(), Mapping.empty(), keyPath);
        }
        problem(given.at(), keyPath, "is missing");
        return Optional.empty();
    }

    private static Node defaultOf(Default annotation) {
        try {
            return YamlFile.value(annotation.value());
        } catch (ConfigRefused e) {
            throw new IllegalStateException("a default is no YAML: " + annotation.value(), e);
        }
    }

    private Optional<Object> value(Type type, Node node, String path, Allowed allowed) {
        if (node instanceof Scalar scalar && scalar.kind() == Kind.NOTHING) {
            problem(node.at(), path, "has no value; give one, or leave the key out");
            return Optional.empty();
        }
        if (type instanceof ParameterizedType generic) {
            var arguments = generic.getActualTypeArguments();
            if (generic.getRawType() == Optional.class) {
                if (node instanceof Scalar scalar && allowed.word().equals(Optional.of(scalar.text()))) {
                    return Optional.of(Optional.empty());
                }
                return value(arguments[0], node, path, allowed).map(Optional::of);
            }
            return generic.getRawType() == List.class
                    ? listing(arguments[0], node, path, allowed)
                    : mapping((Class<?>) arguments[0], arguments[1], node, path, allowed);
        }
        var plain = (Class<?>) type;
        if (plain.isRecord() && !forms.containsKey(plain)) {
            if (node instanceof Mapping mapping) {
                return record(plain, mapping, path);
            }
            problem(node.at(), path, "expected keys and values, indented below it");
            return Optional.empty();
        }
        return scalar(plain, node, path, allowed);
    }

    private Optional<Object> listing(Type type, Node node, String path, Allowed allowed) {
        if (!(node instanceof Listing listing)) {
            problem(node.at(), path, "expected a list, such as [a, b]");
            return Optional.empty();
        }
        var values = new ArrayList<Object>();
        for (int i = 0; i < listing.items().size(); i++) {
            value(type, listing.items().get(i), path + '[' + i + ']', allowed).ifPresent(values::add);
        }
        return values.size() == listing.items().size() ? Optional.of(values) : Optional.empty();
    }

    private Optional<Object> mapping(Class<?> keyType, Type type, Node node, String path, Allowed allowed) {
        if (!(node instanceof Mapping mapping)) {
            problem(node.at(), path, "expected keys and values, indented below it");
            return Optional.empty();
        }
        var values = new LinkedHashMap<Object, Object>();
        mapping.entries().forEach((text, entry) -> {
            var keyPath = join(path, text);
            var key = scalar(keyType, new Scalar(entry.keyAt(), text, Kind.TEXT), keyPath, Allowed.ANY);
            var value = value(type, entry.value(), keyPath, allowed);
            if (key.isPresent() && value.isPresent() && values.putIfAbsent(key.get(), value.get()) != null) {
                problem(entry.keyAt(), keyPath, "is the same as another key here");
            }
        });
        return values.size() == mapping.entries().size() ? Optional.of(values) : Optional.empty();
    }

    private Optional<Object> scalar(Class<?> type, Node node, String path, Allowed allowed) {
        var form = formOf(type);
        if (!(node instanceof Scalar scalar)) {
            problem(node.at(), path, "expected " + form.expected());
            return Optional.empty();
        }
        try {
            Object value = form.reader().apply(scalar.text());
            if (allowed.bounds().filter(each -> !isWithin(form, value, each)).isPresent()) {
                problem(node.at(), path, scalar.text() + " is out of bounds; allowed is " + allowed.range());
                return Optional.empty();
            }
            return Optional.of(value);
        } catch (IllegalArgumentException e) {
            var range = allowed.range().isEmpty() ? "" : ", " + allowed.range();
            problem(node.at(), path, "expected " + form.expected() + range + ", found \"" + scalar.text() + '"');
            return Optional.empty();
        }
    }

    private Form<?> formOf(Class<?> type) {
        if (type.isEnum()) {
            return Form.ofEnum(type);
        }
        var form = forms.get(type);
        if (form == null) {
            throw new IllegalStateException("no form for " + type);
        }
        return form;
    }

    @SuppressWarnings("unchecked") // Bounds stand only on components whose type compares with itself.
    private static boolean isWithin(Form<?> form, Object value, Bounds bounds) {
        var least = (Comparable<Object>) form.reader().apply(bounds.min());
        var most = (Comparable<Object>) form.reader().apply(bounds.max());
        return least.compareTo(value) <= 0 && most.compareTo(value) >= 0;
    }

    private void problem(Position at, String path, String text) {
        problems.add(new Problem(file, at, path, text));
    }

    private static String join(String path, String key) {
        return path.isEmpty() ? key : path + '.' + key;
    }

    /** For tests and the reference: every key of the record with its path, depth first. */
    static Map<String, RecordComponent> keysOf(Class<?> type) {
        var keys = new LinkedHashMap<String, RecordComponent>();
        collect(type, "", keys);
        return keys;
    }

    private static void collect(Class<?> type, String path, Map<String, RecordComponent> keys) {
        var forms = Form.all(Path.of(""));
        for (var component : type.getRecordComponents()) {
            var keyPath = join(path, keyOf(component));
            if (component.getType().isRecord() && !forms.containsKey(component.getType())) {
                collect(component.getType(), keyPath, keys);
            } else {
                keys.put(keyPath, component);
            }
        }
    }
}
