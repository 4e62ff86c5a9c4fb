package org.postern.server.cli;

import java.util.Map;
import org.postern.accounts.AccountInfo;
import org.postern.accounts.AccountName;
import org.postern.accounts.Outcome;
import org.postern.model.PlanName;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern account …}: the customers. */
@Command(name = "account", description = "The customers: each has one plan, and owns domains and mailboxes.")
final class AccountCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    @Command(description = "Makes an account.")
    int add(
            @Parameters(paramLabel = "NAME") AccountName name,
            @Option(names = "--plan", paramLabel = "PLAN", required = true, description = "a plan of plans.yml")
                    PlanName plan) {
        return root.administer(admin -> admin.accounts().add(name, plan), AccountCommands::printed);
    }

    @Command(description = "Lists all accounts.")
    int list() {
        return root.administer(
                admin -> Outcome.done(admin.accounts().list()),
                all -> (out, json) -> Answer.list(
                        out, json, all.stream().map(AccountCommands::fields).toList()));
    }

    @Command(description = "Shows one account.")
    int show(@Parameters(paramLabel = "NAME") AccountName name) {
        return root.administer(admin -> admin.accounts().show(name), AccountCommands::printed);
    }

    @Command(description = "Moves an account to another plan; the next login and message see it.")
    int plan(@Parameters(paramLabel = "NAME") AccountName name, @Parameters(paramLabel = "PLAN") PlanName plan) {
        return root.administer(admin -> admin.accounts().changePlan(name, plan), AccountCommands::printed);
    }

    @Command(description = "Stops all logins of an account; its live connections end at once.")
    int suspend(@Parameters(paramLabel = "NAME") AccountName name) {
        return root.administer(admin -> admin.accounts().suspend(name), AccountCommands::printed);
    }

    @Command(description = "Lets a suspended account log in again.")
    int resume(@Parameters(paramLabel = "NAME") AccountName name) {
        return root.administer(admin -> admin.accounts().resume(name), AccountCommands::printed);
    }

    private static PosternCommand.Printable printed(AccountInfo account) {
        return (out, json) -> Answer.show(out, json, fields(account));
    }

    private static Map<String, Object> fields(AccountInfo account) {
        return Answer.fields(
                "account",
                account.name(),
                "plan",
                account.plan(),
                "status",
                account.suspended() ? "suspended" : "active",
                "domains",
                account.domains(),
                "mailboxes",
                account.mailboxes(),
                "created_at",
                account.createdAt());
    }
}
