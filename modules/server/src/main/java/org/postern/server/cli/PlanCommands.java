package org.postern.server.cli;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.postern.accounts.Outcome;
import org.postern.model.Plan;
import org.postern.model.PlanName;
import org.postern.server.Administration;
import org.postern.server.config.ConfigFiles;
import org.postern.server.config.ConfigRefused;
import org.postern.server.config.ReadPlans;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern plan …}: what plans.yml says, and what another one would do. Only {@code diff} asks the database. */
@Command(name = "plan", description = "The plans of plans.yml.", subcommands = PlanOverrideCommands.class)
final class PlanCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    PosternCommand root() {
        return root;
    }

    @Command(description = "Lists the plans.")
    int list() throws ConfigRefused {
        var plans = inForce().plans();
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

    @Command(description = "Shows every key of one plan, with what it extends and the defaults.")
    int show(@Parameters(paramLabel = "PLAN") PlanName name) throws ConfigRefused {
        var keys = inForce().written().get(name);
        if (keys == null) {
            throw new Stop(ExitCode.REFUSED, "there is no plan " + name);
        }
        var fields = new LinkedHashMap<String, Object>(Answer.fields("plan", name));
        fields.putAll(keys);
        return root.print((out, json) -> Answer.show(out, json, fields));
    }

    @Command(description = "Says what is wrong with a plans file, which need not be the one in force.")
    int check(@Parameters(paramLabel = "FILE") Path file) throws ConfigRefused {
        var names = ConfigFiles.readPlans(file).names();
        return root.print((out, json) -> {
            if (json) {
                out.println(Answer.toJson(Answer.fields("ok", true, "plans", names)));
            } else {
                out.println("The file is good: " + names.size() + " plans.");
            }
        });
    }

    @Command(
            description =
                    "Says what a plans file would change, whom that concerns, and how many of those are over the new"
                            + " limits right now. Changes nothing.")
    int diff(@Parameters(paramLabel = "FILE") Path file) throws ConfigRefused {
        var now = inForce();
        var then = ConfigFiles.readWrittenPlans(file);
        return root.administer(
                admin -> Outcome.done(rows(admin, now, then)), rows -> (out, json) -> Answer.list(out, json, rows));
    }

    private static List<Map<String, Object>> rows(Administration admin, ReadPlans now, ReadPlans then) {
        var rows = new ArrayList<Map<String, Object>>();
        new PlanDiff(admin, now, then).changes().forEach(change -> rows.add(change.fields()));
        admin.overrides()
                .unfit(then.plans())
                .forEach(why -> rows.add(Answer.fields(
                        "plan",
                        "-",
                        "key",
                        "(override)",
                        "was",
                        "fits",
                        "becomes",
                        why,
                        "concerns",
                        1,
                        "over",
                        Optional.empty(),
                        "counting",
                        "overrides")));
        return rows;
    }

    private ReadPlans inForce() throws ConfigRefused {
        return ConfigFiles.readWrittenPlans(
                new ConfigFiles(root.config()).read().plans());
    }
}
