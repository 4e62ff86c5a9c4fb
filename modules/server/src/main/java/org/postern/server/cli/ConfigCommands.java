package org.postern.server.cli;

import org.postern.server.config.ConfigFiles;
import org.postern.server.config.ConfigRefused;
import picocli.CommandLine.Command;
import picocli.CommandLine.ParentCommand;

/** {@code postern config …}: needs no database. */
@Command(name = "config", description = "The config files.")
final class ConfigCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    @Command(description = "Reads postern.yml and plans.yml as a server would, and says what is wrong with them.")
    int check() throws ConfigRefused {
        var config = new ConfigFiles(root.config()).read();
        var plans = ConfigFiles.readPlans(config.plans());
        ConfigFiles.databasePassword(config.database(), System.getenv());
        ConfigFiles.events(config.events());
        ConfigFiles.spamFilter(config.spamFilter());
        ConfigFiles.smarthost(config.relay());
        return root.print((out, json) -> {
            if (json) {
                out.println(Answer.toJson(Answer.fields("ok", true, "plans", plans.names())));
            } else {
                out.println("The config is good: " + plans.names().size() + " plans.");
            }
        });
    }
}
