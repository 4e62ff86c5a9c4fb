package org.postern.server.cli;

import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.postern.accounts.Plans;
import org.postern.model.ConnectionCap;
import org.postern.model.Plan;
import org.postern.model.PlanName;
import org.postern.model.Protocol;
import org.postern.server.config.ConfigFiles;
import org.postern.server.config.ConfigRefused;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern plan …}: what plans.yml says; needs no database. */
@Command(name = "plan", description = "The plans of plans.yml.")
final class PlanCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    @Command(description = "Lists the plans.")
    int list() throws ConfigRefused {
        var plans = plans();
        return root.print((out, json) -> Answer.list(
                out,
                json,
                plans.byName().values().stream()
                        .sorted(Comparator.comparing(Plan::name))
                        .map(plan -> Answer.fields(
                                "plan",
                                plan.name(),
                                "sending",
                                plan.sending().allowed(),
                                "storage_bytes",
                                plan.storage().bytes(),
                                "max_message_bytes",
                                plan.maxMessageBytes()))
                        .toList()));
    }

    @Command(description = "Shows one plan.")
    int show(@Parameters(paramLabel = "PLAN") PlanName name) throws ConfigRefused {
        var plan = plans().find(name).orElseThrow(() -> new Stop(ExitCode.REFUSED, "there is no plan " + name));
        return root.print((out, json) -> Answer.show(out, json, fields(plan)));
    }

    private Plans plans() throws ConfigRefused {
        return ConfigFiles.readPlans(new ConfigFiles(root.config()).read().plans());
    }

    static Map<String, Object> fields(Plan plan) {
        return Answer.fields(
                "plan",
                plan.name(),
                "storage_bytes",
                plan.storage().bytes(),
                "max_message_bytes",
                plan.maxMessageBytes(),
                "sending",
                plan.sending().allowed(),
                "recipients_per_message",
                plan.sending().recipientsPerMessage(),
                "connections",
                connections(plan),
                "quotas",
                quotas(plan));
    }

    private static List<Map<String, Object>> connections(Plan plan) {
        return caps(plan)
                .map(entry -> Answer.fields(
                        "protocol",
                        entry.getKey().lowerCase(),
                        "per_client_address",
                        entry.getValue().perClientAddress(),
                        "per_mailbox",
                        entry.getValue().perMailbox(),
                        "per_token",
                        entry.getValue().perToken()))
                .toList();
    }

    /** The caps of the protocols that are in the plan. */
    static Stream<Map.Entry<Protocol, ConnectionCap>> caps(Plan plan) {
        return plan.protocols().entrySet().stream()
                .map(entry -> Map.entry(entry.getKey(), entry.getValue().cap()))
                .sorted(Map.Entry.comparingByKey());
    }

    private static List<Map<String, Object>> quotas(Plan plan) {
        return plan.sending().quotas().stream()
                .map(quota -> Answer.fields(
                        "per",
                        quota.subject().lowerCase(),
                        "window",
                        quota.window(),
                        "counting",
                        quota.counting().lowerCase(),
                        "max",
                        quota.max(),
                        "at_limit",
                        quota.atLimit().name().toLowerCase(Locale.ROOT)))
                .toList();
    }
}
