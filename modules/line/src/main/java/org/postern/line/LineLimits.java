package org.postern.line;

import java.time.Duration;

/**
 * The bounds of one line-based session.
 *
 * @param commandLine the longest command line, bytes with its line end
 * @param skippedLine how much of a longer line is read past before the session is ended; bytes
 * @param badCommands refused commands after which the session is ended
 * @param commandsBeforeLogin commands of a client that has not logged in
 * @param commands commands of one session
 * @param idleBeforeLogin silence between two commands of a client that has not logged in
 * @param idle silence between two commands
 */
public record LineLimits(
        int commandLine,
        int skippedLine,
        int badCommands,
        int commandsBeforeLogin,
        int commands,
        Duration idleBeforeLogin,
        Duration idle) {

    /** @throws IllegalArgumentException when a bound is not positive */
    public LineLimits {
        if (commandLine < 16 || skippedLine < 1 || badCommands < 1 || commandsBeforeLogin < 1 || commands < 1) {
            throw new IllegalArgumentException("the bounds of lines and commands must be positive");
        }
        if (!idleBeforeLogin.isPositive() || !idle.isPositive()) {
            throw new IllegalArgumentException("idle limits must be positive");
        }
    }
}
