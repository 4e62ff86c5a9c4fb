package org.postern.console;

import java.util.Optional;
import java.util.function.Supplier;

/**
 * One thing that must be well before this node takes traffic.
 *
 * @param name in the answer of {@code /health/ready}
 * @param problem empty while all is well; else what is wrong, in words that may be shown to anybody. Bounds its own waiting.
 */
public record HealthCheck(String name, Supplier<Optional<String>> problem) {}
