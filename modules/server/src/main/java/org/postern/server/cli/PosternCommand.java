package org.postern.server.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Function;
import java.util.function.ToIntFunction;
import java.util.stream.Stream;
import org.postern.accounts.MailboxInfo;
import org.postern.accounts.Outcome;
import org.postern.database.DatabaseFailure;
import org.postern.database.DatabaseUnavailable;
import org.postern.model.Address;
import org.postern.server.Administration;
import org.postern.server.CommandSession;
import org.postern.server.Transfers;
import org.postern.server.config.ConfigRefused;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ScopeType;
import picocli.CommandLine.Spec;

/** {@code postern}: the root of the command line, its options for every command, and its one way to fail. */
@Command(
        name = "postern",
        description = "Administers a Postern mail server. Works beside a running server, or without one.",
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        scope = ScopeType.INHERIT,
        versionProvider = Version.class,
        usageHelpAutoWidth = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:done",
            "1:refused: it does not exist, exists already, or is not allowed; nothing was changed",
            "2:the command line is wrong",
            "65:done in part: some messages could not be taken, each has its line",
            "69:the database cannot be reached",
            "70:a bug",
            "75:the data folder or a port is in use",
            "78:a config file is broken"
        })
public final class PosternCommand implements Runnable {
    /** In the order of the help. */
    private static final List<Class<?>> COMMANDS = List.of(
            AccountCommands.class,
            DomainCommands.class,
            MailboxCommands.class,
            AddressCommands.class,
            TokenCommands.class,
            PlanCommands.class,
            LimitsCommands.class,
            ConnectionCommands.class,
            AccessCommands.class,
            SendingCommands.class,
            QueueCommands.class,
            AuthCommands.class,
            EventCommands.class,
            ImportCommands.class,
            ExportCommands.class,
            ConfigCommands.class,
            ServeCommand.class);

    @Option(
            names = "--data",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:POSTERN_DATA:-data}",
            description = "the data folder; default ${DEFAULT-VALUE}")
    private Path data = Path.of("data");

    @Option(
            names = "--config",
            paramLabel = "DIR",
            scope = ScopeType.INHERIT,
            defaultValue = "${env:POSTERN_CONFIG:-config}",
            description = "the folder of postern.yml and plans.yml; default ${DEFAULT-VALUE}")
    private Path config = Path.of("config");

    @Option(names = "--json", scope = ScopeType.INHERIT, description = "print JSON, for machines")
    private boolean json;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private CommandSpec spec;

    PosternCommand() {}

    /**
     * Runs one command.
     *
     * @return its exit status
     */
    public static int run(String... arguments) {
        return commandLine(arguments).execute(arguments);
    }

    /**
     * Runs one command that prints elsewhere.
     *
     * @return its exit status
     */
    public static int run(PrintWriter out, PrintWriter err, String... arguments) {
        return commandLine(arguments).setOut(out).setErr(err).execute(arguments);
    }

    /** @param words begin with the one command that is needed, or all are built */
    static CommandLine commandLine(String... words) {
        var line = new CommandLine(new PosternCommand());
        commands(words).forEach(line::addSubcommand);
        Converters.register(line);
        // A folder may be called config, which is also a command.
        line.setAllowSubcommandsAsOptionParameters(true);
        line.setCaseInsensitiveEnumValuesAllowed(true);
        line.setParameterExceptionHandler(PosternCommand::wrongUsage);
        line.setExecutionExceptionHandler(PosternCommand::failed);
        return line;
    }

    /** All of them cost a short command a quarter of its time; behind the first word no other can be meant. */
    private static List<Class<?>> commands(String... words) {
        var first = Stream.of(words).limit(1).toList();
        var named = COMMANDS.stream()
                .filter(each -> first.contains(each.getAnnotation(Command.class).name()))
                .toList();
        return named.isEmpty() ? COMMANDS : named;
    }

    @Override
    public void run() {
        throw new ParameterException(spec.commandLine(), "a command is missing");
    }

    Path data() {
        return data;
    }

    Path config() {
        return config;
    }

    boolean json() {
        return json;
    }

    PrintWriter out() {
        return spec.commandLine().getOut();
    }

    PrintWriter err() {
        return spec.commandLine().getErr();
    }

    /** Runs {@code work} on the opened database and prints what it did. */
    <T> int administer(Function<Administration, Outcome<T>> work, Function<T, Printable> printed) {
        return inSession(session -> print(printed.apply(done(work.apply(session.administration())))));
    }

    /** Runs {@code work}, which prints for itself, on the opened database. */
    int inSession(ToIntFunction<CommandSession> work) {
        try (var session = CommandSession.open(config, data)) {
            return work.applyAsInt(session);
        } catch (ConfigRefused e) {
            throw new Stop(ExitCode.CONFIG, String.valueOf(e.getMessage()), e);
        }
    }

    /** Runs {@code work}, which prints for itself, on a mailbox that there is and what moves mail in and out of it. */
    int transfer(Address mailbox, TransferWork work) {
        return inSession(session -> {
            var admin = session.administration();
            var found = done(admin.mailboxes().show(mailbox));
            try (var transfers = session.transfers()) {
                return work.run(admin, found, transfers);
            }
        });
    }

    /** What one command does with a mailbox's mail. */
    @FunctionalInterface
    interface TransferWork {
        int run(Administration admin, MailboxInfo mailbox, Transfers transfers);
    }

    /** What came of a wish; a refused one ends the command. */
    static <T> T done(Outcome<T> outcome) {
        return switch (outcome) {
            case Outcome.Done<T>(var value) -> value;
            case Outcome.Failed<T>(var problem) -> throw new Stop(ExitCode.REFUSED, problem.text());
        };
    }

    int print(Printable printable) {
        printable.print(out(), json);
        out().flush();
        return ExitCode.OK.status();
    }

    /** Something that a command prints in either form. */
    @FunctionalInterface
    interface Printable {
        void print(PrintWriter out, boolean json);
    }

    private static int wrongUsage(ParameterException e, String[] arguments) {
        var line = e.getCommandLine();
        complain(line, String.valueOf(e.getMessage()));
        line.getErr().println("Try '" + line.getCommandSpec().qualifiedName() + " --help'.");
        return ExitCode.USAGE.status();
    }

    private static int failed(Exception e, CommandLine line, CommandLine.ParseResult parsed) {
        return switch (e) {
            case Stop stop -> {
                complain(line, String.valueOf(stop.getMessage()));
                yield stop.code().status();
            }
            case ConfigRefused refused -> {
                complain(line, String.valueOf(refused.getMessage()));
                yield ExitCode.CONFIG.status();
            }
            case DatabaseUnavailable away -> {
                complain(line, "the database cannot be reached: " + away.getMessage());
                yield ExitCode.UNAVAILABLE.status();
            }
            case DatabaseFailure failure -> {
                complain(line, String.valueOf(failure.getMessage()));
                yield ExitCode.UNAVAILABLE.status();
            }
            default -> {
                complain(line, "internal error: " + e);
                e.printStackTrace(line.getErr());
                yield ExitCode.BUG.status();
            }
        };
    }

    private static void complain(CommandLine line, String message) {
        message.lines().forEach(each -> line.getErr().println("postern: " + each));
        line.getErr().flush();
    }
}
