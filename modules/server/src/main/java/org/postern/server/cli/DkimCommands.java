package org.postern.server.cli;

import java.util.List;
import org.postern.accounts.Outcome;
import org.postern.delivery.dkim.DomainKey;
import org.postern.delivery.dkim.KeyState;
import org.postern.model.Domain;
import org.postern.server.Administration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern domain dkim …}: the keys that sign a domain's mail. */
@Command(name = "dkim", description = "The keys that sign a domain's mail (DKIM).")
final class DkimCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private DomainCommands domains;

    @Command(description = "Lists a domain's keys; the record of a retired one is needed until the time shown.")
    int list(@Parameters(paramLabel = "DOMAIN") Domain domain) {
        return domains.root().administer(admin -> admin.dkim().list(domain), DkimCommands::printed);
    }

    @Command(
            description =
                    "Replaces a domain's keys, in two steps: prepares new ones, whose records are to be published;"
                            + " called again once they are, lets these sign and retires the old.")
    int rotate(
            @Parameters(paramLabel = "DOMAIN") Domain domain,
            @Option(names = "--unseen", description = "the second step, though the DNS does not show the records")
                    boolean unseen) {
        return domains.root().administer(admin -> rotate(admin, domain, unseen), DkimCommands::printed);
    }

    private static Outcome<List<DomainKey>> rotate(Administration admin, Domain domain, boolean unseen) {
        return switch (admin.dkim().list(domain)) {
            case Outcome.Failed<List<DomainKey>> failed -> failed;
            case Outcome.Done<List<DomainKey>>(var keys) -> {
                if (keys.stream().noneMatch(key -> key.state() == KeyState.PREPARED)) {
                    yield admin.dkim().prepare(domain);
                }
                yield unseen
                        ? admin.dkim().activate(domain)
                        : admin.domainChecks().activateKeys(domain);
            }
        };
    }

    private static PosternCommand.Printable printed(List<DomainKey> keys) {
        return (out, json) -> Answer.list(
                out,
                json,
                keys.stream()
                        .map(key -> Answer.fields(
                                "name",
                                key.name(),
                                "algorithm",
                                key.algorithm().keyType(),
                                "state",
                                key.state().lowerCase(),
                                "needed_until",
                                key.neededUntil(),
                                "record",
                                key.record()))
                        .toList());
    }
}
