package org.postern.server.cli;

import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.postern.accounts.ConnectionInfo;
import org.postern.accounts.MailboxInfo;
import org.postern.accounts.Outcome;
import org.postern.accounts.Problem;
import org.postern.model.Address;
import org.postern.model.ConnectionId;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern connections …}: who is logged in, on all nodes. */
@Command(name = "connections", description = "The logged-in connections of all nodes.")
final class ConnectionCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    @Command(description = "Lists connections, oldest first.")
    int list(
            @Parameters(paramLabel = "ADDRESS", arity = "0..1", description = "only this mailbox's") @Nullable
                    Address address) {
        return root.administer(
                admin -> mailbox(admin.mailboxes()::show, address)
                        .map(mailbox -> admin.connections().list(mailbox.map(MailboxInfo::id))),
                all -> (out, json) -> Answer.list(
                        out, json, all.stream().map(ConnectionCommands::fields).toList()));
    }

    private static Outcome<Optional<MailboxInfo>> mailbox(
            Function<Address, Outcome<MailboxInfo>> show, @Nullable Address address) {
        return address == null
                ? Outcome.done(Optional.empty())
                : show.apply(address).map(Optional::of);
    }

    @Command(description = "Ends connections; their clients may log in again.")
    int kick(@ArgGroup(multiplicity = "1") Whom whom) {
        return root.administer(
                admin -> {
                    if (whom.address != null) {
                        return admin.connections().kick(whom.address);
                    }
                    return admin.connections().kick(new ConnectionId(Math.max(1, whom.id)))
                            ? Outcome.done(1)
                            : Outcome.failed(new Problem.Invalid("there is no connection " + whom.id));
                },
                count -> (out, json) -> Answer.show(out, json, Answer.fields("ended", count)));
    }

    /** One connection, or all of a mailbox. */
    static final class Whom {
        @Option(names = "--id", paramLabel = "ID", description = "this connection")
        long id;

        @Parameters(paramLabel = "ADDRESS", description = "all of this mailbox")
        @Nullable
        Address address;
    }

    private static Map<String, Object> fields(ConnectionInfo connection) {
        return Answer.fields(
                "id",
                connection.id().value(),
                "mailbox",
                connection.address(),
                "protocol",
                connection.protocol().lowerCase(),
                "token",
                connection.tokenName(),
                "client",
                connection.client(),
                "since",
                connection.openedAt(),
                "session",
                connection.sessionId(),
                "node",
                connection.node(),
                "counted",
                connection.counted());
    }
}
