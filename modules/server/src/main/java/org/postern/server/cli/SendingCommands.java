package org.postern.server.cli;

import java.util.Map;
import org.postern.accounts.SendingLocks;
import org.postern.model.Address;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern sending …}: locks after abuse. */
@Command(
        name = "sending",
        description = "Locks a mailbox's sending, or unlocks what abuse has locked; reading goes on.")
final class SendingCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    @Command(description = "Shows whether a mailbox's sending is locked, since when and why.")
    int show(@Parameters(paramLabel = "ADDRESS") Address address) {
        return root.administer(admin -> admin.sendingLocks().show(address), SendingCommands::printed);
    }

    @Command(description = "Locks sending: each attempt is refused for good. The owner gets a notice.")
    int lock(
            @Parameters(paramLabel = "ADDRESS") Address address,
            @Option(names = "--why", paramLabel = "TEXT", required = true, description = "for the owner to read")
                    String why) {
        return root.administer(admin -> admin.sendingLocks().lock(address, why), SendingCommands::printed);
    }

    @Command(description = "Unlocks sending; what may be abuse is counted anew. The owner gets a notice.")
    int unlock(@Parameters(paramLabel = "ADDRESS") Address address) {
        return root.administer(admin -> admin.sendingLocks().unlock(address), SendingCommands::printed);
    }

    private static PosternCommand.Printable printed(SendingLocks.State state) {
        return (out, json) -> Answer.show(out, json, fields(state));
    }

    private static Map<String, Object> fields(SendingLocks.State state) {
        return Answer.fields(
                "mailbox",
                state.mailbox(),
                "sending",
                state.lockedAt().isPresent() ? "locked" : "unlocked",
                "locked_at",
                state.lockedAt(),
                "why",
                state.why());
    }
}
