package org.postern.server.cli;

import java.util.Optional;
import picocli.CommandLine.IVersionProvider;

/** {@code --version}: what the jar's manifest says. */
public final class Version implements IVersionProvider {
    Version() {}

    @Override
    public String[] getVersion() {
        return new String[] {"postern " + text()};
    }

    /** {@code development} when not run from a jar. */
    public static String text() {
        return Optional.ofNullable(Version.class.getPackage().getImplementationVersion())
                .orElse("development");
    }
}
