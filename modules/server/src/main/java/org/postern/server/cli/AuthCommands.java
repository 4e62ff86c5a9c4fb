package org.postern.server.cli;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.postern.accounts.Outcome;
import org.postern.accounts.Problem;
import org.postern.accounts.event.EventLog;
import org.postern.accounts.event.RecordedEvent;
import org.postern.model.Address;
import org.postern.model.Protocol;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern auth …}: why logins fail. */
@Command(name = "auth", description = "Logins that failed, and why: what a refusal does not tell a stranger.")
final class AuthCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    @Command(
            description = {
                "Lists the failed logins of an address, whether somebody has it or not, oldest first.",
                "The session is the one that the person saw in the greeting or error, and the one of the log lines."
            })
    int log(
            @Parameters(paramLabel = "ADDRESS") Address address,
            @Option(
                            names = "--since",
                            paramLabel = "DURATION",
                            defaultValue = "24h",
                            description = "not older than this; default ${DEFAULT-VALUE}")
                    Duration since) {
        return root.administer(
                admin -> query(
                                Optional.of(address),
                                EventLog.LOGIN_FAILURES,
                                Instant.now().minus(since),
                                EventLog.MAX_LISTED)
                        .then(query -> Outcome.done(admin.eventLog().list(query))),
                events -> (out, json) -> Answer.list(
                        out, json, events.stream().map(AuthCommands::fields).toList()));
    }

    /** The question, or why it cannot be asked. */
    static Outcome<EventLog.Query> query(Optional<Address> address, Set<String> cases, Instant since, int max) {
        try {
            return Outcome.done(new EventLog.Query(address, cases, since, max));
        } catch (IllegalArgumentException e) {
            return Outcome.failed(new Problem.Invalid(String.valueOf(e.getMessage())));
        }
    }

    private static Map<String, Object> fields(RecordedEvent recorded) {
        var event = recorded.event();
        var detail = event.detail();
        return Answer.fields(
                "at",
                event.at(),
                "case",
                event.caseName(),
                "reason",
                Optional.ofNullable(detail.get("reason")),
                "protocol",
                event.protocol().map(Protocol::lowerCase),
                "client",
                event.client(),
                "session",
                event.sessionId(),
                "token",
                Optional.ofNullable(detail.get("token")),
                "delay_ms",
                Optional.ofNullable(detail.get("delay_ms")),
                "repeated",
                Optional.ofNullable(detail.get("repeated")));
    }
}
