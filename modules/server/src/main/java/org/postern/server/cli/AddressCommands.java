package org.postern.server.cli;

import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.postern.accounts.MailboxInfo;
import org.postern.accounts.Outcome;
import org.postern.model.Address;
import org.postern.model.Domain;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern address …}: the aliases of mailboxes. */
@Command(name = "address", description = "The aliases of mailboxes: more addresses for the same mail.")
final class AddressCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    @Command(description = "Gives a mailbox one address more; it may also send from it.")
    int add(
            @Parameters(paramLabel = "ALIAS") Address alias,
            @Option(names = "--to", paramLabel = "ADDRESS", required = true, description = "the mailbox")
                    Address mailbox) {
        return root.administer(admin -> admin.mailboxes().addAlias(alias, mailbox), MailboxCommands::printed);
    }

    @Command(description = "Lists addresses and whose they are.")
    int list(
            @Option(names = "--domain", paramLabel = "DOMAIN", description = "only those of mailboxes of this domain")
                    @Nullable
                    Domain domain) {
        return root.administer(
                admin -> Outcome.done(admin.mailboxes().list(Optional.ofNullable(domain))),
                all -> (out, json) -> Answer.list(
                        out, json, all.stream().flatMap(AddressCommands::fields).toList()));
    }

    @Command(description = "Takes an alias away.")
    int remove(@Parameters(paramLabel = "ALIAS") Address alias) {
        return root.administer(admin -> admin.mailboxes().removeAlias(alias), MailboxCommands::printed);
    }

    private static Stream<Map<String, Object>> fields(MailboxInfo mailbox) {
        return Stream.concat(
                Stream.of(Answer.fields("address", mailbox.address(), "mailbox", mailbox.address(), "alias", false)),
                mailbox.aliases().stream()
                        .map(alias -> Answer.fields("address", alias, "mailbox", mailbox.address(), "alias", true)));
    }
}
