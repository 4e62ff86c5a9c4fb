package org.postern.server.cli;

import java.io.PrintWriter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.postern.accounts.AccountName;
import org.postern.accounts.DomainInfo;
import org.postern.accounts.Outcome;
import org.postern.delivery.domains.DnsRecord;
import org.postern.delivery.domains.DnsRecord.Purpose;
import org.postern.delivery.domains.DomainChecks;
import org.postern.delivery.domains.Finding;
import org.postern.model.Address;
import org.postern.model.Domain;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.ParentCommand;

/** {@code postern domain …}: the mail domains of accounts. */
@Command(name = "domain", description = "The mail domains of accounts.", subcommands = DkimCommands.class)
final class DomainCommands extends CommandGroup {
    @ParentCommand
    @SuppressWarnings("NullAway.Init") // picocli sets it before any method is called.
    private PosternCommand root;

    PosternCommand root() {
        return root;
    }

    @Command(description = "Gives a domain to an account.")
    int add(
            @Parameters(paramLabel = "DOMAIN") Domain domain,
            @Option(names = "--account", paramLabel = "NAME", required = true) AccountName account) {
        return root.administer(admin -> admin.domains().add(account, domain), DomainCommands::printed);
    }

    @Command(description = "Lists domains.")
    int list(
            @Option(names = "--account", paramLabel = "NAME", description = "only this account's") @Nullable
                    AccountName account) {
        return root.administer(
                admin -> admin.domains().list(Optional.ofNullable(account)),
                all -> (out, json) -> Answer.list(
                        out, json, all.stream().map(DomainCommands::fields).toList()));
    }

    @Command(name = "catch-all", description = "Says who gets the mail of the domain's addresses that nobody has.")
    int catchAll(@Parameters(paramLabel = "DOMAIN") Domain domain, @ArgGroup(multiplicity = "1") CatchAll target) {
        return root.administer(
                admin -> admin.domains().catchAll(domain, Optional.ofNullable(target.mailbox)),
                DomainCommands::printed);
    }

    @Command(description = "Prints the records that a domain's DNS should have, as lines of a zone file.")
    int dns(@Parameters(paramLabel = "DOMAIN") Domain domain) {
        return root.administer(admin -> zone(admin.domainChecks(), domain), zone -> (out, json) -> {
            if (json) {
                Answer.list(
                        out,
                        true,
                        zone.records().stream().map(DomainCommands::fields).toList());
            } else {
                printZone(out, zone);
            }
        });
    }

    /** @param policy what MTA-STS wants served by HTTPS */
    private record Zone(List<DnsRecord> records, String policy) {}

    private static Outcome<Zone> zone(DomainChecks checks, Domain domain) {
        return switch (checks.records(domain)) {
            case Outcome.Done<List<DnsRecord>>(var records) -> Outcome.done(new Zone(records, checks.mtaStsPolicy()));
            case Outcome.Failed<List<DnsRecord>>(var problem) -> Outcome.failed(problem);
        };
    }

    private static void printZone(PrintWriter out, Zone zone) {
        Optional<Purpose> before = Optional.empty();
        for (var record : zone.records()) {
            if (!before.equals(Optional.of(record.purpose()))) {
                out.println("; " + title(record.purpose()));
                if (record.purpose() == Purpose.MTA_STS) {
                    zone.policy().lines().forEach(line -> out.println(";   " + line));
                }
                before = Optional.of(record.purpose());
            }
            out.println(record.zoneLine());
        }
    }

    private static String title(Purpose purpose) {
        return switch (purpose) {
            case MX -> "Mail for the domain comes here.";
            case SPF -> "SPF: who sends its mail. A domain has one such record: join it with what is there.";
            case DKIM -> "DKIM: the keys that sign its mail.";
            case DMARC -> "DMARC: what becomes of mail that only pretends to be from it.";
            case TLS_REPORTS -> "Optional: where other servers report failures of TLS to.";
            case MTA_STS -> "Optional: MTA-STS, once https://mta-sts.DOMAIN/.well-known/mta-sts.txt has these lines:";
            case SERVICES -> "Optional: mail apps find the server.";
            case AUTOCONFIG -> "Optional: mail apps find their settings.";
        };
    }

    @Command(
            description = "Compares a domain's DNS with what it should have, and keeps the verdict.",
            exitCodeList = {"0:verified", "1:not verified"})
    int check(@Parameters(paramLabel = "DOMAIN") Domain domain) {
        var verified = new AtomicBoolean();
        root.administer(admin -> admin.domainChecks().check(domain), checked -> (out, json) -> {
            verified.set(checked.verdict().verified());
            if (json) {
                Answer.show(out, true, fields(checked));
            } else {
                printChecked(out, checked);
            }
        });
        return (verified.get() ? ExitCode.OK : ExitCode.REFUSED).status();
    }

    private static void printChecked(PrintWriter out, DomainChecks.Checked checked) {
        var verdict = checked.verdict();
        out.println(verdict.domain() + (verdict.verified() ? " is verified." : " is not verified."));
        for (var finding : checked.findings()) {
            var record = finding.record();
            var name = record.purpose() + " " + record.name();
            if (finding.state() == Finding.State.PRESENT) {
                out.println("  ok         " + name);
                continue;
            }
            out.println((record.purpose().isRequired() ? "! " : "  ")
                    + finding.state().name().toLowerCase(Locale.ROOT) + "  " + name);
            finding.found().forEach(found -> out.println("             found   " + found));
            out.println("             wanted  " + record.zoneLine());
        }
    }

    private static Map<String, Object> fields(DomainChecks.Checked checked) {
        var verdict = checked.verdict();
        return Answer.fields(
                "domain",
                verdict.domain(),
                "verified",
                verdict.verified(),
                "checked_at",
                verdict.checkedAt(),
                "records",
                checked.findings().stream().map(DomainCommands::fields).toList());
    }

    private static Map<String, Object> fields(Finding finding) {
        var record = finding.record();
        return Answer.fields(
                "purpose",
                record.purpose().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                "state",
                finding.state().name().toLowerCase(Locale.ROOT),
                "required",
                record.purpose().isRequired(),
                "name",
                record.name(),
                "type",
                record.type(),
                "wanted",
                record.value(),
                "found",
                finding.found());
    }

    private static Map<String, Object> fields(DnsRecord record) {
        return Answer.fields(
                "purpose",
                record.purpose().name().toLowerCase(Locale.ROOT).replace('_', '-'),
                "required",
                record.purpose().isRequired(),
                "name",
                record.name(),
                "type",
                record.type(),
                "value",
                record.value());
    }

    /** A mailbox, or nobody. */
    static final class CatchAll {
        @Option(names = "--to", paramLabel = "ADDRESS", description = "this mailbox")
        @Nullable
        Address mailbox;

        @Option(names = "--off", description = "nobody")
        boolean off;
    }

    private static PosternCommand.Printable printed(DomainInfo domain) {
        return (out, json) -> Answer.show(out, json, fields(domain));
    }

    private static Map<String, Object> fields(DomainInfo domain) {
        return Answer.fields(
                "domain",
                domain.domain(),
                "account_id",
                domain.account().value(),
                "catch_all_mailbox_id",
                domain.catchAll().map(mailbox -> mailbox.value()),
                "created_at",
                domain.createdAt());
    }
}
