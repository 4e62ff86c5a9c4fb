package org.postern.server.cli;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postern.accounts.AccountName;
import org.postern.accounts.PlanOverride;
import org.postern.accounts.PlanSubject;
import org.postern.model.Address;
import org.postern.server.config.ConfigFiles;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern plan override …}: what one account or mailbox has different from its plan. */
@Command(
        name = "override",
        description = "What one account or mailbox has different from its plan. The keys are those of plans.yml, levels"
                + " joined by dots, such as imap.per-mailbox or sending.quotas.account.1h.messages.")
final class PlanOverrideCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PlanCommands plan;

    /** Whom a command is about. */
    static final class Whom {
        @Option(names = "--mailbox", paramLabel = "ADDRESS", description = "one mailbox")
        @Nullable
        Address mailbox;

        @Option(names = "--account", paramLabel = "NAME", description = "an account and all its mailboxes")
        @Nullable
        AccountName account;

        PlanSubject subject() {
            if (mailbox != null) {
                return new PlanSubject.OfMailbox(mailbox);
            }
            if (account != null) {
                return new PlanSubject.OfAccount(account);
            }
            throw new IllegalStateException("picocli demands one of the two");
        }
    }

    @Command(description = "Sets some keys; checked against the plan, felt at once by live sessions too.")
    int set(
            @ArgGroup(multiplicity = "1") Whom whom,
            @Parameters(paramLabel = "KEY=VALUE", arity = "1..*") Map<String, String> values) {
        var byKey = values.entrySet().stream()
                .collect(Collectors.toMap(entry -> ConfigFiles.planKey(entry.getKey()), Map.Entry::getValue));
        return plan.root()
                .administer(admin -> admin.overrides().set(whom.subject(), byKey), PlanOverrideCommands::printed);
    }

    @Command(description = "Lists what is different from the plans, for one account or mailbox or for all.")
    int list(@ArgGroup @Nullable Whom whom) {
        var subject = Optional.ofNullable(whom).map(Whom::subject);
        return plan.root().administer(admin -> admin.overrides().list(subject), PlanOverrideCommands::printed);
    }

    @Command(description = "Has the plan's own values hold again: for the keys named, or for all.")
    int remove(
            @ArgGroup(multiplicity = "1") Whom whom,
            @Parameters(paramLabel = "KEY", arity = "0..*") List<String> keys) {
        var all = Optional.ofNullable(keys).orElse(List.of()).stream()
                .map(ConfigFiles::planKey)
                .toList();
        return plan.root()
                .administer(admin -> admin.overrides().remove(whom.subject(), all), PlanOverrideCommands::printed);
    }

    private static PosternCommand.Printable printed(List<PlanOverride> overrides) {
        return (out, json) -> Answer.list(
                out,
                json,
                overrides.stream()
                        .map(each -> Answer.fields(
                                "kind",
                                each.kind().lowerCase(),
                                "name",
                                each.subject(),
                                "plan",
                                each.plan(),
                                "key",
                                each.key(),
                                "value",
                                each.value()))
                        .toList());
    }
}
