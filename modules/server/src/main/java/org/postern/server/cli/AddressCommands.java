package org.postern.server.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postern.accounts.Group;
import org.postern.accounts.MailboxInfo;
import org.postern.accounts.Outcome;
import org.postern.model.Address;
import org.postern.model.Domain;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern address …}: aliases, and addresses that lead to others. */
@Command(
        name = "address",
        description = "Aliases: more addresses for the same mail; and addresses that lead to others.")
final class AddressCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    @Command(
            description = {
                "Gives a mailbox one address more; it may also send from it.",
                "With an owner, the address leads to others: one or many, here or anywhere."
            })
    int add(
            @Parameters(paramLabel = "ALIAS") Address alias,
            @Option(
                            names = "--to",
                            paramLabel = "ADDRESS",
                            split = ",",
                            required = true,
                            description = "the mailbox; with --owner, whoever is to get the mail")
                    List<Address> to,
            @Option(
                            names = "--owner",
                            paramLabel = "ADDRESS",
                            description =
                                    "the mailbox of the account that gets what cannot be passed on, and may send from it")
                    @Nullable
                    Address owner) {
        if (owner != null) {
            return root.administer(admin -> admin.groups().add(alias, owner, to), AddressCommands::printed);
        }
        if (to.size() > 1) {
            throw new Stop(ExitCode.USAGE, "an address that leads to several has an --owner");
        }
        return root.administer(admin -> admin.mailboxes().addAlias(alias, to.getFirst()), MailboxCommands::printed);
    }

    @Command(description = "Lets an address that has an owner lead to others than before.")
    int set(
            @Parameters(paramLabel = "ADDRESS") Address address,
            @Option(
                            names = "--to",
                            paramLabel = "ADDRESS",
                            split = ",",
                            required = true,
                            description = "who gets the mail")
                    List<Address> to) {
        return root.administer(admin -> admin.groups().lead(address, to), AddressCommands::printed);
    }

    @Command(description = "Lists addresses, whose they are, and whom they lead to.")
    int list(
            @Option(names = "--domain", paramLabel = "DOMAIN", description = "only those of mailboxes of this domain")
                    @Nullable
                    Domain domain) {
        return root.administer(
                admin -> Outcome.done(rows(
                        admin.mailboxes().list(Optional.ofNullable(domain)),
                        admin.groups().list(Optional.ofNullable(domain)))),
                all -> (out, json) -> Answer.list(out, json, all));
    }

    @Command(description = "Takes an alias away, or an address that leads to others.")
    int remove(@Parameters(paramLabel = "ALIAS") Address alias) {
        return root.administer(admin -> admin.mailboxes().removeAlias(alias), MailboxCommands::printed);
    }

    private static List<Map<String, Object>> rows(List<MailboxInfo> mailboxes, List<Group> groups) {
        var rows = new ArrayList<Map<String, Object>>();
        mailboxes.stream().flatMap(AddressCommands::fields).forEach(rows::add);
        groups.stream().map(AddressCommands::fields).forEach(rows::add);
        return rows;
    }

    private static Stream<Map<String, Object>> fields(MailboxInfo mailbox) {
        return Stream.concat(Stream.of(mailbox.address()), mailbox.aliases().stream())
                .map(address -> Answer.fields(
                        "address",
                        address,
                        "mailbox",
                        mailbox.address(),
                        "alias",
                        !address.equals(mailbox.address()),
                        "to",
                        List.of()));
    }

    private static PosternCommand.Printable printed(Group group) {
        return (out, json) -> Answer.show(out, json, fields(group));
    }

    private static Map<String, Object> fields(Group group) {
        return Answer.fields("address", group.address(), "mailbox", group.owner(), "alias", true, "to", group.to());
    }
}
