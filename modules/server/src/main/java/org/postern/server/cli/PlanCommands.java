package org.postern.server.cli;

import java.util.List;
import java.util.Locale;
import java.util.Map;
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
                plans.values().stream()
                        .map(plan -> Answer.fields(
                                "plan",
                                plan.name(),
                                "sending",
                                plan.sending().allowed(),
                                "storage_bytes",
                                plan.storageBytes(),
                                "max_message_bytes",
                                plan.maxMessageBytes()))
                        .toList()));
    }

    @Command(description = "Shows one plan.")
    int show(@Parameters(paramLabel = "PLAN") PlanName name) throws ConfigRefused {
        var plan = plans().get(name);
        if (plan == null) {
            throw new Stop(ExitCode.REFUSED, "there is no plan " + name);
        }
        return root.print((out, json) -> Answer.show(out, json, fields(plan)));
    }

    private Map<PlanName, Plan> plans() throws ConfigRefused {
        return ConfigFiles.readPlans(new ConfigFiles(root.config()).read().plans());
    }

    static Map<String, Object> fields(Plan plan) {
        return Answer.fields(
                "plan",
                plan.name(),
                "storage_bytes",
                plan.storageBytes(),
                "max_message_bytes",
                plan.maxMessageBytes(),
                "sending",
                plan.sending().allowed(),
                "counting",
                plan.sending().counting().name().toLowerCase(Locale.ROOT),
                "recipients_per_message",
                plan.sending().recipientsPerMessage(),
                "connections",
                connections(plan),
                "quotas",
                quotas(plan));
    }

    private static List<Map<String, Object>> connections(Plan plan) {
        return plan.connections().entrySet().stream()
                .sorted(Map.Entry.<Protocol, ConnectionCap>comparingByKey())
                .map(entry -> Answer.fields(
                        "protocol",
                        entry.getKey().lowerCase(),
                        "per_client_address",
                        entry.getValue().perClientAddress(),
                        "per_mailbox",
                        entry.getValue().perMailbox()))
                .toList();
    }

    private static List<Map<String, Object>> quotas(Plan plan) {
        return plan.sending().quotas().stream()
                .map(quota -> Answer.fields(
                        "per",
                        quota.subject().name().toLowerCase(Locale.ROOT),
                        "window",
                        quota.window(),
                        "max",
                        quota.max()))
                .toList();
    }
}
