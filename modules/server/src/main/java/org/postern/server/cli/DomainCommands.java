package org.postern.server.cli;

import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.postern.accounts.AccountName;
import org.postern.accounts.DomainInfo;
import org.postern.model.Address;
import org.postern.model.Domain;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern domain …}: the mail domains of accounts. */
@Command(name = "domain", description = "The mail domains of accounts.")
final class DomainCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    @Command(description = "Gives a domain to an account.")
    int add(
            @Parameters(paramLabel = "DOMAIN") Domain domain,
            @Option(names = "--account", paramLabel = "NAME", required = true) AccountName account) {
        return root.administer(admin -> admin.domains().add(account, domain), DomainCommands::printed);
    }

    @Command(description = "Lists domains.")
    int list(
            @Option(names = "--account", paramLabel = "NAME", description = "only this account's") @Nullable
                    AccountName account) {
        return root.administer(
                admin -> admin.domains().list(Optional.ofNullable(account)),
                all -> (out, json) -> Answer.list(
                        out, json, all.stream().map(DomainCommands::fields).toList()));
    }

    @Command(name = "catch-all", description = "Says who gets the mail of the domain's addresses that nobody has.")
    int catchAll(@Parameters(paramLabel = "DOMAIN") Domain domain, @ArgGroup(multiplicity = "1") CatchAll target) {
        return root.administer(
                admin -> admin.domains().catchAll(domain, Optional.ofNullable(target.mailbox)),
                DomainCommands::printed);
    }

    /** A mailbox, or nobody. */
    static final class CatchAll {
        @Option(names = "--to", paramLabel = "ADDRESS", description = "this mailbox")
        @Nullable
        Address mailbox;

        @Option(names = "--off", description = "nobody")
        boolean off;
    }

    private static PosternCommand.Printable printed(DomainInfo domain) {
        return (out, json) -> Answer.show(out, json, fields(domain));
    }

    private static Map<String, Object> fields(DomainInfo domain) {
        return Answer.fields(
                "domain",
                domain.domain(),
                "account_id",
                domain.account().value(),
                "catch_all_mailbox_id",
                domain.catchAll().map(mailbox -> mailbox.value()),
                "created_at",
                domain.createdAt());
    }
}
