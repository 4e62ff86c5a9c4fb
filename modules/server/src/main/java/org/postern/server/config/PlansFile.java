package org.postern.server.config;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.postern.accounts.Overrides;
import org.postern.accounts.Plans;
import org.postern.model.Plan;
import org.postern.model.PlanName;
import org.postern.server.config.Node.Entry;
import org.postern.server.config.Node.Mapping;
import org.postern.server.config.Node.Scalar;

/**
 * {@code plans.yml}: the plans by name.
 *
 * <p>A plan that {@code extends} another has the keys of that one under its own; overrides are keys laid over the plan's in
 * the same way, so that both mean what the file would.
 */
final class PlansFile {
    private static final String PLANS = "plans";
    private static final String EXTENDS = "extends";
    private static final int MAX_KNOWN = 10_000;

    private final String file;
    private final Path folder;
    private final Map<String, Entry> written;
    private final Map<PlanName, Mapping> whole = new LinkedHashMap<>();
    private final Map<PlanName, PlanKeys> keys = new LinkedHashMap<>();
    private final List<Problem> problems = new ArrayList<>();

    /** What was laid over plans before: mailboxes that have something different often have the same. */
    private final Map<Different, Plan> known = new ConcurrentHashMap<>();

    private record Different(PlanName plan, Overrides overrides) {}

    private PlansFile(String file, Path folder, Mapping plans) {
        this.file = file;
        this.folder = folder;
        this.written = plans.entries();
    }

    /** The plans of the file, or all that is wrong with it. */
    static ReadPlans read(Path path) throws ConfigRefused {
        var file = path.toString();
        var folder = Optional.ofNullable(path.toAbsolutePath().getParent()).orElse(Path.of(""));
        var plans = new PlansFile(file, folder, plansOf(file, YamlFile.read(path)));
        var bound = plans.bind();
        if (!plans.problems.isEmpty()) {
            throw new ConfigRefused(withoutRepetition(plans.problems));
        }
        var written = new LinkedHashMap<PlanName, Map<String, String>>();
        plans.keys.forEach((name, each) -> written.put(name, WrittenKeys.of(each)));
        return new ReadPlans(new Plans(bound, plans::with), written);
    }

    private static Mapping plansOf(String file, Mapping root) throws ConfigRefused {
        for (var entry : root.entries().entrySet()) {
            if (!entry.getKey().equals(PLANS)) {
                throw refused(file, entry.getValue().keyAt(), entry.getKey(), "no such key; the key here is " + PLANS);
            }
        }
        var plans = root.entries().get(PLANS);
        if (plans == null
                || !(plans.value() instanceof Mapping mapping)
                || mapping.entries().isEmpty()) {
            throw refused(file, root.at(), PLANS, "there must be at least one plan");
        }
        return mapping;
    }

    private static ConfigRefused refused(String file, Position at, String key, String text) {
        return new ConfigRefused(List.of(new Problem(file, at, key, text)));
    }

    private Map<PlanName, Plan> bind() {
        var bound = new LinkedHashMap<PlanName, Plan>();
        written.forEach((key, entry) -> nameOf(key, entry)
                .ifPresent(name -> resolve(key, new LinkedHashSet<>()).ifPresent(mapping -> {
                    whole.put(name, mapping);
                    try {
                        var planKeys = keys(mapping, pathOf(key));
                        keys.put(name, planKeys);
                        bound.put(name, planKeys.toPlan(name));
                    } catch (IllegalArgumentException e) {
                        problems.add(new Problem(file, mapping.at(), pathOf(key), String.valueOf(e.getMessage())));
                    } catch (ConfigRefused e) {
                        problems.addAll(e.problems());
                    }
                })));
        return bound;
    }

    private Optional<PlanName> nameOf(String key, Entry entry) {
        try {
            return Optional.of(new PlanName(key));
        } catch (IllegalArgumentException e) {
            problems.add(new Problem(file, entry.keyAt(), pathOf(key), String.valueOf(e.getMessage())));
            return Optional.empty();
        }
    }

    /**
     * The plan's keys over those of all that it extends.
     *
     * @param below the plans that lead here
     */
    private Optional<Mapping> resolve(String key, Set<String> below) {
        var entry = written.get(key);
        if (entry == null || !(entry.value() instanceof Mapping own)) {
            problems.add(new Problem(
                    file,
                    entry == null ? Position.NOWHERE : entry.value().at(),
                    pathOf(key),
                    "expected keys and values, indented below it"));
            return Optional.empty();
        }
        var base = own.entries().get(EXTENDS);
        if (base == null) {
            return Optional.of(canonical(own));
        }
        below.add(key);
        return base(base.value(), key, below)
                .flatMap(name -> resolve(name, below))
                .map(canonical(own.without(EXTENDS))::over);
    }

