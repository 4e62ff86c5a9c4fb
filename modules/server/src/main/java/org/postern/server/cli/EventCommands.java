package org.postern.server.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.postern.accounts.Outcome;
import org.postern.accounts.event.RecordedEvent;
import org.postern.model.Address;
import org.postern.model.Protocol;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern event …}: what has happened that somebody may be asked about. */
@Command(
        name = "event",
        description = "What happened: caps, quotas, switches, locks and failures, by their stable names.")
final class EventCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    @Command(description = "Lists events, oldest first.")
    int list(
            @Parameters(paramLabel = "ADDRESS", arity = "0..1", description = "only those about it") @Nullable
                    Address address,
            @Option(names = "--case", paramLabel = "NAME", description = "only these, such as cap-reached") @Nullable
                    Set<String> cases,
            @Option(
                            names = "--since",
                            paramLabel = "DURATION",
                            defaultValue = "24h",
                            description = "not older than this; default ${DEFAULT-VALUE}")
                    Duration since,
            @Option(
                            names = "--max",
                            paramLabel = "N",
                            defaultValue = "1000",
                            description = "the newest so many, 1 to 10000; default ${DEFAULT-VALUE}")
                    int max) {
        var wanted = cases == null ? Set.<String>of() : cases;
        return root.administer(
                admin -> AuthCommands.query(
                                Optional.ofNullable(address),
                                wanted,
                                Instant.now().minus(since),
                                max)
                        .then(query -> Outcome.done(admin.eventLog().list(query))),
                events -> (out, json) -> Answer.list(
                        out, json, events.stream().map(EventCommands::fields).toList()));
    }

    private static Map<String, Object> fields(RecordedEvent recorded) {
        var event = recorded.event();
        return Answer.fields(
                "id",
                recorded.id(),
                "at",
                event.at(),
                "case",
                event.caseName(),
                "account",
                event.account(),
                "mailbox",
                event.mailbox(),
                "address",
                event.address(),
                "protocol",
                event.protocol().map(Protocol::lowerCase),
                "client",
                event.client(),
                "session",
                event.sessionId(),
                "detail",
                new TreeMap<>(event.detail()));
    }
}
