package org.postern.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;

/** What a bench measures, and how often: options that benches share. */
public final class MeasureOptions {
    @Option(
            names = "--rounds",
            defaultValue = "3",
            description = "Times that each figure is measured; medians are printed. Default: ${DEFAULT-VALUE}")
    private int rounds;

    @Option(
            names = "--warm-ups",
            description = "Times that each figure is measured and forgotten first, so that the compiler of a young"
                    + " server is not what is measured. Default: as many as the figure needs.")
    private Optional<Integer> warmUps = Optional.empty();

    @Option(names = "--only", description = "Only figures whose name has this in it; may be repeated.")
    private List<String> only = List.of();

    @Option(
            names = "--programs",
            paramLabel = "FOLDER",
            description = "Of a PostgreSQL 18, for Postern to use in place of those that it brings along.")
    private Optional<Path> programs = Optional.empty();

    /** Of PostgreSQL, where not Postern's own. */
    public Optional<Path> programs() {
        return programs.map(Path::toAbsolutePath);
    }

    int rounds() {
        return rounds;
    }

    int warmUps(Figure<?> figure) {
        return warmUps.orElse(figure.warmUps());
    }

    public boolean asksFor(Figure<?> figure) {
        return only.isEmpty() || only.stream().anyMatch(figure.name()::contains);
    }
}
