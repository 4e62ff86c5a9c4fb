package org.postern.server.cli;

import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.postern.accounts.AccessSwitch;
import org.postern.accounts.AccessSwitches.By;
import org.postern.model.Address;
import org.postern.model.Protocol;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern access …}: whether mail apps may use a mailbox. */
@Command(name = "access", description = "Whether mail apps may use a mailbox: one switch for each protocol.")
final class AccessCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    @Command(description = "Shows a mailbox's switches, who changed them last, and why.")
    int show(@Parameters(paramLabel = "ADDRESS") Address address) {
        return root.administer(admin -> admin.accessSwitches().show(address), AccessCommands::printed);
    }

    @Command(
            description = {
                "Switches access on, in one step, whatever has switched it off.",
                "It works after the plan's activation delay. The owner gets a notice."
            })
    int on(
            @Parameters(paramLabel = "ADDRESS") Address address,
            @Parameters(paramLabel = "PROTOCOL", arity = "1..*", description = "imap, pop3, smtp")
                    List<Protocol> protocols,
            @Option(names = "--now", description = "without the activation delay") boolean now) {
        return root.administer(
                admin -> admin.accessSwitches().switchOn(address, EnumSet.copyOf(protocols), By.ADMIN, now),
                AccessCommands::printed);
    }

    @Command(description = "Switches access off; live connections end at once. The owner gets a notice.")
    int off(
            @Parameters(paramLabel = "ADDRESS") Address address,
            @Parameters(paramLabel = "PROTOCOL", arity = "1..*", description = "imap, pop3, smtp")
                    List<Protocol> protocols,
            @Option(names = "--why", paramLabel = "TEXT", defaultValue = "", description = "for the owner to read")
                    String why) {
        return root.administer(
                admin -> admin.accessSwitches().switchOff(address, EnumSet.copyOf(protocols), By.ADMIN, why),
                AccessCommands::printed);
    }

    private static PosternCommand.Printable printed(List<AccessSwitch> switches) {
        return (out, json) -> Answer.list(
                out, json, switches.stream().map(AccessCommands::fields).toList());
    }

    private static Map<String, Object> fields(AccessSwitch each) {
        return Answer.fields(
                "protocol",
                each.protocol().lowerCase(),
                "state",
                each.state().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                "from",
                each.since(),
                "changed_by",
                each.changedBy(),
                "why",
                each.why());
    }
}
