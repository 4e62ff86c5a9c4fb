package org.postern.server.config;

import java.util.List;
import java.util.stream.Collectors;

/** A config file that cannot be used, with all that was found wrong in it. */
public final class ConfigRefused extends Exception {
    private static final long serialVersionUID = 1;
    private final transient List<Problem> problems;

    public ConfigRefused(List<Problem> problems) {
        super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
        this.problems = List.copyOf(problems);
    }

    /** One problem of a whole file. */
    public static ConfigRefused of(String file, String text) {
        return new ConfigRefused(List.of(new Problem(file, Position.NOWHERE, "", text)));
    }

    public List<Problem> problems() {
        return problems;
    }
}