    /** The plan with each window's usual name: {@code 24h} in one plan and {@code 1d} in one that extends it are one key. */
    private static Mapping canonical(Mapping plan) {
        return plan.with(
                "sending",
                sending -> sending.with(
                        "quotas",
                        quotas -> quotas.with("account", PlansFile::windows).with("mailbox", PlansFile::windows)));
    }

    private static Mapping windows(Mapping quotas) {
        var spellings = quotas.entries().keySet().stream()
                .collect(Collectors.groupingBy(PlansFile::usualName, Collectors.counting()));
        var renamed = new LinkedHashMap<String, Entry>();
        quotas.entries().forEach((key, entry) -> {
            // Two spellings of one window stay as they are: the binder complains of them.
            var name = usualName(key);
            renamed.put(spellings.getOrDefault(name, 0L) > 1 ? key : name, entry);
        });
        return new Mapping(quotas.at(), renamed);
    }

    private static String usualName(String window) {
        try {
            return Durations.text(Window.of(window).length());
        } catch (IllegalArgumentException e) {
            return window; // The binder says what is wrong with it.
        }
    }

    /** The same for the path of a key. */
    static String canonicalKey(String path) {
        var levels = path.split("\\.", -1);
        if (levels.length > 3 && path.startsWith("sending.quotas.")) {
            levels[3] = usualName(levels[3]);
        }
        return String.join(".", levels);
    }

    private Optional<String> base(Node node, String key, Set<String> below) {
        var name = node instanceof Scalar scalar ? scalar.text() : "";
        if (!written.containsKey(name)) {
            var names = List.copyOf(written.keySet());
            var nearest = Nearest.to(name, names).map(each -> "; did you mean " + each + '?');
            problem(node, key, "there is no plan " + name + nearest.orElse(""));
            return Optional.empty();
        }
        if (below.contains(name)) {
            problem(node, key, "goes round in a circle: " + String.join(" extends ", below) + " extends " + name);
            return Optional.empty();
        }
        return Optional.of(name);
    }

    private void problem(Node node, String key, String text) {
        problems.add(new Problem(file, node.at(), pathOf(key) + '.' + EXTENDS, text));
    }

    private static String pathOf(String key) {
        return PLANS + '.' + key;
    }

    private PlanKeys keys(Mapping mapping, String path) throws ConfigRefused {
        return Binder.bind(PlanKeys.class, file, folder, mapping, path);
    }

    /** A mistake in a plan is found again in each that extends it: once is enough. */
    private static List<Problem> withoutRepetition(List<Problem> problems) {
        var seen = new HashSet<String>();
        return problems.stream()
                .filter(problem -> seen.add(problem.at() + problem.text()))
                .toList();
    }

    private Plan with(Plan plan, Overrides overrides) {
        if (known.size() >= MAX_KNOWN) {
            known.clear();
        }
        return known.computeIfAbsent(
                new Different(plan.name(), overrides), different -> override(plan, different.overrides()));
    }

    private Plan override(Plan plan, Overrides overrides) {
        var mapping = whole.getOrDefault(plan.name(), Mapping.empty());
        for (var override : overrides.byKey().entrySet()) {
            mapping =
                    nested(canonicalKey(override.getKey()), override.getValue()).over(mapping);
        }
        try {
            return keys(mapping, "").toPlan(plan.name());
        } catch (ConfigRefused e) {
            throw new IllegalArgumentException(
                    e.problems().stream()
                            .map(problem ->
                                    problem.key().isEmpty() ? problem.text() : problem.key() + ": " + problem.text())
                            .collect(Collectors.joining("; ")),
                    e);
        }
    }

    /** The mapping that the file would have for one key's path. */
    private static Mapping nested(String path, String value) {
        Node node;
        try {
            node = YamlFile.value(value);
        } catch (ConfigRefused e) {
            throw new IllegalArgumentException(path + ": " + value + " is not a value", e);
        }
        var levels = path.split("\\.", -1);
        for (int i = levels.length - 1; i >= 0; i--) {
            node = new Mapping(Position.NOWHERE, Map.of(levels[i], new Entry(Position.NOWHERE, node)));
        }
        return (Mapping) node;
    }
}
