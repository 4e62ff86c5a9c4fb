package org.postern.server.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.accounts.Group;
import org.postern.accounts.MailboxChoices;
import org.postern.accounts.MailboxInfo;
import org.postern.accounts.Outcome;
import org.postern.model.Address;
import org.postern.model.Domain;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern mailbox …}: the hosted addresses with their mail. */
@Command(name = "mailbox", description = "The hosted addresses with their mail.", subcommands = ShareCommand.class)
final class MailboxCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    PosternCommand root() {
        return root;
    }

    @Command(description = "Makes a mailbox in one of the domains, with its standard folders.")
    int add(
            @Parameters(paramLabel = "ADDRESS") Address address,
            @Option(names = "--name", paramLabel = "TEXT", defaultValue = "", description = "the person's name")
                    String displayName) {
        return root.administer(admin -> admin.mailboxes().add(address, displayName), MailboxCommands::printed);
    }

    @Command(description = "Lists mailboxes.")
    int list(
            @Option(names = "--domain", paramLabel = "DOMAIN", description = "only those of this domain") @Nullable
                    Domain domain) {
        return root.administer(
                admin -> Outcome.done(admin.mailboxes().list(Optional.ofNullable(domain))),
                all -> (out, json) -> Answer.list(
                        out, json, all.stream().map(MailboxCommands::fields).toList()));
    }

    @Command(description = "Shows one mailbox, and the addresses it owns that lead to others.")
    int show(@Parameters(paramLabel = "ADDRESS") Address address) {
        return root.administer(
                admin -> admin.mailboxes().show(address).map(mailbox -> {
                    var fields = fields(mailbox);
                    fields.put("owns", leading(admin.groups().ownedBy(mailbox.id())));
                    return fields;
                }),
                fields -> (out, json) -> Answer.show(out, json, fields));
    }

    private static List<Map<String, Object>> leading(List<Group> groups) {
        return groups.stream()
                .map(group -> Answer.fields("address", group.address(), "to", group.to()))
                .toList();
    }

    @Command(description = "Changes what the owner of a mailbox may choose; what is not named stays as it is.")
    int set(
            @Parameters(paramLabel = "ADDRESS") Address address,
            @Option(
                            names = "--pop3-keep-copy",
                            negatable = true,
                            description = "what POP3 removes stays on the server for IMAP, or is gone")
                    @Nullable
                    Boolean pop3KeepsCopy,
            @Option(
                            names = "--copy-to-sent",
                            negatable = true,
                            description =
                                    "what the mailbox sends is also filed in its folder of sent mail, or left to the mail app")
                    @Nullable
                    Boolean copiesSent,
            @Option(
                            names = "--forward-to",
                            paramLabel = "ADDRESS",
                            split = ",",
                            description = "who else gets what the mailbox gets, in the place of whom it was before")
                    @Nullable
                    List<Address> forwardTo,
            @Option(names = "--no-forward", description = "nobody else does") boolean noForward,
            @Option(
                            names = "--forward-keep-copy",
                            negatable = true,
                            description = "what is forwarded is also delivered to the mailbox itself, or not")
                    @Nullable
                    Boolean forwardKeepsCopy) {
        if (noForward && forwardTo != null) {
            throw new Stop(ExitCode.USAGE, "--forward-to and --no-forward exclude each other");
        }
        var choices = new MailboxChoices(
                Optional.ofNullable(pop3KeepsCopy),
                Optional.ofNullable(copiesSent),
                noForward ? Optional.of(List.of()) : Optional.ofNullable(forwardTo),
                Optional.ofNullable(forwardKeepsCopy));
        if (choices.equals(MailboxChoices.NONE)) {
            throw new Stop(ExitCode.USAGE, "nothing to change; --help lists what can be chosen");
        }
        return root.administer(admin -> admin.mailboxes().choose(address, choices), MailboxCommands::printed);
    }

    @Command(description = "Stops all logins of a mailbox; its live connections end at once.")
    int pause(@Parameters(paramLabel = "ADDRESS") Address address) {
        return root.administer(admin -> admin.mailboxes().pause(address), MailboxCommands::printed);
    }

    @Command(description = "Lets a paused mailbox log in again.")
    int resume(@Parameters(paramLabel = "ADDRESS") Address address) {
        return root.administer(admin -> admin.mailboxes().resume(address), MailboxCommands::printed);
    }

    @Command(
            description = {
                "Sets the account password, which opens the owners' page only: mail apps use client tokens.",
                "Read from standard input, or generated and printed alone on the last line, once."
            })
    int passwd(
            @Parameters(paramLabel = "ADDRESS") Address address,
            @Option(names = "--generate", description = "make one up") boolean generate) {
        if (generate) {
            return root.administer(
                    admin -> admin.mailboxes().generatePassword(address),
                    password ->
                            (out, json) -> out.println(json ? Answer.toJson(Map.of("password", password)) : password));
        }
        var password = passwordFromInput();
        return root.administer(admin -> admin.mailboxes().setPassword(address, password), MailboxCommands::printed);
    }

    @SuppressWarnings("SystemConsoleNull") // Its signature still says that it may be null.
    private static String passwordFromInput() {
        var console = System.console();
        if (console != null && console.isTerminal()) {
            var first = new String(console.readPassword("New account password: "));
            if (!first.equals(new String(console.readPassword("Once more: ")))) {
                throw new Stop(ExitCode.REFUSED, "the two are not the same; nothing was changed");
            }
            return first;
        }
        return Secrets.line("standard input has no password");
    }

    static PosternCommand.Printable printed(MailboxInfo mailbox) {
        return (out, json) -> Answer.show(out, json, fields(mailbox));
    }

    private static Map<String, Object> fields(MailboxInfo mailbox) {
        return Answer.fields(
                "mailbox",
                mailbox.address(),
                "id",
                mailbox.id().value(),
                "name",
                mailbox.displayName(),
                "status",
                mailbox.paused() ? "paused" : "active",
                "aliases",
                mailbox.aliases(),
                "password",
                mailbox.hasPassword(),
                "pop3_keep_copy",
                mailbox.pop3KeepsCopy(),
                "copy_to_sent",
                mailbox.copiesSent(),
                "forward_to",
                mailbox.forwarding().to(),
                "forward_keep_copy",
                mailbox.forwarding().keepsCopy(),
                "created_at",
                mailbox.createdAt());
    }
}
