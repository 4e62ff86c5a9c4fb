/**
 * The command line, {@code scripts/postern}: what it prints on standard output is the answer, in words or with
 * {@code --json}; whatever else it has to say goes to standard error as {@code postern: …}.
 *
 * <p>Exit codes: {@link org.postern.server.cli.ExitCode}. Each command opens the database for itself and closes it.
 */
@NullMarked
package org.postern.server.cli;

import org.jspecify.annotations.NullMarked;
