package org.postern.line;

import java.util.Optional;
import org.apache.james.protocols.api.Request;
import org.jspecify.annotations.Nullable;

/**
 * One command line: its verb in capitals and everything behind the first space, unchanged but for blanks at its end.
 *
 * <p>Its text is never logged and has no {@code toString}: it may hold a secret.
 */
public final class Command implements Request {
    private final String verb;
    private final @Nullable String argument;

    Command(String verb, @Nullable String argument) {
        this.verb = verb;
        this.argument = argument;
    }

    @Override
    public String getCommand() {
        return verb;
    }

    /** For James' own handlers; ours ask {@link #argument()}. */
    @Override
    public @Nullable String getArgument() {
        return argument;
    }

    public Optional<String> argument() {
        return Optional.ofNullable(argument);
    }
}
